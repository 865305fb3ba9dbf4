"""What one event loop submits reaches the writer together, in order, and never late."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import gevent
import pytest

from tentqueue.storage.tray import LATEST_S, Tray


class Writer:
    """Notes what it is handed."""

    def __init__(self) -> None:
        self.handed: list[Any] = []
        self.tray = Tray(gevent.get_hub(), self.handed.append)


@pytest.fixture
def writer() -> Iterator[Writer]:
    """A writer with an empty tray on this thread's event loop."""
    writer = Writer()
    yield writer
    writer.tray.close()


def test_what_comes_before_the_loop_rests_is_handed_over_at_once_and_in_order(
    writer: Writer,
) -> None:
    handed_before: list[int] = []

    def caller(number: int) -> None:
        handed_before.append(len(writer.handed))
        writer.tray.lay(number)

    for number in range(32):
        gevent.spawn(caller, number)
    gevent.sleep(LATEST_S / 2)
    assert handed_before == [0] * 32
    assert writer.handed == list(range(32))


def test_a_lone_piece_waits_for_nobody(writer: Writer) -> None:
    writer.tray.lay("a press")
    gevent.sleep(0.001)
    assert writer.handed == ["a press"]


def test_a_loop_that_never_rests_hands_over_all_the_same(writer: Writer) -> None:
    work = gevent.get_hub().loop.idle()
    work.priority = 1
    work.start(lambda: None)  # Something is always more urgent than to rest.
    try:
        writer.tray.lay("a press")
        ends = time.monotonic() + 20 * LATEST_S
        while not writer.handed and time.monotonic() < ends:
            gevent.sleep(0.001)
    finally:
        work.stop()
        work.close()
    assert writer.handed == ["a press"]


def test_what_lies_on_a_tray_that_is_closed_is_not_lost() -> None:
    writer = Writer()
    writer.tray.lay("a press")
    writer.tray.close()
    assert writer.handed == ["a press"]


GATHERED = """
from gevent import monkey
monkey.patch_all()
import gevent, sys
from tentqueue.storage import Record, Storage
storage = Storage.open(sys.argv[1])
storage.journal.create_event("riverside", b"{}", at=1)
transactions = []
class Witness:
    def write(self, transaction):
        transactions.append(transaction)
def join(number):
    storage.journal.submit("riverside", Record(number, number, b"[]", "x"), [Witness()]).wait()
gevent.joinall([gevent.spawn(join, number) for number in range(1, 33)], raise_error=True)
assert len(transactions) == 32
assert len(set(map(id, transactions))) == 1, "one commit for all"
pending = storage.journal.submit("riverside", Record(33, 33, b"[]", "x"))
storage._writer.empty_the_log()
assert pending.done, "an errand comes after what was submitted before it"
last = storage.journal.submit("riverside", Record(34, 34, b"[]", "x"))
storage.close()
assert last.done, "what was submitted is kept, also by who goes at once"
"""


def test_a_patched_program_commits_together_what_its_greenlets_submit(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GATHERED, url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
