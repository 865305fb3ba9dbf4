"""A database looked at from beside the server: its journals, read and never written.

It makes, migrates and locks nothing, so it goes while the server runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import bindparam, select

from tentqueue.services.ledger import Line
from tentqueue.storage.connection import Reader
from tentqueue.storage.entries import entry_of
from tentqueue.storage.schema import events, journal
from tentqueue.storage.statement import Statement

_PAGE = 500

_slugs = Statement(select(events.c.slug).order_by(events.c.created_at, events.c.slug))
_names = ("number", "at", "actor", "events", "key", "digest", "answer")
_lines = Statement(
    select(*[journal.c[name] for name in _names])
    .where(journal.c.event == bindparam("of_event"))
    .where(journal.c.number > bindparam("since"))
    .order_by(journal.c.number)
    .limit(_PAGE)
)


class Journals:
    """Every event's journal in one file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def slugs(self) -> list[str]:
        """The events, the oldest first."""
        return [str(row[0]) for row in self._reader.rows(_slugs)]

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
def looking_at(path: Path) -> Iterator[Journals]:
    """Opens a file's journals for as long as the block. Raises: sqlite3.Error from its reads."""
    reader = Reader(path)
    try:
        yield Journals(reader)
    finally:
        reader.close()
