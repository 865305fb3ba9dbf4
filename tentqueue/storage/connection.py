"""How a connection to the file is opened: one that writes, any number that only read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from tentqueue.storage.statement import Row, Statement, Value

_BUSY_S = 2.0
"""How long SQLite itself waits for a lock before the caller is told to try again."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The connection that writes: WAL, every commit synced to the disk, freed bytes overwritten."""
    connection = sqlite3.connect(
        path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )
    for pragma in (
        "journal_mode=WAL",
        # NORMAL lost acknowledged rows in simulated power cuts, FULL none.
        "synchronous=FULL",
        # macOS only: there a plain fsync leaves the rows in the drive's own cache.
        "fullfsync=ON",
        "checkpoint_fullfsync=ON",
        # A purge must leave no byte of a runner behind.
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "journal_size_limit=16777216",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that can neither write nor checkpoint."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=ro",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA query_only=ON")
    return connection


class Reader:
    """Reads in the calling thread; short queries, fetched whole.

    As many connections as ever read at once, each lent to one reader at a time: threads come and
    go, and one of their own for each would be kept open after them. No query is left open between
    calls, so no reader ever holds a checkpoint back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[Any] = []

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """Every row of a query."""
        connection = self._borrowed()
        try:
            return statement.run(connection, **values).fetchall()
        finally:
            self._idle.append(connection)

    def first(self, statement: Statement, **values: Value) -> Row | None:
        """The first row of a query, or None."""
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    def baton(self, event: str) -> Any:
        """What lets one worker write at a time; None: a file has one server."""
        return None

    def _borrowed(self) -> sqlite3.Connection:
        # Asking first would let another thread take the last one in between.
        try:
            connection: sqlite3.Connection = self._idle.pop()
        except IndexError:
            return open_for_reading(self._path)
        return connection

    def close(self) -> None:
        """Closes every connection; no thread may be reading."""
        while self._idle:
            self._idle.pop().close()
