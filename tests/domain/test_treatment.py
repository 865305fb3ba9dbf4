"""At the table: rules 1, 7, 12 and 13."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import ReferralCategory, TherapistState, TicketState
from tests.cast import ANA, BEN, NOON, Scene, kinds, mins


def started(name: str = "Mia") -> Scene:
    """Ana has just begun a runner's recovery; more wait for nobody."""
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery(name)
    scene.ask(do.StartTreatment(name, "ana"))
    return scene


def test_start_finish_clean_is_a_treatment() -> None:
    scene = started()
    scene.now += mins(11)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    ana = scene.tent.therapists["ana"]
    assert (ana.state, ana.treated, ana.hands_on_for) == (TherapistState.CHANGEOVER, 1, mins(11))
    scene.ask(do.CleanTable("Mia", "ana"))
    assert scene.tent.therapists["ana"].state is TherapistState.AVAILABLE
    assert scene.ticket("Mia").state is TicketState.DONE


def test_a_table_that_is_not_clean_is_not_free() -> None:
    scene = started()
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.recovery("Noor")
    with pytest.raises(errors.NotPossibleNow):
        scene.ask(do.StartTreatment("Noor"))


def test_after_two_minutes_the_table_counts_as_clean() -> None:
    scene = started()
    scene.ask(do.FinishTreatment("Mia", "ana"))
    assert kinds(scene.after(2)) == ["TableCleaned"]


def test_only_the_therapist_it_is_called_to_may_start() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA, BEN)
    scene.recovery("Mia")
    other = "ben" if scene.ticket("Mia").therapist == "ana" else "ana"
    with pytest.raises(errors.CalledToAnother):
        scene.ask(do.StartTreatment("Mia", other))


def test_two_presses_of_start_are_one_treatment() -> None:
    scene = started()
    with pytest.raises(errors.NotPossibleNow) as refusal:
        scene.ask(do.StartTreatment("Mia", "ana"))
    assert refusal.value.facts["state"] == "in_treatment"


def test_five_minutes_more_up_to_the_lanes_longest() -> None:
    scene = started()
    scene.ask(do.ExtendTreatment("Mia", "ana"))
    assert scene.tent.therapists["ana"].until == scene.now + mins(17)
    with pytest.raises(errors.MinutesOutOfRange):
        scene.ask(do.ExtendTreatment("Mia", "ana"))


def test_a_forgotten_finish_is_released_after_a_quarter_of_an_hour() -> None:
    scene = started()
    assert kinds(scene.after(12 + 14.9)) == []
    assert "TreatmentFinished" in kinds(scene.after(0.2))
    assert scene.ticket("Mia").reason == "released"


def test_a_referral_during_a_treatment_frees_the_table_after_its_changeover() -> None:
    scene = started()
    scene.now += mins(3)
    scene.ask(do.ReferRunner("Mia", "ana", ReferralCategory.INJURY))
    ana = scene.tent.therapists["ana"]
    assert (ana.state, ana.until) == (TherapistState.CHANGEOVER, scene.now + mins(2))
    assert scene.ticket("Mia").referral is ReferralCategory.INJURY


def test_a_closed_ticket_can_not_be_referred_or_started() -> None:
    scene = started()
    scene.ask(do.FinishTreatment("Mia", "ana"))
    for command in (do.ReferRunner("Mia"), do.StartTreatment("Mia"), do.HoldTicket("Mia")):
        with pytest.raises(errors.NotPossibleNow):
            scene.ask(command)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(errors.UnknownTicket):
        Scene().ask(do.StartTreatment("W999"))
