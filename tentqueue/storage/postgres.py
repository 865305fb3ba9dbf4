"""PostgreSQL: any number of workers on one journal; a unique (event, number) makes one of two win.

The driver blocks its thread and lets go of the interpreter meanwhile, so it only ever runs on
native threads: the writer's, the follower's, and a pool for reading. The event loop never waits.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from tentqueue.storage.connection import Reader
from tentqueue.storage.errors import (
    BEING_MOVED,
    SOMEBODY_WRITES,
    JournalFull,
    JournalUnavailable,
    StorageError,
    UnsupportedDatabase,
)
from tentqueue.storage.migrate import upgrade_on
from tentqueue.storage.statement import Connection

# The C function waits outside the interpreter; the one chosen under gevent would start an event
# loop in each native thread.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_c")
try:
    import psycopg
    from psycopg.pq import TransactionStatus

    from tentqueue.storage.postgres_connection import CONNECT_S, connect, is_lost, no_answer
    from tentqueue.storage.postgres_reader import PostgresReader
except ImportError:
    raise UnsupportedDatabase(
        "PostgreSQL needs its driver: pip install 'tentqueue[postgres]'"
    ) from None

CHANNEL = "tentqueue"
LEADER_LOCK = 7_423_002
"""Held by the one worker that ticks."""
WRITING_LOCK = 7_423_003
"""Shared by everybody who writes; a move holds it alone."""
KEYS_VARIABLE = "TENTQUEUE_KEYS"
_MIGRATION_LOCK = 7_423_001
_LINGERING_S = 1


class PostgresDatabase:
    """A database on a server."""

    begin = "BEGIN"
    error_spoils_all = True
    failures: tuple[type[Exception], ...] = (psycopg.Error,)
    refusals: tuple[type[Exception], ...] = (psycopg.IntegrityError,)
    troubles: tuple[type[Exception], ...] = (psycopg.OperationalError, psycopg.InterfaceError)

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self.path = keys_beside(self.url)

    def turnstile(self) -> _Open:
        """PostgreSQL lets any number write."""
        return _Open()

    def open_writer(self) -> psycopg.Connection[Any]:
        """A connection that commits only when told, to the disk. Raises: JournalUnavailable."""
        connection = connect(self.url)
        asked = connection.execute("SELECT pg_try_advisory_lock_shared(%s)", (WRITING_LOCK,))
        if not (asked.fetchone() or (False,))[0]:
            connection.close()
            raise JournalUnavailable(BEING_MOVED)
        # A server set up for speed must not acknowledge what a power cut takes back.
        connection.execute("SET synchronous_commit = on")
        return connection

    def reader(self) -> Reader:
        """Reads on native threads of a pool."""
        return PostgresReader(self.url)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Reads everything as it is at one moment, while others write on."""
        with connect(self.url) as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection
            connection.execute("ROLLBACK")

    def is_served(self) -> bool:
        """Whether a worker leads here."""
        with connect(self.url) as connection:
            asked = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,))
            return not (asked.fetchone() or (False,))[0]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside nobody writes: whoever comes is told no. Raises: StorageError when somebody does,
        or when the server has hung up meanwhile."""
        with connect(self.url) as connection:
            # A connection that was closed just now is let go of a moment later.
            connection.execute(f"SET lock_timeout = '{_LINGERING_S}s'")
            try:
                connection.execute("SELECT pg_advisory_lock(%s)", (WRITING_LOCK,))
            except psycopg.errors.LockNotAvailable:
                raise StorageError(SOMEBODY_WRITES) from None
            yield
            try:
                connection.execute("SELECT 1")
            except psycopg.Error:
                raise JournalUnavailable(no_answer(self.url)) from None

    def migrate(self, to: str = "head") -> None:
        """Brings the tables up to this version; workers that start at once take turns.

        Raises: DatabaseTooNew, JournalUnavailable.
        """
        engine = create_engine(
            self.url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_S}
        )
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"SELECT pg_advisory_lock({_MIGRATION_LOCK})")
                connection.commit()
                try:
                    upgrade_on(connection, self.url.render_as_string(), to)
                    connection.commit()
                finally:
                    connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_MIGRATION_LOCK})")
                    connection.commit()
        except Exception as error:
            if isinstance(getattr(error, "orig", None), psycopg.OperationalError):
                raise JournalUnavailable(no_answer(self.url)) from None
            raise
        finally:
            engine.dispose()

    def is_lost(self, connection: Any) -> bool:
        """Whether the server has hung up."""
        return is_lost(connection)

    def in_transaction(self, connection: Any) -> bool:
        """Whether something is begun and not ended."""
        return bool(connection.info.transaction_status != TransactionStatus.IDLE)

    def worded(self, error: Exception) -> Exception:
        """Says an error of the driver's in the journal's words."""
        if isinstance(error, JournalUnavailable):
            return error
        if isinstance(error, psycopg.errors.DiskFull):
            return JournalFull("the database's disk is full: make room, then try again")
        return JournalUnavailable(f"the database did not answer ({type(error).__name__})")

    def empty_the_log(self, connection: Any) -> bool:
        """Rewrites the tables: PostgreSQL keeps rows that are gone for a while."""
        for table in ("journal", "people", "consents", "alarms", "roster"):
            with suppress(psycopg.errors.UndefinedTable):
                connection.execute(f"VACUUM FULL {table}")
        connection.execute("CHECKPOINT")
        return True

    def tell(self, connection: Connection, numbers: dict[str, int]) -> None:
        """Wakes the other workers when the transaction commits."""
        for event, number in numbers.items():
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{event} {number}"))


class _Open:
    """A turnstile that is none."""

    @contextmanager
    def pass_through(self) -> Iterator[None]:
        """Lets everybody pass."""
        yield

    def close(self) -> None:
        """Nothing was held."""


def keys_beside(url: URL) -> Path:
    """A path of this machine for the secret: `TENTQUEUE_KEYS`, or one of its own for each database.

    Workers on several machines need the same secret: give each a copy of the file.
    """
    if given := os.environ.get(KEYS_VARIABLE):
        return Path(given.removesuffix(".keys"))
    place = f"{url.host or ''}:{url.port or 5432}/{url.database}"
    name = f"postgresql-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
    return Path(platformdirs.user_data_dir("tentqueue")) / name
