"""PostgreSQL's readers: connections lent to native threads. The event loop never waits for one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from gevent import get_hub, monkey
from sqlalchemy.engine import URL

from tentqueue.storage.baton import PostgresBaton
from tentqueue.storage.connection import Reader
from tentqueue.storage.errors import JournalUnavailable
from tentqueue.storage.postgres_connection import connect, is_lost, no_answer
from tentqueue.storage.statement import Row, Statement, Value


class PostgresReader(Reader):
    """Reads on a pool of native threads; a connection that was hung up on is replaced."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._idle: list[Any] = []
        self._batons: list[PostgresBaton] = []

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """Every row of a query. Raises: JournalUnavailable."""
        if not monkey.is_module_patched("threading"):
            return self._rows(statement, values)
        found: list[Row] = get_hub().threadpool.apply(self._rows, (statement, values))
        return found

    def baton(self, event: str) -> PostgresBaton:
        """What lets one worker write at a time to an event."""
        made = PostgresBaton(self._url, event)
        self._batons.append(made)
        return made

    def _rows(self, statement: Statement, values: dict[str, Value]) -> list[Row]:
        for last in (False, True):
            connection = connect(self._url) if last else self._borrowed()
            try:
                return statement.run(connection, **values).fetchall()
            except psycopg.OperationalError:
                connection.close()
                if last:
                    raise JournalUnavailable(no_answer(self._url)) from None
            finally:
                if not is_lost(connection):
                    self._idle.append(connection)
        raise AssertionError

    def _borrowed(self) -> Any:
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if not is_lost(connection):
                    return connection
        return connect(self._url)

    def close(self) -> None:
        """Closes every connection; no thread may be reading."""
        for held in (*self._batons, *self._idle):
            with suppress(psycopg.Error):
                held.close()
        self._batons.clear()
        self._idle.clear()
