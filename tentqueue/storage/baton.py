"""The baton of one event's workers: an advisory lock of PostgreSQL, on a connection of its own.

Whoever dies lets go of it. It is never needed, only polite: a worker that does not get it goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from gevent import get_hub, monkey
from sqlalchemy.engine import URL

from tentqueue.storage.errors import JournalUnavailable
from tentqueue.storage.postgres_connection import connect

_CLASS = 7_423
"""Of advisory locks, so that no other of ours is meant."""
_PATIENCE_MS = 500


class PostgresBaton:
    """Taken and passed on by one round at a time."""

    def __init__(self, url: URL, event: str) -> None:
        self._url, self._event = url, event
        self._connection: Any = None

    def take(self) -> None:
        """Wait for it, on a native thread; for half a second at most."""
        _apart(self._ask, "SELECT pg_advisory_lock(%s, hashtext(%s))")

    def pass_on(self) -> None:
        """Let the next worker have it."""
        _apart(self._ask, "SELECT pg_advisory_unlock(%s, hashtext(%s))")

    def close(self) -> None:
        """Let go of it, and of the connection."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _ask(self, sql: str) -> None:
        try:
            if self._connection is None:
                self._connection = connect(self._url)
                self._connection.execute(f"SET lock_timeout = {_PATIENCE_MS}")
            self._connection.execute(sql, (_CLASS, self._event))
        except psycopg.errors.LockNotAvailable:
            return
        except (psycopg.Error, JournalUnavailable):
            self.close()


def _apart(do: Callable[[str], None], sql: str) -> None:
    """Off the event loop, if there is one."""
    if monkey.is_module_patched("threading"):
        get_hub().threadpool.apply(do, (sql,))
    else:
        do(sql)
