"""A journal from its first line: numbers without gap or repeat, one fold, keys and codes used once,
and every step legal (invariants 2 to 7). It reads a journal; it never opens one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from tentqueue.domain import fold
from tentqueue.domain.events import RunnerJoined
from tentqueue.domain.evolution import evolve
from tentqueue.domain.tent import Entry, Tent
from tentqueue.services.invariants.broken import Broken
from tentqueue.services.invariants.steps import check_step
from tentqueue.services.invariants.tent import check_tent
from tentqueue.services.ledger import Line

MOST_TOLD = 100
"""A journal with more wrong in it than this is not read on."""


@dataclass
class Looked:
    """A journal that was looked through: the tent at its end, what is broken, and the tents at the
    versions that were asked for."""

    tent: Tent
    broken: list[Broken] = field(default_factory=list)
    tents: dict[int, Tent] = field(default_factory=dict)
    keys: dict[str, Line] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)

    def take(self, line: Line, keep: bool) -> None:
        """Look at the next line, and go on to the tent after it."""
        found = list(self._line(line))
        self.broken += [replace(each, number=line.entry.number) for each in found]
        if keep:
            self.tents[self.tent.version] = self.tent

    def _line(self, line: Line) -> Iterator[Broken]:
        entry, before = line.entry, self.tent
        if entry.number != before.version + 1:
            yield Broken(5, f"entry {entry.number} comes after entry {before.version}")
        if before.version and entry.at < before.now:
            yield Broken(5, "its time is before the last entry's")
        if line.key is not None:
            if line.key in self.keys:
                yield Broken(2, "one idempotency key, two entries")
            self.keys[line.key] = line
        yield from self._ids_of(entry)
        yield from self._steps(entry)
        yield from check_tent(self.tent)

    def _ids_of(self, entry: Entry) -> Iterator[Broken]:
        for event in entry.events:
            if isinstance(event, RunnerJoined):
                ticket = event.ticket
                if self._ids.setdefault(ticket.id, ticket.code) != ticket.code:
                    yield Broken(6, "two tickets have one id")

    def _steps(self, entry: Entry) -> Iterator[Broken]:
        """Every event's step; then the whole fold, which must come to the same and leave the tent
        before it as it was."""
        before, tent = self.tent, self.tent
        remembered = (
            before.open.each(lambda ticket: ticket),
            dict(before.lanes),
            dict(before.therapists),
        )
        for event in entry.events:
            after = evolve(tent, event)
            yield from check_step(tent, event, after, entry.actor)
            tent = after
        self.tent = fold(before, entry)
        if _parts(tent) != _parts(self.tent):
            yield Broken(5, "folding it twice gives two tents")
        if remembered != (before.open, before.lanes, before.therapists):
            yield Broken(5, "folding it changes the tent before it")


def check_journal(slug: str, lines: Iterable[Line], keep: Collection[int] = ()) -> Looked:
    """Fold an event's journal and find all that is broken; `keep` are versions whose tents the
    caller wants."""
    looked = Looked(Tent.unopened(slug))
    for line in lines:
        try:
            looked.take(line, line.entry.number in keep)
        except (KeyError, ValueError, AssertionError, StopIteration, RuntimeError) as wrong:
            what = f"it can't be folded ({type(wrong).__name__}: {wrong})"
            looked.broken.append(Broken(5, what, line.entry.number))
            return looked
        if len(looked.broken) > MOST_TOLD:
            return looked
    return looked


def same_tent(one: Tent, other: Tent) -> bool:
    """Whether two tents hold the same, closed tickets included."""
    return _parts(one) == _parts(other) and dict(one.closed) == dict(other.closed)


def _parts(tent: Tent) -> tuple[object, ...]:
    return (tent.open, tent.therapists, tent.lanes, tent.counts, tent.announcement, tent.event)
