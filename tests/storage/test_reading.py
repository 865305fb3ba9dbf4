"""Readers lend connections: as many as read at once, however many threads come and go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tentqueue.storage import Storage

OPEN_FILES = Path("/proc/self/fd")


def connections(url: str) -> int:
    """How many connections to this database are open."""
    if url.startswith("sqlite"):
        if not OPEN_FILES.is_dir():
            pytest.skip("this system does not list a process's open files under /proc")
        path = Path(str(make_url(url).database)).resolve()
        return sum(link.exists() and link.resolve() == path for link in OPEN_FILES.iterdir())
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as asking:
        told = asking.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert told is not None
    return int(told[0])


def in_a_thread(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_threads_that_come_and_go_leave_no_connection_behind(storage: Storage, url: str) -> None:
    storage.journal.list_events()
    before = connections(url)
    for _ in range(12):
        in_a_thread(storage.journal.list_events).join()
    assert connections(url) == before


def test_those_who_read_at_once_share_no_connection(storage: Storage) -> None:
    together, found = threading.Barrier(8), []

    def read() -> None:
        together.wait(10)
        found.extend(event.slug for _ in range(20) for event in storage.journal.list_events())

    for thread in [in_a_thread(read) for _ in range(8)]:
        thread.join()
    assert found == ["riverside"] * 160
