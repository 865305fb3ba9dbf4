"""Next-day appointments: a time of one's own, as many at once as therapists are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.appointments import free_times
from tentqueue.domain.model import LaneName
from tentqueue.domain.therapist import Shift, Therapist
from tests.cast import DORA, NINE, NOON, Scene, mins, race

OPENS = NINE + mins(24 * 60)
"""The lane opens at nine on the next day; it is Dora's."""
STEP = mins(32)


def tent(*therapists: Therapist) -> Scene:
    """Noon of the race, a roster for the next day."""
    return Scene(race(*therapists), at=NOON)


def book(scene: Scene, name: str, at: datetime | None = None) -> datetime | None:
    """`name`, who finished an hour ago, books; the time they get."""
    scene.ask(
        do.JoinLane(
            name, LaneName.NEXTDAY, True, finished_at=scene.now - mins(60), appointment_at=at
        )
    )
    return scene.ticket(name).ready_at


def test_times_lie_a_treatment_and_its_changeover_apart_until_the_lane_closes() -> None:
    free = free_times(tent(DORA).tent, NOON, NOON - mins(60))
    assert free[:3] == (OPENS, OPENS + STEP, OPENS + 2 * STEP)
    assert free[-1] + mins(30) <= OPENS + mins(600)
    assert len(free) == 18


def test_two_runners_never_get_one_therapist_at_one_time() -> None:
    scene = tent(DORA)
    assert book(scene, "Mia") == OPENS
    assert book(scene, "Noor") == OPENS + STEP
    with pytest.raises(errors.AppointmentTaken) as refused:
        book(scene, "Omar", OPENS)
    assert (OPENS + 2 * STEP).isoformat() in refused.value.facts["times"]


def test_as_many_at_once_as_therapists_of_the_lane_are_there() -> None:
    early = replace(DORA, id="eve", shifts=(Shift(OPENS, OPENS + mins(60)),))
    scene = tent(DORA, early)
    assert [book(scene, name) for name in ("Mia", "Noor", "Omar")] == [OPENS, OPENS, OPENS + STEP]


def test_a_shift_must_cover_the_whole_appointment() -> None:
    short = replace(DORA, shifts=(Shift(OPENS + mins(10), OPENS + mins(100)),))
    assert free_times(tent(short).tent, NOON, NOON - mins(60)) == (OPENS + STEP, OPENS + 2 * STEP)


def test_who_finishes_late_gets_a_late_appointment() -> None:
    late = NOON + mins(6 * 60)
    free = free_times(Scene(race(DORA), at=late).tent, late, late)
    assert free[0] >= late + mins(18 * 60)


def test_a_time_given_up_is_free_again() -> None:
    scene = tent(DORA)
    book(scene, "Mia", OPENS)
    assert OPENS not in free_times(scene.tent, NOON, NOON - mins(60))
    scene.ask(do.LeaveLine("Mia"))
    assert OPENS in free_times(scene.tent, NOON, NOON - mins(60))


def test_when_all_is_taken_the_refusal_says_so() -> None:
    scene = tent(replace(DORA, shifts=(Shift(OPENS, OPENS + mins(31)),)))
    book(scene, "Mia")
    with pytest.raises(errors.LaneFull):
        book(scene, "Noor")


def test_without_a_therapist_of_the_lane_nothing_is_promised() -> None:
    scene = tent(replace(DORA, lanes=(LaneName.RECOVERY,)))
    assert free_times(scene.tent, NOON) == ()
