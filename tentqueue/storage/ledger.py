"""One event's journal as the race day wants it: entries in, entries out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from tentqueue.services.ledger import Line, LineTaken, StorageBusy, StorageFull
from tentqueue.services.rounds import Baton
from tentqueue.storage.entries import encode_events, entry_of, micros
from tentqueue.storage.errors import JournalConflict, JournalFull, JournalUnavailable
from tentqueue.storage.journal import Journal
from tentqueue.storage.pending import Pending
from tentqueue.storage.record import Record, SideWrite


class EventLedger:
    """The journal of the event `slug`."""

    def __init__(
        self, journal: Journal, slug: str, timed: Callable[[float], None] | None = None
    ) -> None:
        self._journal, self._slug, self._timed = journal, slug, timed

    def append(self, line: Line, side: Sequence[SideWrite] = ()) -> Committing:
        """Queue a line and the people rows that belong to it."""
        entry = line.entry
        record = Record(
            entry.number,
            micros(entry.at),
            encode_events(entry.events),
            entry.actor,
            line.key,
            line.digest,
            line.answer,
        )
        return Committing(self._journal.submit(self._slug, record, side), self._timed)

    def tail(self, since: int) -> Iterator[Line]:
        """Read the durable lines after `since`."""
        return (_line(record) for record in self._journal.read(self._slug, since))

    def answered(self, key: str) -> Line | None:
        """Find the line of an idempotency key."""
        record = self._journal.answer(self._slug, key)
        return None if record is None else _line(record)

    def baton(self) -> Baton | None:
        """What lets one worker write at a time."""
        baton: Baton | None = self._journal.baton(self._slug)
        return baton

    def reopen(self) -> None:
        """Let lines pass again after a failure."""
        self._journal.reopen(self._slug)


class Committing:
    """A line on its way; says no in the services' words."""

    def __init__(self, pending: Pending[int], timed: Callable[[float], None] | None = None) -> None:
        self._pending, self._timed, self._began = pending, timed, perf_counter()

    def wait(self) -> None:
        """Return once durable. Raises: LineTaken, StorageFull, StorageBusy."""
        try:
            self._pending.wait()
            if self._timed is not None:
                self._timed(perf_counter() - self._began)
                self._timed = None
        except JournalConflict as conflict:
            raise LineTaken(str(conflict)) from None
        except JournalFull as full:
            raise StorageFull(str(full)) from None
        except JournalUnavailable as gone:
            raise StorageBusy(str(gone)) from None


def _line(record: Record) -> Line:
    entry = entry_of(record.number, record.at, record.actor, record.events)
    return Line(entry, record.key, record.digest, record.answer)
