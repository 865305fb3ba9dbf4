"""A request that comes twice is known by its key, however long ago it came."""

from __future__ import annotations

import pytest

from tentqueue.domain.tent import Entry
from tentqueue.services.answered import Answered, KeyReused, Receipt
from tentqueue.services.ledger import Line
from tests.cast import NOON


class Journal:
    """Lines on the disk; it counts how often it is read."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.read = 0

    def write(self, number: int) -> Line:
        """A line under a key of its own."""
        line = Line(Entry(number, NOON, "desk:Eve", ()), f"key-{number}", b"d", b"{}")
        self.lines[f"key-{number}"] = line
        return line

    def line(self, key: str) -> Line | None:
        """Read one line."""
        self.read += 1
        return self.lines.get(key)


def receipt(number: int, digest: bytes = b"d") -> Receipt:
    """What comes with a request."""
    return Receipt(f"key-{number}", digest, lambda tent, events: b"{}")


def test_the_newest_answers_lie_in_memory_and_older_ones_in_the_journal() -> None:
    journal = Journal()
    answered = Answered(journal.line)
    for number in range(1, 2_001):
        answered.remember(journal.write(number))
    for number in range(1_489, 2_001):
        assert answered.to(receipt(number)) is journal.lines[f"key-{number}"]
    assert journal.read == 0
    for number in range(1, 1_489):
        assert answered.to(receipt(number)) is journal.lines[f"key-{number}"]
    assert journal.read == 1_488, "no more lines are held than the newest 512"


def test_a_key_nobody_used_is_not_looked_for() -> None:
    journal = Journal()
    assert Answered(journal.line).to(receipt(1)) is None
    assert journal.read == 0


def test_a_key_that_comes_with_another_request_is_refused_from_memory_and_journal() -> None:
    journal = Journal()
    answered = Answered(journal.line)
    answered.remember(journal.write(1))
    answered.note(journal.write(2))
    for number in (1, 2):
        with pytest.raises(KeyReused):
            answered.to(receipt(number, b"other"))


def test_what_never_reached_the_disk_was_not_answered() -> None:
    journal = Journal()
    answered = Answered(journal.line)
    answered.note(journal.write(1))
    for number in (2, 3):
        answered.remember(journal.write(number))
    answered.forget_after(2)
    assert [answered.to(receipt(n)) is not None for n in (1, 2, 3)] == [True, True, False]
    answered.clear()
    assert answered.to(receipt(2)) is None
