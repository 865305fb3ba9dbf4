"""The journal: one row a command, numbered from 1 without gap or repeat, and the events it is for.

A row is the command's events, its actor, the tent's version and the idempotency key in one, so
they can never disagree. It never looks inside what it keeps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sqlalchemy import bindparam, func, select, update

from tentqueue.storage.connection import Reader
from tentqueue.storage.errors import (
    Clash,
    EventExists,
    JournalConflict,
    UnknownEvent,
)
from tentqueue.storage.pending import Pending
from tentqueue.storage.schema import events as events_table
from tentqueue.storage.schema import journal as journal_table
from tentqueue.storage.statement import Statement
from tentqueue.storage.writer import Transaction, Writer

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
_create = Statement(events_table.insert())
_update = Statement(
    update(events_table)
    .where(events_table.c.slug == bindparam("of_slug"))
    .values(definition=bindparam("new_definition"), updated_at=bindparam("now"))
)
_event_fields = select(*events_table.c)
_get_event = Statement(_event_fields.where(events_table.c.slug == bindparam("of_slug")))
_list_events = Statement(_event_fields.order_by(events_table.c.created_at, events_table.c.slug))


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


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A race weekend as its organiser wrote it (JSON), and when, in microseconds UTC."""

    slug: str
    definition: bytes
    created_at: int
    updated_at: int


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


class Journal:
    """Appends commands' rows in order and reads them back."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader
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
        failures = line.failures
        append = partial(_append_in_order, event, record, tuple(side), line, failures)
        return self._writer.submit(append, on_error=partial(line.break_off, failures))

    def reopen(self, event: str) -> None:
        """Lets rows pass again after a failure; call it when the tail has been read."""
        self._lines.setdefault(event, _Line()).broken = False

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

    def create_event(self, slug: str, definition: bytes, at: int) -> None:
        """Keeps a new event's definition (JSON).

        Raises: EventExists.
        """

        def create(transaction: Transaction) -> None:
            try:
                transaction.run(
                    _create, slug=slug, definition=definition, created_at=at, updated_at=at
                )
            except sqlite3.IntegrityError:
                raise EventExists(f"event {slug!r} exists already") from None

        self._writer.submit(create).wait()

    def update_event(self, slug: str, definition: bytes, at: int) -> None:
        """Replaces an event's definition.

        Raises: UnknownEvent.
        """

        def replace(transaction: Transaction) -> None:
            changed = transaction.run(_update, of_slug=slug, new_definition=definition, now=at)
            if not changed.rowcount:
                raise UnknownEvent(f"there is no event {slug!r}")

        self._writer.submit(replace).wait()

    def get_event(self, slug: str) -> StoredEvent | None:
        """One event's definition."""
        row = self._reader.first(_get_event, of_slug=slug)
        return StoredEvent(*row) if row else None

    def list_events(self) -> list[StoredEvent]:
        """Every event, the oldest first."""
        return [StoredEvent(*row) for row in self._reader.rows(_list_events)]


def _append_in_order(
    event: str,
    record: Record,
    side: tuple[SideWrite, ...],
    line: _Line,
    failures: int,
    transaction: Transaction,
) -> int:
    if line.broken or line.failures != failures:
        raise JournalConflict(Clash.BEHIND_FAILURE, event, record.number)
    try:
        _append_next(event, record, transaction)
        for change in side:
            change.write(transaction)
    except Exception:
        line.break_off(failures)
        raise
    transaction.last_numbers[event] = record.number
    return record.number


def _append_next(event: str, record: Record, transaction: Transaction) -> None:
    last = transaction.last_numbers.get(event)
    if last is None:
        last = int(transaction.rows(_last_number, of_event=event)[0][0] or 0)
    if record.number != last + 1:
        clash = Clash.GAP if record.number > last else Clash.NUMBER_TAKEN
        raise JournalConflict(clash, event, record.number)
    try:
        _insert(event, record, transaction)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            raise UnknownEvent(f"there is no event {event!r}") from None
        raise JournalConflict(Clash.KEY_TAKEN, event, record.number) from None


def _insert(event: str, record: Record, transaction: Transaction) -> None:
    transaction.run(
        _append,
        event=event,
        number=record.number,
        at=record.at,
        events=record.events,
        actor=record.actor,
        key=record.key,
        digest=record.digest,
        answer=record.answer,
        status=record.status,
    )
