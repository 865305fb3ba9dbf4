"""What all workers count together: by digest, in spans, and not for long."""

from __future__ import annotations

from tentqueue.storage import Storage

FIND, JOIN = ("find", "riverside 1204"), ("joins", "phone")


def test_two_programs_add_to_one_count(storage: Storage, url: str) -> None:
    other = Storage.open(url)
    assert storage.counts.add(7, {FIND: 2, JOIN: 1}) == {FIND: 2, JOIN: 1}
    assert other.counts.add(7, {FIND: 3}) == {FIND: 5}
    assert storage.counts.of(7, *FIND) == 5
    other.close()


def test_the_next_span_counts_from_nought_and_old_ones_are_forgotten(storage: Storage) -> None:
    storage.counts.add(7, {FIND: 9})
    assert storage.counts.add(8, {FIND: 1}) == {FIND: 1}
    storage.counts.add(9, {JOIN: 1})
    assert storage.counts.of(7, *FIND) == 0


def test_a_count_does_not_say_whose_it_is(storage: Storage) -> None:
    storage.counts.add(7, {FIND: 1})
    with storage.database.snapshot() as connection:
        rows = connection.execute("SELECT * FROM counts").fetchall()
    assert "1204" not in str(rows)
    assert len(rows) == 1
