"""The journal: one row a command, numbered from 1 without gap or repeat, and the events it is for.

A row is the command's events, its actor, the tent's version and the idempotency key in one, so
they can never disagree. It never looks inside what it keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from tentqueue.storage.appending import LAST_NUMBER, Line, Submitted, append_together
from tentqueue.storage.connection import Reader
from tentqueue.storage.event_files import EventFiles
from tentqueue.storage.insertion import Insertion
from tentqueue.storage.pending import Pending
from tentqueue.storage.record import Record, SideWrite
from tentqueue.storage.schema import journal as journal_table
from tentqueue.storage.statement import Statement
from tentqueue.storage.writer import Writer

_PAGE = 500

_fields = [
    journal_table.c[name] for name in ("number", "at", "events", "actor", "key", "digest", "answer")
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


class Journal(EventFiles):
    """Appends commands' rows in order and reads them back; keeps the events they belong to."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        super().__init__(writer, reader)
        self._lines: dict[str, Line] = {}

    def submit(self, event: str, record: Record, side: Sequence[SideWrite] = ()) -> Pending[int]:
        """Queues one row, with its changes to the people table; they are kept together or not.

        `record.number` must follow the event's last row. Several rows of an event may be out at
        once. When one fails, every row submitted behind it fails with `Clash.BEHIND_FAILURE`, and
        so does each later one, until `reopen`: fold the tail first, and decide again.
        `wait()` gives the number, once it is on the disk.

        Raises (from `wait`): JournalConflict, JournalFull, JournalUnavailable, UnknownEvent.
        """
        line = self._lines.setdefault(event, Line())
        entry = Submitted(event, record, side, line, line.failures)
        alike = all(isinstance(change, Insertion) for change in side)
        together = append_together if alike else None
        return self._writer.submit(entry, on_error=entry.lose, together=together)

    def reopen(self, event: str) -> None:
        """Lets rows pass again after a failure; call it when the tail has been read, and let nobody
        submit meanwhile."""
        self._lines.setdefault(event, Line()).mend()

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
        return int(self._reader.rows(LAST_NUMBER, of_event=event)[0][0] or 0)

    def answer(self, event: str, key: str) -> Record | None:
        """The row that an idempotency key was used for."""
        row = self._reader.first(_by_key, of_event=event, with_key=key)
        return Record(*row) if row else None
