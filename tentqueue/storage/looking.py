"""A database looked at from beside the server: its journals, read and never written.

It makes, migrates and locks nothing, so it goes while the server runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam, func, select

from tentqueue.services.ledger import Line
from tentqueue.storage.connection import Reader
from tentqueue.storage.database import database_at
from tentqueue.storage.entries import entry_of
from tentqueue.storage.errors import StorageError
from tentqueue.storage.location import database_file, is_postgres
from tentqueue.storage.schema import backups, events, journal
from tentqueue.storage.sqlite import SqliteDatabase
from tentqueue.storage.statement import Statement

_PAGE = 500

_slugs = Statement(select(events.c.slug).order_by(events.c.created_at, events.c.slug))
_extent = Statement(select(func.count(), func.max(journal.c.at)))
_names = ("number", "at", "actor", "events", "key", "digest", "answer")
_lines = Statement(
    select(*[journal.c[name] for name in _names])
    .where(journal.c.event == bindparam("of_event"))
    .where(journal.c.number > bindparam("since"))
    .order_by(journal.c.number)
    .limit(_PAGE)
)
_backed_up = Statement(
    select(func.max(backups.c.made_at)).where(backups.c.event == bindparam("of_event"))
)


class Journals:
    """Every event's journal in one database."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def extent(self) -> tuple[int, int | None]:
        """How many lines there are of all events, and the last one's instant in microseconds."""
        count, last = self._reader.rows(_extent)[0]
        return int(count), None if last is None else int(last)

    def slugs(self) -> list[str]:
        """The events, the oldest first."""
        return [str(row[0]) for row in self._reader.rows(_slugs)]

    def last_backup(self, slug: str) -> int | None:
        """When an event was backed up last, in microseconds."""
        at = self._reader.rows(_backed_up, of_event=slug)[0][0]
        return None if at is None else int(at)

    def lines(self, slug: str) -> Iterator[Line]:
        """An event's lines in order.

        Raises: msgspec.ValidationError, KeyError for a line that no tentqueue wrote.
        """
        since = 0
        while page := self._reader.rows(_lines, of_event=slug, since=since):
            for number, at, actor, happened, key, digest, answer in page:
                yield Line(entry_of(number, at, actor, happened), key, digest, answer)
                since = number


@contextmanager
def looking_at(url: str) -> Iterator[Journals]:
    """Opens a database's journals for as long as the block.

    Raises: UnsupportedDatabase; StorageError from its reads.
    """
    # Not by `database_at` for a file: that would make its folder.
    database = database_at(url) if is_postgres(url) else SqliteDatabase(database_file(url))
    reader = database.reader()
    try:
        yield Journals(reader)
    except database.failures as wrong:
        raise StorageError(str(wrong).strip()) from wrong
    finally:
        reader.close()
