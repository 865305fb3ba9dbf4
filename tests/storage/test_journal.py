"""The journal: numbers without gap or repeat, one effect a key, a clear no for everything else."""

from __future__ import annotations

import threading

import pytest

from tentqueue.storage import (
    Clash,
    EventExists,
    JournalConflict,
    Record,
    Storage,
    UnknownEvent,
    UnsupportedDatabase,
)
from tests.storage.conftest import row


def clash_of(storage: Storage, record: Record) -> Clash:
    with pytest.raises(JournalConflict) as refused:
        storage.journal.submit("riverside", record).wait()
    storage.journal.reopen("riverside")
    return refused.value.clash


def test_a_row_comes_back_as_it_was_written(storage: Storage) -> None:
    written = Record(1, 1_800_000_000_000_001, b'["called"]', "ana", "k", b"\1", b"{}")
    assert storage.journal.submit("riverside", written).wait() == 1
    assert list(storage.journal.read("riverside")) == [written]
    assert storage.journal.answer("riverside", "k") == written
    assert storage.journal.answer("riverside", "another") is None


def test_a_number_that_is_taken_is_refused_and_changes_nothing(storage: Storage) -> None:
    storage.journal.submit("riverside", row(1)).wait()
    assert clash_of(storage, row(1, actor="ben")) is Clash.NUMBER_TAKEN
    assert [kept.actor for kept in storage.journal.read("riverside")] == ["desk"]


def test_a_gap_is_refused(storage: Storage) -> None:
    assert clash_of(storage, row(2)) is Clash.GAP
    assert storage.journal.last_number("riverside") == 0


def test_a_key_is_used_once_in_an_event(storage: Storage) -> None:
    storage.journal.submit("riverside", row(1, key="tap")).wait()
    assert clash_of(storage, row(2, key="tap")) is Clash.KEY_TAKEN
    storage.journal.create_event("hilltop", b"{}", at=2)
    assert storage.journal.submit("hilltop", row(1, key="tap")).wait() == 1


def test_rows_without_a_key_are_many(storage: Storage) -> None:
    waiting = [storage.journal.submit("riverside", row(number)) for number in range(1, 8)]
    assert [pending.wait() for pending in waiting] == list(range(1, 8))


def test_nothing_that_was_decided_behind_a_failure_passes(storage: Storage) -> None:
    storage.journal.submit("riverside", row(1)).wait()
    lost = storage.journal.submit("riverside", row(1, actor="ben"))
    behind = [storage.journal.submit("riverside", row(number)) for number in (2, 3)]
    with pytest.raises(JournalConflict):
        lost.wait()
    later = storage.journal.submit("riverside", row(2))
    for pending in (*behind, later):
        with pytest.raises(JournalConflict) as refused:
            pending.wait()
        assert refused.value.clash is Clash.BEHIND_FAILURE
    storage.journal.reopen("riverside")
    assert storage.journal.submit("riverside", row(2)).wait() == 2


def test_a_failure_in_one_event_leaves_the_others_alone(storage: Storage) -> None:
    storage.journal.create_event("hilltop", b"{}", at=2)
    lost = storage.journal.submit("riverside", row(5))
    kept = storage.journal.submit("hilltop", row(1))
    with pytest.raises(JournalConflict):
        lost.wait()
    assert kept.wait() == 1


def test_of_two_programs_that_write_the_same_number_one_wins(storage: Storage, url: str) -> None:
    other = Storage.open(url)
    outcomes: list[str] = []

    def race(writer: Storage, who: str) -> None:
        for number in range(1, 41):
            try:
                writer.journal.submit("riverside", row(number, actor=who)).wait()
                outcomes.append(who)
            except JournalConflict:
                writer.journal.reopen("riverside")

    threads = [
        threading.Thread(target=race, args=pair) for pair in ((storage, "Ana"), (other, "Ben"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    rows = list(storage.journal.read("riverside"))
    assert [kept.number for kept in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == len(outcomes) == 40
    assert sorted(kept.actor for kept in rows) == sorted(outcomes)


def test_reading_pages_through_a_long_day_and_starts_anywhere(storage: Storage) -> None:
    for pending in [storage.journal.submit("riverside", row(n)) for n in range(1, 1204)]:
        pending.wait()
    numbers = [kept.number for kept in storage.journal.read("riverside", since=3)]
    assert numbers == list(range(4, 1204))
    limited = [kept.number for kept in storage.journal.read("riverside", since=600, limit=501)]
    assert limited == list(range(601, 1102))


def test_an_open_read_does_not_hold_the_writer_up(storage: Storage) -> None:
    for pending in [storage.journal.submit("riverside", row(n)) for n in range(1, 600)]:
        pending.wait()
    reading = storage.journal.read("riverside")
    next(reading)
    storage.journal.submit("riverside", row(600)).wait()
    assert storage.empty_the_log()
    assert sum(1 for _ in reading) == 599


def test_an_unknown_event_has_no_journal(storage: Storage) -> None:
    with pytest.raises(UnknownEvent):
        storage.journal.submit("nowhere", row(1)).wait()
    with pytest.raises(UnknownEvent):
        storage.journal.update_event("nowhere", b"{}", at=1)


def test_an_event_is_made_once_and_replaced_by_slug(storage: Storage) -> None:
    with pytest.raises(EventExists):
        storage.journal.create_event("riverside", b"{}", at=9)
    storage.journal.update_event("riverside", b'{"tables":4}', at=9)
    found = storage.journal.get_event("riverside")
    assert found is not None
    assert (found.definition, found.created_at, found.updated_at) == (b'{"tables":4}', 1, 9)
    assert [event.slug for event in storage.journal.list_events()] == ["riverside"]
    assert storage.journal.get_event("nowhere") is None


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/tent",
        "sqlite://",
        "sqlite:///:memory:",
        "not a url",
        "mysql://h/x",
    ],
)
def test_a_database_that_cannot_be_kept_safe_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(UnsupportedDatabase) as refused:
        Storage.open(url)
    assert "sqlite:///FILE" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_was_decided_behind_a_failure_never_passes_even_if_its_number_fits(
    storage: Storage,
) -> None:
    journal = storage.journal
    for number in (1, 2):
        journal.submit("riverside", row(number)).wait()
    taken = journal.submit("riverside", row(2))
    with pytest.raises(JournalConflict):
        taken.wait()
    # Decided on a tent that never was, while nobody has read the tail yet.
    stale = journal.submit("riverside", row(4, actor="stale"))
    journal.reopen("riverside")
    journal.submit("riverside", row(3)).wait()
    late = journal.submit("riverside", row(4))
    assert late.wait() == 4
    with pytest.raises(JournalConflict):
        stale.wait()
    assert [record.actor for record in journal.read("riverside")] == ["desk"] * 4


def test_a_stale_row_still_queued_at_the_reopening_is_turned_away(storage: Storage) -> None:
    journal = storage.journal
    journal.submit("riverside", row(1)).wait()
    gate = threading.Event()
    with pytest.raises(JournalConflict):
        journal.submit("riverside", row(1)).wait()
    storage._writer.submit(lambda _: gate.wait(5))
    stale = journal.submit("riverside", row(3, actor="stale"))
    journal.reopen("riverside")
    fresh = journal.submit("riverside", row(2))
    behind = journal.submit("riverside", row(3))
    gate.set()
    assert (fresh.wait(), behind.wait()) == (2, 3)
    with pytest.raises(JournalConflict):
        stale.wait()
