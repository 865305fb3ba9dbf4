"""One native thread writes, in groups; a full disk or a lock is a plain no, and heals."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tentqueue.storage import (
    DatabaseTooNew,
    JournalFull,
    JournalUnavailable,
    Member,
    Person,
    PutPerson,
    Record,
    Storage,
)
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.turnstile import Turnstile
from tests.storage.conftest import of_a_file, row


@dataclass
class Witness:
    """A side write that notes its transaction and thread, and may be held at the door."""

    seen: list[tuple[int, int]] = field(default_factory=list)
    door: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    def write(self, transaction: Transaction) -> None:
        self.reached.set()
        self.door.wait(10)
        self.seen.append((id(transaction), threading.get_ident()))


def test_all_that_is_queued_during_a_commit_goes_into_the_next_one(storage: Storage) -> None:
    witness = Witness()
    waiting = [storage.journal.submit("riverside", row(1), [witness])]
    assert witness.reached.wait(10), "the first one is at the door, alone"
    waiting += [storage.journal.submit("riverside", row(n), [witness]) for n in range(2, 101)]
    witness.door.set()
    for pending in waiting:
        pending.wait()
    transactions = [transaction for transaction, _ in witness.seen]
    assert len(set(transactions[1:])) == 1
    assert len(witness.seen) == 100


def test_one_thread_that_is_nobodys_caller_writes_everything(storage: Storage) -> None:
    witness = Witness()
    witness.door.set()
    callers: set[int] = set()

    def call() -> None:
        callers.add(threading.get_ident())
        storage.staff.put(Member("riverside", str(threading.get_ident()), "desk", "Eve"))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    storage.journal.submit("riverside", row(1), [witness]).wait()
    storage.journal.submit("riverside", row(2), [witness]).wait()
    writers = {thread for _, thread in witness.seen}
    assert len(writers) == 1
    assert not writers & (callers | {threading.get_ident()})


GREENLETS = """
from gevent import monkey
monkey.patch_all()
import gevent, sys
from tentqueue.storage import Record, Storage
native_sleep = monkey.get_original("time", "sleep")
native_ident = monkey.get_original("_thread", "get_ident")
storage = Storage.open(sys.argv[1])
storage.journal.create_event("riverside", b"{}", at=1)
threads = set()
class Slow:
    def write(self, transaction):
        threads.add(native_ident())
        native_sleep(0.3)
ticks = 0
def tick():
    global ticks
    while True:
        gevent.sleep(0.01)
        ticks += 1
clock = gevent.spawn(tick)
waiters = [
    gevent.spawn(storage.journal.submit("riverside", Record(n, n, b"[]", "x"), [Slow()]).wait)
    for n in (1, 2)
]
gevent.joinall(waiters, raise_error=True)
assert [w.value for w in waiters] == [1, 2], waiters
assert ticks > 20, ticks
assert len(threads) == 1 and native_ident() not in threads, threads
clock.kill()
storage.journal.submit("riverside", Record(3, 3, b"[]", "x")).wait()  # with nothing else to run
storage.close()
"""


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_slow_disk_never_stops_the_event_loop(url: str) -> None:
    done = run(GREENLETS, url)
    assert done.returncode == 0, done.stderr


def limit_pages(storage: Storage, pages: int) -> None:
    storage._writer._run_alone(
        lambda connection: connection.execute(f"PRAGMA max_page_count={pages}")
    )


@of_a_file
def test_a_full_disk_refuses_plainly_still_reads_and_heals(storage: Storage) -> None:
    storage.journal.submit("riverside", row(1)).wait()
    limit_pages(storage, 1)  # never below what is used: no more pages from now on
    large = Record(2, 1, b"x" * 400_000, "desk")
    lost = storage.journal.submit("riverside", large, [PutPerson(Person("riverside", "t1"))])
    with pytest.raises(JournalFull):
        lost.wait()
    assert [kept.number for kept in storage.journal.read("riverside")] == [1]
    assert storage.people.get("riverside", "t1") is None
    limit_pages(storage, 100_000)
    storage.journal.reopen("riverside")
    assert storage.journal.submit("riverside", large).wait() == 2


@of_a_file
def test_a_locked_database_is_waited_for_then_refused_and_heals(storage: Storage) -> None:
    stranger = sqlite3.connect(storage.path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalUnavailable):
        storage.journal.submit("riverside", row(1)).wait()
    stranger.execute("ROLLBACK")
    stranger.close()
    storage.journal.reopen("riverside")
    assert storage.journal.submit("riverside", row(1)).wait() == 1


@of_a_file
def test_writers_of_two_programs_never_write_at_the_same_moment(storage: Storage) -> None:
    turnstile = Turnstile(storage.path)
    with turnstile.pass_through():
        pending = storage.journal.submit("riverside", row(1))
        with pytest.raises(JournalUnavailable):
            pending.wait(timeout=0.3)
        assert storage.journal.last_number("riverside") == 0
    turnstile.close()
    assert pending.wait() == 1


@of_a_file
def test_every_commit_is_synced_and_deleted_bytes_are_overwritten(storage: Storage) -> None:
    def pragma(name: str) -> object:
        return storage._writer._run_alone(
            lambda connection: connection.execute(f"PRAGMA {name}").fetchone()[0]
        )

    assert [pragma(name) for name in ("journal_mode", "synchronous", "secure_delete")] == [
        "wal",
        2,
        1,
    ]


@of_a_file
def test_a_reader_cannot_write(storage: Storage) -> None:
    connection = storage._reader._borrowed()
    with pytest.raises(sqlite3.OperationalError):
        connection.execute("DELETE FROM journal")


def test_nothing_is_taken_after_closing(url: str) -> None:
    storage = Storage.open(url)
    storage.close()
    storage.close()
    with pytest.raises(JournalUnavailable):
        storage.staff.put(Member("riverside", "eve", "desk", "Eve"))


@of_a_file
def test_a_file_of_a_newer_tentqueue_is_left_alone(url: str, tmp_path: Path) -> None:
    Storage.open(url).close()
    newer = sqlite3.connect(tmp_path / "tent.db")
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    with pytest.raises(DatabaseTooNew):
        Storage.open(url)


CHILD = """
import sys, threading
from tentqueue.storage import Record, Storage
storage = Storage.open(sys.argv[1])
storage.journal.create_event("riverside", b"{}", at=1)
lock = threading.Lock()
number = 0
def work():
    global number
    while True:
        with lock:
            number += 1
            mine = number
            record = Record(mine, mine, b"[1]", "x", f"k{mine}")
            pending = storage.journal.submit("riverside", record)
        pending.wait()
        sys.stdout.write(f"{mine}\\n")
        sys.stdout.flush()
for _ in range(8):
    threading.Thread(target=work).start()
"""


@pytest.mark.parametrize("acknowledged", [3, 200, 1500])
def test_a_kill_in_the_middle_loses_no_acknowledged_row(url: str, acknowledged: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, url], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    seen = [int(child.stdout.readline()) for _ in range(acknowledged)]
    child.kill()
    # A line that the kill cut short was not told to anyone.
    seen += [
        int(line) for line in child.stdout.read().splitlines(keepends=True) if line[-1] == "\n"
    ]
    child.wait()
    storage = Storage.open(url)
    kept = [record.number for record in storage.journal.read("riverside")]
    assert kept == list(range(1, len(kept) + 1))
    assert set(seen) <= set(kept)
    following = len(kept) + 1
    assert storage.journal.submit("riverside", row(following)).wait() == following
    storage.close()
