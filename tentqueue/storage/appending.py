"""How rows get into the journal: each as its event's next, and nothing past one that failed.

It runs on the writer's thread, inside the transaction of a group, and never looks inside a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import cast

from sqlalchemy import bindparam, func, select

from tentqueue.storage.errors import Clash, JournalConflict, RowRefused, UnknownEvent
from tentqueue.storage.insertion import Insertion, insert_all
from tentqueue.storage.record import Record, SideWrite
from tentqueue.storage.schema import journal as journal_table
from tentqueue.storage.statement import Statement, Value
from tentqueue.storage.transaction import Transaction

_append = Statement(journal_table.insert())
LAST_NUMBER = Statement(
    select(func.max(journal_table.c.number)).where(journal_table.c.event == bindparam("of_event"))
)
_LARGEST_ROWS = 32


class Line:
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
class Submitted:
    """A row on its way, and how often its line had failed when it was submitted."""

    event: str
    record: Record
    side: Sequence[SideWrite]
    line: Line
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
        """Closes the line behind this row: it was not kept."""
        self.line.break_off(self.failures)


def append_together(entries: list[Submitted], transaction: Transaction) -> list[int] | None:
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


def _follow(entries: list[Submitted], transaction: Transaction) -> bool:
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
        found = transaction.rows(LAST_NUMBER, of_event=event)[0][0]
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
    }
