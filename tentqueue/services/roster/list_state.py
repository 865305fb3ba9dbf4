"""How it stands with an uploaded list, as its page shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tentqueue.domain.model import Instant
from tentqueue.services.roster.check import Check
from tentqueue.services.roster.listed import Listed, RosterCount
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.telling import noted

Tell = Callable[[str], str]


class Step(StrEnum):
    """Where a list is."""

    KEPT = "kept"
    READING = "reading"
    READ = "read"
    TAKING = "taking"
    TAKEN = "taken"
    FAILED = "failed"


@dataclass(frozen=True)
class ShownColumn:
    """One column: its number from 1, its header, and what it means; "" is dropped."""

    number: int
    header: str
    meaning: str


@dataclass(frozen=True)
class ShownProblem:
    """A row that is left out."""

    line: int
    field: str
    sentence: str


@dataclass(frozen=True)
class ShownLine:
    """A row as it was understood, for the eye to check."""

    bib: str
    name: str | None
    wave: str | None
    finished_at: Instant | None
    outcome: str | None


@dataclass(frozen=True)
class Counts:
    """What a list changes."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    erased: int = 0


@dataclass(frozen=True)
class ListState:
    """How it stands with a list; `rows` are done in the present step, `released` could be called
    because of it."""

    file: str
    kind: Kind
    size: int
    step: Step = Step.KEPT
    rows: int = 0
    sentence: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[ShownColumn, ...] = ()
    counts: Counts = field(default_factory=Counts)
    problems: tuple[ShownProblem, ...] = ()
    notes: tuple[str, ...] = ()
    samples: tuple[ShownLine, ...] = ()
    released: int = 0
    roster: RosterCount | None = None
    """What the roster has, once the list is taken."""

    def with_headers(self, headers: list[str]) -> ListState:
        """With columns of which nothing is known."""
        return replace(self, columns=_columns(headers, {}))


def shown(found: Check, state: ListState, tell: Tell) -> ListState:
    """What a check found, in the reader's language."""
    return replace(
        state,
        step=Step.READ,
        rows=found.rows,
        encoding=found.shape.encoding,
        delimiter=found.shape.delimiter,
        columns=_columns(found.headers, found.columns),
        counts=Counts(
            found.rows, found.new, found.changed, found.unchanged, found.wrong, found.erased
        ),
        problems=tuple(ShownProblem(p.line, p.field, tell(p.sentence)) for p in found.problems),
        notes=tuple(tell(sentence) for sentence in noted(found)),
        samples=tuple(_line(listed) for listed in found.samples),
    )


def _columns(headers: list[str], meanings: Mapping[int, object]) -> tuple[ShownColumn, ...]:
    return tuple(
        ShownColumn(number + 1, header.strip()[:60], str(meanings.get(number, "")))
        for number, header in enumerate(headers[:60])
    )


def _line(listed: Listed) -> ShownLine:
    outcome = str(listed.outcome) if listed.outcome else None
    return ShownLine(listed.bib, listed.name, listed.wave, listed.finished_at, outcome)
