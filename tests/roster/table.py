"""A roster that lives in memory and merges as the database does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.roster.check import Check, Choices, check
from tentqueue.services.roster.listed import Listed, RosterCount
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.taking import take
from tests.cast import race


class Memory:
    """The table; `writes` counts how often something was put in."""

    def __init__(self) -> None:
        self.lines: dict[str, Listed] = {}
        self.writes = 0
        self.gone: frozenset[str] = frozenset()

    def find(self, event: str, bibs: Sequence[str]) -> dict[str, Listed]:
        """What is known of these bibs."""
        return {bib: self.lines[bib] for bib in bibs if bib in self.lines}

    def erased(self, event: str, bibs: Sequence[str]) -> frozenset[str]:
        """Which of them asked to be erased."""
        return self.gone.intersection(bibs)

    def put(self, event: str, lines: Sequence[Listed]) -> None:
        """Keep lines."""
        self.writes += 1
        for line in lines:
            self.lines[line.bib] = line.after(self.lines.get(line.bib))

    def count(self, event: str) -> RosterCount:
        """How many there are."""
        return RosterCount(len(self.lines), 0, 0)

    def forget(self, event: str) -> None:
        """Drop them."""
        self.lines.clear()


def looked(
    path: Path,
    kind: Kind = Kind.RESULTS,
    table: Memory | None = None,
    event: RaceEvent | None = None,
    **chosen: str,
) -> Check:
    """Check a file for the cast's race."""
    return check(path, event or race(), Choices(kind, chosen), table or Memory())


def taken(
    path: Path, kind: Kind, table: Memory, event: RaceEvent | None = None, **chosen: str
) -> Check:
    """Check a file and take it."""
    found = looked(path, kind, table, event, **chosen)
    take(found, table, "riverside-half")
    return found
