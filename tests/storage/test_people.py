"""People are kept apart from the journal, together with their row, and can be wiped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tentqueue.storage import ErasePerson, JournalConflict, Person, PutPerson, Storage
from tests.storage.conftest import of_a_file, row

ANA = Person("riverside", "t1", "0042", b"tag42", "Ana Unforgettable", "ok", b"\1" * 32, "w", "d")


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_person_is_kept_with_their_ticket_or_not_at_all(storage: Storage) -> None:
    storage.journal.submit("riverside", row(1), [PutPerson(ANA)]).wait()
    ben = Person("riverside", "t2", name="Ben")
    with pytest.raises(JournalConflict):
        storage.journal.submit("riverside", row(1), [PutPerson(ben)]).wait()
    assert storage.people.of_event("riverside") == [ANA]


def test_a_runner_is_found_by_the_tag_of_the_bib(storage: Storage) -> None:
    storage.people.put(ANA)
    storage.people.put(Person("riverside", "t2", "0042", b"tag42"))
    storage.people.put(Person("hilltop", "t3", "0042", b"tag42"))
    found = storage.people.find_by_bib_tag("riverside", b"tag42")
    assert [person.ticket_id for person in found] == ["t1", "t2"]


def test_putting_again_replaces_what_was_known(storage: Storage) -> None:
    storage.people.put(ANA)
    storage.people.put(Person("riverside", "t1", name="Ana"))
    assert storage.people.get("riverside", "t1") == Person("riverside", "t1", name="Ana")


@of_a_file
def test_erase_me_leaves_no_byte_on_the_disk(storage: Storage) -> None:
    storage.people.put(ANA)
    assert b"Unforgettable" in bytes_on_disk(storage.path.parent)
    assert storage.people.erase("riverside", "t1")
    assert b"Unforgettable" not in bytes_on_disk(storage.path.parent)
    assert storage.people.get("riverside", "t1") is None


def test_erasing_with_a_journal_row_is_one_transaction(storage: Storage) -> None:
    storage.people.put(ANA)
    storage.journal.submit("riverside", row(1), [ErasePerson("riverside", "t1")]).wait()
    assert storage.people.get("riverside", "t1") is None
    assert storage.empty_the_log()
    assert b"Unforgettable" not in bytes_on_disk(storage.path.parent)


def test_a_purge_forgets_the_event_and_no_other(storage: Storage) -> None:
    storage.people.put(ANA)
    storage.people.put(Person("hilltop", "t9", name="Ben"))
    assert storage.people.purge("riverside")
    assert storage.people.of_event("riverside") == []
    assert len(storage.people.of_event("hilltop")) == 1
    assert b"Unforgettable" not in bytes_on_disk(storage.path.parent)


def test_only_the_owner_may_read_the_files(storage: Storage) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in storage.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes
