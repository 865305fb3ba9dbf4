"""People are kept apart from the journal, together with their row, and can be wiped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tentqueue.storage import EraseRunner, JournalConflict, Person, PutPerson, SideWrite, Storage
from tentqueue.storage.wipe import WipePeople
from tests.storage.conftest import of_a_file, row

ANA = Person("riverside", "t1", "0042", b"tag42", "Ana Unforgettable", "w")


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def write(storage: Storage, event: str, change: SideWrite) -> None:
    number = storage.journal.last_number(event) + 1
    storage.journal.submit(event, row(number), [change]).wait()


def keep(storage: Storage, person: Person) -> None:
    write(storage, person.event, PutPerson(person))


def test_a_person_is_kept_with_their_ticket_or_not_at_all(storage: Storage) -> None:
    storage.journal.submit("riverside", row(1), [PutPerson(ANA)]).wait()
    ben = Person("riverside", "t2", name="Ben")
    with pytest.raises(JournalConflict):
        storage.journal.submit("riverside", row(1), [PutPerson(ben)]).wait()
    assert storage.people.of_event("riverside") == [ANA]


def test_putting_again_replaces_what_was_known(storage: Storage) -> None:
    keep(storage, ANA)
    keep(storage, Person("riverside", "t1", name="Ana"))
    assert storage.people.get("riverside", "t1") == Person("riverside", "t1", name="Ana")


@of_a_file
def test_erase_me_leaves_no_byte_on_the_disk(storage: Storage) -> None:
    keep(storage, ANA)
    assert b"Unforgettable" in bytes_on_disk(storage.path.parent)
    write(storage, "riverside", EraseRunner("riverside", "t1", 0, storage.keys.erased_mark))
    assert storage.people.get("riverside", "t1") is None
    assert storage.empty_the_log()
    assert b"Unforgettable" not in bytes_on_disk(storage.path.parent)


def test_a_wipe_forgets_the_event_and_no_other(storage: Storage) -> None:
    storage.journal.create_event("hilltop", b"{}", at=1)
    keep(storage, ANA)
    keep(storage, Person("hilltop", "t9", name="Ben"))
    write(storage, "riverside", WipePeople("riverside", staff_too=False))
    assert storage.people.of_event("riverside") == []
    assert len(storage.people.of_event("hilltop")) == 1
    assert storage.empty_the_log()
    assert b"Unforgettable" not in bytes_on_disk(storage.path.parent)


def test_only_the_owner_may_read_the_files(storage: Storage) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in storage.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes
