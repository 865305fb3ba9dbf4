"""What differs between databases: how to open one, how it says no, and what an error spoils.

Everything else in this folder is written once, in SQLAlchemy Core, for both.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from tentqueue.storage.connection import Reader
from tentqueue.storage.location import database_file, is_postgres, make_private
from tentqueue.storage.statement import Connection


class Turnstile(Protocol):
    """Lets one writer pass at a time, where the database itself does not."""

    def pass_through(self) -> AbstractContextManager[None]: ...
    def close(self) -> None: ...


class Database(Protocol):
    """One kind of database, at one place."""

    path: Path
    """The file the secret and the locks lie beside."""
    begin: str
    """The statement that begins a transaction that writes."""
    error_spoils_all: bool
    """Whether a refused statement ends the transaction unless there was a savepoint before it."""
    failures: tuple[type[Exception], ...]
    """What its driver raises."""
    refusals: tuple[type[Exception], ...]
    """Those that mean a row does not fit."""
    troubles: tuple[type[Exception], ...]
    """Those that mean disk, lock or network failed: the whole group is lost."""

    def turnstile(self) -> Turnstile: ...
    def open_writer(self) -> Any: ...
    def reader(self) -> Reader: ...
    def snapshot(self) -> AbstractContextManager[Connection]: ...
    def alone(self) -> AbstractContextManager[None]: ...
    def is_served(self) -> bool: ...
    def migrate(self, to: str = "head") -> None: ...
    def is_lost(self, connection: Any) -> bool: ...
    def in_transaction(self, connection: Any) -> bool: ...
    def worded(self, error: Exception) -> Exception: ...
    def empty_the_log(self, connection: Any) -> bool: ...
    def tell(self, connection: Connection, numbers: dict[str, int]) -> None: ...


def database_at(url: str) -> Database:
    """Return the database that an SQLAlchemy URL names; nothing is opened yet.

    Raises: UnsupportedDatabase.
    """
    if is_postgres(url):
        from tentqueue.storage.postgres import PostgresDatabase

        return PostgresDatabase(url)
    from tentqueue.storage.sqlite import SqliteDatabase

    path = database_file(url)
    make_private(path)
    return SqliteDatabase(path)
