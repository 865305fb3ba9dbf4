"""One line of the roster, and the table it lives in, apart from the journal (rule 31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tentqueue.domain.model import Instant
from tentqueue.services.text import cut, plain

LONGEST_BIB = 16
LONGEST_NAME = 24


class Outcome(StrEnum):
    """Why a runner has no finish time."""

    DNF = "dnf"
    DNS = "dns"
    DSQ = "dsq"


STOPPED = frozenset({Outcome.DNF, Outcome.DSQ})
"""On the course once, and no finish will come."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What timing systems said of a bib; None is what none has said yet.

    `wave` is a wave's id, `started_at` the runner's own start, `finished_at` the finish of day.
    """

    bib: str
    name: str | None = None
    contest: str | None = None
    wave: str | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None
    outcome: Outcome | None = None

    def after(self, before: Listed | None) -> Listed:
        """Put what is new over what was known: silence takes nothing back, an outcome takes the
        finish, a finish the outcome."""
        if before is None:
            return self
        said = self.finished_at is not None or self.outcome is not None
        return Listed(
            self.bib,
            self.name or before.name,
            self.contest or before.contest,
            self.wave or before.wave,
            self.started_at or before.started_at,
            self.finished_at if said else before.finished_at,
            self.outcome if said else before.outcome,
        )


@dataclass(frozen=True, slots=True)
class RosterCount:
    """How much of an event's roster there is."""

    listed: int
    with_wave: int
    finished: int


class RosterTable(Protocol):
    """The roster as storage offers it."""

    def find(self, event: str, bibs: Sequence[str]) -> dict[str, Listed]: ...
    def erased(self, event: str, bibs: Sequence[str]) -> frozenset[str]: ...
    def put(self, event: str, lines: Sequence[Listed]) -> None: ...
    def count(self, event: str) -> RosterCount: ...
    def forget(self, event: str) -> None: ...


def bib_of(text: str) -> str:
    """A bib as text, letters large, leading zeros kept. Raises: TooLong."""
    return plain(text, LONGEST_BIB).upper()


def name_of(*parts: str) -> str | None:
    """A name cut to what a line can show; None for none."""
    whole = " ".join(part for part in parts if part)
    return cut(whole, LONGEST_NAME).rstrip() or None
