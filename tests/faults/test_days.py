"""Whole days with faults keep every promise; with a bug put in, the checker finds it."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.faults.bugs import BUGS, Bug
from tests.faults.day import Day, replay

DAYS = int(os.environ.get("FAULTY_DAYS", "24"))
"""How many days; `make soak-days` plays thousands."""
FIRST = int(os.environ.get("FIRST_DAY", "0"))
SHARES = 4
"""Parts the days are played in, so that several processes can share them."""
FOUND_WITHIN = 6
"""Days within which a bug must be found."""


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("share", range(SHARES))
def test_a_day_with_crashes_bad_networks_and_full_disks_keeps_every_promise(share: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(FIRST + share, FIRST + DAYS, SHARES):
        day = Day(seed)
        broken = [str(each) for each in day.play()]
        assert not broken, f"{broken[:5]}; play it again: {replay(seed)}"
        seen += day.seen
    # A day on which nothing went wrong would show nothing.
    for needed in ("fault: crash", "fault: disk", "fault: clock", "repeated", "TreatmentStarted"):
        assert seen[needed], needed


def test_the_same_seed_is_the_same_day() -> None:
    one, other = Day(3), Day(3)
    one.play()
    other.play()
    assert [line.entry for line in one.disk.lines] == [line.entry for line in other.disk.lines]
    assert one.told == other.told


@pytest.mark.parametrize(("bug", "invariant"), BUGS.items(), ids=[bug.__name__ for bug in BUGS])
def test_the_checker_finds_the_bug(
    bug: Bug, invariant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: Counter[int] = Counter()
    for seed in range(1, 1 + FOUND_WITHIN):
        day = Day(seed)
        with monkeypatch.context() as patch:
            bug(patch, day)
            found.update(broken.invariant for broken in day.play())
        if found[invariant]:
            return
    pytest.fail(f"{bug.__name__} was not found: {dict(found)}")
