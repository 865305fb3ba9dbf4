"""What events do to the tent where no command of today leads."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.evolution import evolve
from tentqueue.domain.model import LaneName, TicketState
from tentqueue.domain.therapist import PlannedBreak, TherapistState
from tests.cast import ANA, BEN, NOON, Scene, mins, race


def called() -> Scene:
    """Mia is called to Ana."""
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    return scene


def test_leaving_frees_the_table_that_waited() -> None:
    scene = called()
    scene.ask(do.LeaveLine("Mia"))
    assert scene.tent.therapists["ana"].state is TherapistState.AVAILABLE
    assert scene.tent.counts.left == 1


def test_one_called_ahead_who_leaves_leaves_the_treatment_alone() -> None:
    scene = called()
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.recovery("Noor")
    assert scene.tent.therapists["ana"].next == scene.ticket("Noor").code
    scene.ask(do.LeaveLine("Noor"))
    ana = scene.tent.therapists["ana"]
    assert (ana.state, ana.next) == (TherapistState.CHANGEOVER, None)


def test_a_ticket_called_by_somebody_who_is_no_more_frees_nobody() -> None:
    scene = called()
    without = scene.tent.but(therapists={})
    after = evolve(without, ev.RunnerLeft(NOON, "R001"))
    assert after.ticket("R001").state is TicketState.LEFT
    assert after.therapists == {}


def test_a_table_that_has_another_runner_by_now_is_not_freed() -> None:
    scene = called()
    ana = scene.tent.therapists["ana"]
    moved = scene.tent.with_therapist(ana.but(ticket="R900"))
    after = evolve(moved, ev.RunnerLeft(NOON, "R001"))
    assert after.therapists["ana"].ticket == "R900"


def test_a_finish_on_paper_of_a_table_with_a_next_runner_calls_them_to_it() -> None:
    scene = called()
    scene.ask(do.StartTreatment("Mia", "ana"))
    busy = scene.tent.therapists["ana"]
    tent = scene.tent.with_therapist(busy.but(next="R900"))
    after = evolve(tent, ev.TreatmentWrittenUp(NOON + mins(9), "R001", "ana", 1, NOON))
    ana = after.therapists["ana"]
    assert (ana.state, ana.ticket, ana.next) == (TherapistState.CALLED, "R900", None)


def test_who_lingers_at_the_tent_teaches_nothing_about_walks() -> None:
    lingering, walking = Scene(at=NOON), Scene(at=NOON)
    for scene, near in ((lingering, True), (walking, False)):
        scene.available(ANA)
        scene.recovery("Mia", at_tent=near)
        scene.now += mins(1)
        scene.ask(do.ConfirmHere("Mia"))
    assert lingering.tent.learnt.walk == Scene().tent.learnt.walk
    assert walking.tent.learnt.walk < lingering.tent.learnt.walk


@pytest.mark.parametrize("minutes", [0, 8])
def test_a_day_counts_what_became_of_each(minutes: int) -> None:
    scene = called()
    scene.available(BEN)
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.now += mins(minutes)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    for name in ("Noor", "Olga"):
        scene.recovery(name)
    scene.ask(do.ReferRunner("Noor"))
    scene.ask(do.LeaveLine("Olga"))
    counts = scene.tent.counts
    assert (counts.treated, counts.referred, counts.left, counts.no_shows) == (
        {LaneName.RECOVERY: 1},
        1,
        1,
        0,
    )


def test_each_call_counts() -> None:
    scene = called()
    assert scene.ticket("Mia").calls == 1
    scene.ask(do.MarkNoShow("Mia", "ana"))
    scene.ask(do.ConfirmHere("Mia"))
    assert (scene.ticket("Mia").state, scene.ticket("Mia").calls) == (TicketState.CALLED, 2)
    scene.ask(do.RecallRunner("Mia"))
    assert scene.ticket("Mia").calls == 3


def test_a_therapists_treatments_add_up_until_the_break() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    for number in (1, 2, 3):
        scene.recovery(f"r{number}")
        scene.ask(do.StartTreatment(f"r{number}", "ana"))
        scene.now += mins(10)
        scene.ask(do.FinishTreatment(f"r{number}", "ana"))
        scene.ask(do.CleanTable(f"r{number}", "ana"))
        ana = scene.tent.therapists["ana"]
        assert (ana.treated, ana.treatments_since_break) == (number, number)
        assert ana.hands_on_for == mins(10 * number)
    scene.ask(do.TakeBreak("ana"))
    scene.ask(do.BeAvailable("ana"))
    ana = scene.tent.therapists["ana"]
    assert (ana.treated, ana.treatments_since_break, ana.worked_since_at) == (3, 0, scene.now)


def test_a_planned_break_that_was_taken_early_is_still_to_come() -> None:
    rest = PlannedBreak(NOON + mins(60), NOON + mins(90), 10)
    scene = Scene(race(ANA.but(breaks=(rest,))), at=NOON)
    scene.available(ANA)
    scene.ask(do.TakeBreak("ana"))
    assert scene.tent.therapists["ana"].breaks == (rest,)
    scene.ask(do.BeAvailable("ana"))
    scene.now = NOON + mins(70)
    scene.ask(do.TakeBreak("ana"))
    assert scene.tent.therapists["ana"].breaks == ()


def test_paper_treatments_add_up_too() -> None:
    scene = Scene(at=NOON)
    for name in ("Mia", "Noor", "Olga"):
        scene.recovery(name)
    scene.now += mins(60)
    for number, name in enumerate(("Mia", "Noor", "Olga")):
        began = NOON + mins(15 * number)
        scene.ask(do.WriteUpTreatment(name, began, began + mins(9), table=1))
    ana = scene.tent.therapists["ana"]
    assert (ana.treated, ana.treatments_since_break, ana.hands_on_for) == (3, 3, mins(27))
    assert scene.tent.counts.treated == {LaneName.RECOVERY: 3}
