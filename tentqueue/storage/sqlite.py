"""SQLite: one file, one writer at a time, each commit on the disk before it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tentqueue.storage.connection import Reader, open_for_reading, open_for_writing
from tentqueue.storage.errors import JournalFull, JournalUnavailable
from tentqueue.storage.migrate import migrate
from tentqueue.storage.presence import Presence
from tentqueue.storage.statement import Connection
from tentqueue.storage.turnstile import Shared, Turnstile, moving_lock


class SqliteDatabase:
    """A file."""

    begin = "BEGIN IMMEDIATE"
    error_spoils_all = False
    failures: tuple[type[Exception], ...] = (sqlite3.Error,)
    refusals: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)
    troubles: tuple[type[Exception], ...] = (sqlite3.OperationalError,)

    def __init__(self, path: Path) -> None:
        self.path = path

    def turnstile(self) -> Turnstile:
        """A lock beside the file, passed by the writers of all processes."""
        return Turnstile(self.path, Shared(moving_lock(self.path)))

    def open_writer(self) -> sqlite3.Connection:
        """The connection that writes."""
        return open_for_writing(self.path)

    def reader(self) -> Reader:
        """Reads from the calling thread."""
        return Reader(self.path)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Reads everything as it is at one moment, while others write on."""
        with closing(open_for_reading(self.path)) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("ROLLBACK")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside nobody writes: whoever comes is told no. Raises: StorageError when somebody does,
        from this process or another."""
        with closing(Shared(moving_lock(self.path), alone=True)):
            yield

    def is_served(self) -> bool:
        """Whether a server has the file open."""
        with closing(Presence(self.path)) as presence:
            return presence.somebody_is_here()

    def migrate(self, to: str = "head") -> None:
        """Brings the file up to this version. Raises: DatabaseTooNew."""
        migrate(self.path, to)

    def is_lost(self, connection: Any) -> bool:
        """A file is never hung up on."""
        return False

    def in_transaction(self, connection: sqlite3.Connection) -> bool:
        """Whether something is begun and not ended."""
        return connection.in_transaction

    def worded(self, error: Exception) -> Exception:
        """Says an error of the driver's in the journal's words."""
        if isinstance(error, JournalUnavailable):
            return error
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and code & 0xFF == sqlite3.SQLITE_FULL:
            return JournalFull("the disk is full: make room, then try again")
        return JournalUnavailable(f"the database cannot be written just now ({error})")

    def empty_the_log(self, connection: sqlite3.Connection) -> bool:
        """Moves the write-ahead log into the file; False when a reader is in the way."""
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def tell(self, connection: Connection, numbers: dict[str, int]) -> None:
        """Nobody listens to a file; other processes look at it."""
