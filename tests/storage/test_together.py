"""Rows of one commit go in by one statement, and each still gets its own answer."""

from __future__ import annotations

import threading
import time

import pytest

from tentqueue.storage import Clash, JournalConflict, Record, Storage
from tentqueue.storage.pending import Pending
from tests.storage.conftest import row


class Door:
    """A side write that holds the writer until all of the next group is queued."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def write(self, transaction: object) -> None:
        self.opened.wait(10)


def grouped(storage: Storage, records: list[Record]) -> list[Pending[int]]:
    """Submit records so that they all share one transaction."""
    door = Door()
    first = storage.journal.submit("riverside", row(1), [door])
    time.sleep(0.05)
    waiting = [storage.journal.submit("riverside", record) for record in records]
    door.opened.set()
    first.wait()
    return waiting


@pytest.mark.parametrize("count", [2, 31, 32, 33, 200])
def test_every_row_of_a_group_is_kept_in_order(storage: Storage, count: int) -> None:
    waiting = grouped(storage, [row(n) for n in range(2, count + 2)])
    assert [each.wait() for each in waiting] == list(range(2, count + 2))
    kept = list(storage.journal.read("riverside"))
    assert [record.number for record in kept] == list(range(1, count + 2))


def test_a_used_key_in_a_group_fails_alone_and_holds_up_those_behind(storage: Storage) -> None:
    used = [Record(2, 2, b"[]", "ana", "k"), Record(3, 3, b"[]", "ben", "k"), row(4)]
    first, second, third = grouped(storage, used)
    assert first.wait() == 2
    with pytest.raises(JournalConflict) as refused:
        second.wait()
    assert refused.value.clash is Clash.KEY_TAKEN
    with pytest.raises(JournalConflict) as behind:
        third.wait()
    assert behind.value.clash is Clash.BEHIND_FAILURE
    assert [record.actor for record in storage.journal.read("riverside")][1:] == ["ana"]


def test_a_gap_in_a_group_keeps_those_before_it(storage: Storage) -> None:
    first, second = grouped(storage, [row(2), row(4)])
    assert first.wait() == 2
    with pytest.raises(JournalConflict) as refused:
        second.wait()
    assert refused.value.clash is Clash.GAP
    assert storage.journal.last_number("riverside") == 2
