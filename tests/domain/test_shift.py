"""A therapist's day: rule 11."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import Therapist, TherapistState, TicketState
from tentqueue.domain.rules import TentRules
from tests.cast import ANA, BEN, NOON, Scene, kinds, mins, race


def treat(scene: Scene, count: int, minutes: float = 10) -> None:
    """Ana treats `count` runners in a row."""
    for n in range(count):
        name = f"{n}-{scene.now}"
        scene.recovery(name)
        scene.ask(do.StartTreatment(name, "ana"))
        scene.now += mins(minutes)
        scene.ask(do.FinishTreatment(name, "ana"))
        scene.ask(do.CleanTable(name, "ana"))


def ana(scene: Scene) -> Therapist:
    """Ana as she is now."""
    return scene.tent.therapists["ana"]


def test_after_eight_treatments_a_break_is_required() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    treat(scene, 7)
    assert ana(scene).state is TherapistState.AVAILABLE
    treat(scene, 1)
    assert ana(scene).state is TherapistState.BREAK


def test_after_two_hours_of_work_a_break_is_required() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    treat(scene, 1)
    scene.after(110)
    assert ana(scene).state is TherapistState.BREAK


def test_a_break_never_cuts_a_treatment() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.TakeBreak("ana"))
    assert scene.ticket("Mia").state is TicketState.IN_TREATMENT
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.recovery("Noor")
    assert scene.ticket("Noor").state is TicketState.WAITING
    scene.after(2)
    assert ana(scene).state is TherapistState.BREAK


def test_back_from_the_break_the_work_counts_from_zero() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    treat(scene, 8)
    scene.after(10)
    scene.ask(do.BeAvailable("ana"))
    assert (ana(scene).state, ana(scene).treatments_since_break) == (TherapistState.AVAILABLE, 0)


def test_after_six_hours_hands_on_no_more_runners_come() -> None:
    scene = Scene(race(ANA, BEN, rules=TentRules(hands_on_limit_minutes=30)), at=NOON)
    scene.available(ANA)
    treat(scene, 3)
    scene.recovery("Mia")
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.ask(do.GoHome("ana"))
    with pytest.raises(errors.HandsOnLimit):
        scene.ask(do.BeAvailable("ana"))


def test_going_home_waits_for_the_treatment_to_end() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.GoHome("ana"))
    assert ana(scene).state is TherapistState.IN_TREATMENT
    scene.ask(do.FinishTreatment("Mia", "ana"))
    assert kinds(scene.after(2)) == ["TherapistLeft"]


def test_going_home_twice_or_coming_twice_changes_nothing() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    assert scene.ask(do.BeAvailable("ana")) == ()
    scene.ask(do.GoHome("ana"))
    assert scene.ask(do.GoHome("ana")) == ()


def test_one_table_has_one_therapist() -> None:
    scene = Scene(race(ANA, BEN.but(table=1)), at=NOON)
    scene.available(ANA)
    with pytest.raises(errors.NotPossibleNow, match="Ana works at table 1"):
        scene.available(BEN)


def test_a_break_is_for_therapists_on_duty() -> None:
    with pytest.raises(errors.NotPossibleNow):
        Scene().ask(do.TakeBreak("ana"))
