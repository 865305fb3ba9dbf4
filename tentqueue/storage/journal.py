"""The journal: one row a command, numbered from 1 without gap or repeat, and the events it is for.

A row is the command's events, its actor, the tent's version and the idempotency key in one, so
they can never disagree. It never looks inside what it keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import bindparam, func, select

from tentqueue.storage.connection import Reader
from tentqueue.storage.errors import (
    Clash,
    JournalConflict,
    RowRefused,
    UnknownEvent,
)
from tentqueue.storage.event_files import EventFiles
from tentqueue.storage.insertion import Insertion, insert_all
from tentqueue.storage.pending import Pending
from tentqueue.storage.schema import journal as journal_table
from tentqueue.storage.statement import Statement, Value
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

_PAGE = 500

_append = Statement(journal_table.insert())
_last_number = Statement(
    select(func.max(journal_table.c.number)).where(journal_table.c.event == bindparam("of_event"))
)
_fields = [
    journal_table.c[name]
    for name in ("number", "at", "events", "actor", "key", "digest", "answer", "status")
]
_tail = Statement(
    select(*_fields)
    .where(journal_table.c.event == bindparam("of_event"))
    .where(journal_table.c.number > bindparam("since"))
    .order_by(journal_table.c.number)
    .limit(bindparam("at_most"))
)
_by_key = Statement(
    select(*_fields)
    .where(journal_table.c.event == bindparam("of_event"))
    .where(journal_table.c.key == bindparam("with_key"))
)


@dataclass(frozen=True, slots=True)
class Record:
    """One journal row: everything one command did.

    `at` is in microseconds UTC; `events` is a JSON array; `digest` is of the request's body, so
    that another body under the same `key` can be told; `answer` and `status` are what was sent.
    """

    number: int
    at: int
    events: bytes
    actor: str
    key: str | None = None
    digest: bytes | None = None
    answer: bytes | None = None
    status: int | None = None


class SideWrite(Protocol):
    """A change of the people table that belongs to one journal row, kept or lost with it."""

    def write(self, transaction: Transaction) -> None:
        """Makes the change inside the row's transaction."""


class _Line:
    """One event's queue of entries: after a failure nothing that was decided behind it may pass."""

    __slots__ = ("broken", "failures")

    def __init__(self) -> None:
        self.broken = False
        self.failures = 0

    def break_off(self, failures: int) -> None:
        """Closes the line behind an entry that was submitted after so many failures; an entry
        that is left over from before a reopening closes nothing."""
        if self.failures == failures:
            # In this order: whoever reads the new count must find the line broken already.
            self.broken = True
            self.failures += 1

    def mend(self) -> None:
        """Opens the line for what is submitted from now on. What was decided behind the failure
        and is still queued must not pass: its number may fit by chance."""
        self.failures += 1
        self.broken = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row on its way, and how often its line had failed when it was submitted."""

    event: str
    record: Record
    side: Sequence[SideWrite]
    line: _Line
    failures: int

    @property
    def passes(self) -> bool:
        """Whether nothing before it has failed."""
        return not self.line.broken and self.line.failures == self.failures

    def __call__(self, transaction: Transaction) -> int:
        """Keeps the row and what belongs to it. Raises: JournalConflict, UnknownEvent."""
        if not self.passes:
            raise JournalConflict(Clash.BEHIND_FAILURE, self.event, self.record.number)
        try:
            with transaction.undone_alone() if self.side else nullcontext():
                _append_next(self.event, self.record, transaction)
                for change in self.side:
                    change.write(transaction)
        except Exception:
            self.lose()
            raise
        transaction.last_numbers[self.event] = self.record.number
        transaction.appended[self.event] = self.record.number
        return self.record.number

    def lose(self) -> None:
        self.line.break_off(self.failures)


class Journal(EventFiles):
    """Appends commands' rows in order and reads them back; keeps the events they belong to."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        super().__init__(writer, reader)
        self._lines: dict[str, _Line] = {}

    def submit(self, event: str, record: Record, side: Sequence[SideWrite] = ()) -> Pending[int]:
        """Queues one row, with its changes to the people table; they are kept together or not.

        `record.number` must follow the event's last row. Several rows of an event may be out at
        once. When one fails, every row submitted behind it fails with `Clash.BEHIND_FAILURE`, and
        so does each later one, until `reopen`: fold the tail first, and decide again.
        `wait()` gives the number, once it is on the disk.

        Raises (from `wait`): JournalConflict, JournalFull, JournalUnavailable, UnknownEvent.
        """
        line = self._lines.setdefault(event, _Line())
        entry = _Entry(event, record, side, line, line.failures)
        alike = all(isinstance(change, Insertion) for change in side)
        together = _append_together if alike else None
        return self._writer.submit(entry, on_error=entry.lose, together=together)

    def reopen(self, event: str) -> None:
        """Lets rows pass again after a failure; call it when the tail has been read, and let nobody
        submit meanwhile."""
        self._lines.setdefault(event, _Line()).mend()

    def baton(self, event: str) -> Any:
        """What lets one worker write at a time to an event; None where there is only one."""
        return self._reader.baton(event)

    def read(self, event: str, since: int = 0, limit: int | None = None) -> Iterator[Record]:
        """Rows after number `since`, in order; read in pages, so a writer is never held up."""
        left = limit
        while left is None or left > 0:
            at_most = _PAGE if left is None else min(_PAGE, left)
            page = self._reader.rows(_tail, of_event=event, since=since, at_most=at_most)
            for row in page:
                yield Record(*row)
            if len(page) < at_most:
                return
            since = page[-1][0]
            left = None if left is None else left - len(page)

    def last_number(self, event: str) -> int:
        """The number of the event's last row; 0 before the first."""
        return int(self._reader.rows(_last_number, of_event=event)[0][0] or 0)

    def answer(self, event: str, key: str) -> Record | None:
        """The row that an idempotency key was used for."""
        row = self._reader.first(_by_key, of_event=event, with_key=key)
        return Record(*row) if row else None


_LARGEST_ROWS = 32


def _append_together(entries: list[_Entry], transaction: Transaction) -> list[int] | None:
    """Keeps rows that follow each other, and what belongs to them, by one statement for each table;
    None, and nothing kept, if any can't."""
    if len(entries) > _LARGEST_ROWS or not _follow(entries, transaction):
        return None
    rows = [_row(entry.event, entry.record) for entry in entries]
    beside = [change for entry in entries for change in entry.side]
    try:
        with transaction.undone_alone() if beside else nullcontext():
            transaction.run_all(_append, rows)
            insert_all(cast(list[Insertion], beside), transaction)
    except RowRefused:
        # One of them has a key that was used: each alone tells which.
        return None
    kept = {entry.event: entry.record.number for entry in entries}
    transaction.last_numbers |= kept
    transaction.appended |= kept
    return [entry.record.number for entry in entries]


def _follow(entries: list[_Entry], transaction: Transaction) -> bool:
    """Whether each row is its event's next."""
    ahead: dict[str, int] = {}
    for entry in entries:
        last = ahead.get(entry.event)
        if last is None:
            last = _last(entry.event, transaction)
        if not entry.passes or entry.record.number != last + 1:
            return False
        ahead[entry.event] = entry.record.number
    return True


def _last(event: str, transaction: Transaction) -> int:
    """The event's last number, as the group has left it."""
    last = transaction.last_numbers.get(event)
    if last is None:
        found = transaction.rows(_last_number, of_event=event)[0][0]
        last = transaction.last_numbers[event] = int(found or 0)
    return last


def _append_next(event: str, record: Record, transaction: Transaction) -> None:
    last = _last(event, transaction)
    if record.number != last + 1:
        clash = Clash.GAP if record.number > last else Clash.NUMBER_TAKEN
        raise JournalConflict(clash, event, record.number)
    try:
        transaction.run(_append, **_row(event, record))
    except RowRefused as refused:
        if refused.refers_to_nothing:
            raise UnknownEvent(f"there is no event {event!r}") from None
        raise JournalConflict(Clash.KEY_TAKEN, event, record.number) from None


def _row(event: str, record: Record) -> dict[str, Value]:
    return {
        "event": event,
        "number": record.number,
        "at": record.at,
        "events": record.events,
        "actor": record.actor,
        "key": record.key,
        "digest": record.digest,
        "answer": record.answer,
        "status": record.status,
    }
