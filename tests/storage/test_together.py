"""Rows of one commit go in by one statement, and each still gets its own answer."""

from __future__ import annotations

import threading

import pytest

from tentqueue.storage import Clash, JournalConflict, Record, SideWrite, Storage
from tentqueue.storage.consents import PutConsent
from tentqueue.storage.errors import RowRefused
from tentqueue.storage.pending import Pending
from tentqueue.storage.people import Person, PutPerson
from tests.storage.conftest import row


class Door:
    """A side write that holds the writer until all of the next group is queued."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def write(self, transaction: object) -> None:
        self.reached.set()
        self.opened.wait(10)


def agreed(number: int, *names: str) -> list[SideWrite]:
    """What belongs to the join of a row: the consent, and the people it names."""
    ticket = f"ticket-{number}"
    people = [PutPerson(Person("riverside", ticket, name=name)) for name in names]
    return [PutConsent("riverside", ticket, "1", number, "runner"), *people]


def grouped(
    storage: Storage, records: list[Record], beside: dict[int, list[SideWrite]] | None = None
) -> list[Pending[int]]:
    """Submit records, and what goes with each, so that they all share one transaction."""
    sides = beside or {}
    door = Door()
    first = storage.journal.submit("riverside", row(1), [door])
    assert door.reached.wait(10), "the writer is at the door, with the first one alone"
    waiting = [
        storage.journal.submit("riverside", each, sides.get(each.number, ())) for each in records
    ]
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


def test_what_belongs_to_each_row_of_a_group_is_kept_with_it(storage: Storage) -> None:
    beside = {2: agreed(2, "Ana"), 3: agreed(3), 4: agreed(4, "Ben")}
    waiting = grouped(storage, [row(n) for n in range(2, 6)], beside)
    assert [each.wait() for each in waiting] == [2, 3, 4, 5]
    assert [person.name for person in storage.people.of_event("riverside")] == ["Ana", "Ben"]
    given = [storage.consents.of_ticket("riverside", f"ticket-{n}") for n in range(2, 6)]
    assert [consent is not None for consent in given] == [True, True, True, False]


def test_a_refused_row_takes_what_belongs_to_it_along_and_nothing_else(storage: Storage) -> None:
    used = [Record(2, 2, b"[]", "ana", "k"), Record(3, 3, b"[]", "ben", "k")]
    first, second = grouped(storage, used, {2: agreed(2, "Ana"), 3: agreed(3, "Ben")})
    assert first.wait() == 2
    with pytest.raises(JournalConflict):
        second.wait()
    assert [person.name for person in storage.people.of_event("riverside")] == ["Ana"]
    assert storage.consents.of_ticket("riverside", "ticket-2") is not None
    assert storage.consents.of_ticket("riverside", "ticket-3") is None


def test_a_row_is_not_kept_without_what_belongs_to_it(storage: Storage) -> None:
    of_nobody: list[SideWrite] = [PutPerson(Person("riverside", None))]  # type: ignore[arg-type]
    first, second = grouped(storage, [row(2), row(3)], {2: agreed(2, "Ana"), 3: of_nobody})
    assert first.wait() == 2
    with pytest.raises(RowRefused):
        second.wait()
    assert storage.journal.last_number("riverside") == 2
