"""Follows what other workers write, and finds out which one of them ticks. PostgreSQL only.

A native thread listens and rings the event loop; it never folds anything itself. What it misses
while the database is away, the poll of each tick brings. The leader holds an advisory lock on the
listening connection, so it goes with the worker, however that dies.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from gevent import get_hub, monkey

from tentqueue.storage.errors import JournalUnavailable
from tentqueue.storage.postgres import CHANNEL, LEADER_LOCK, PostgresDatabase
from tentqueue.storage.postgres_connection import connect

LOOK_EVERY_S = 1.0
"""How often one who does not lead asks for the lock: another takes over within twice that."""
AGAIN_AFTER_S = 0.5
_start_native_thread = monkey.get_original("_thread", "start_new_thread")
_sleep = monkey.get_original("time", "sleep")

Heard = Callable[[str, int], None]
"""Told the slug and the number of an entry that somebody wrote."""


class Follower:
    """Listens to one database for one event loop."""

    def __init__(self, database: PostgresDatabase, heard: Heard) -> None:
        self.leads = False
        """Whether this worker sends the time to the tents."""
        self._database, self._heard = database, heard
        self._closed = False
        self._news: dict[str, int] = {}
        self._watcher: Any = get_hub().loop.async_()
        self._watcher.start(self._answer)
        self._watcher.ref = False
        self._connection: Any = None
        _start_native_thread(self._listen, ())

    def close(self) -> None:
        """Stop listening, and let somebody else lead."""
        self._closed, self.leads = True, False
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._watcher.stop()

    def _listen(self) -> None:
        while not self._closed:
            try:
                with connect(self._database.url) as connection:
                    self._connection = connection
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._attend(connection)
            except (psycopg.Error, JournalUnavailable):
                self.leads = False
                if not self._closed:
                    _sleep(AGAIN_AFTER_S)

    def _attend(self, connection: psycopg.Connection[Any]) -> None:
        while not self._closed:
            if not self.leads:
                asked = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,))
                self.leads = bool((asked.fetchone() or (False,))[0])
            for note in connection.notifies(timeout=LOOK_EVERY_S):
                self._ring(note.payload)

    def _ring(self, payload: str) -> None:
        event, _, number = payload.rpartition(" ")
        self._news[event] = max(self._news.get(event, 0), int(number))
        if not self._closed:
            self._watcher.send()

    def _answer(self) -> None:
        """On the event loop: nothing may wait here."""
        while self._news:
            self._heard(*self._news.popitem())
