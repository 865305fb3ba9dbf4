"""At the table: rules 1, 7, 12 and 13."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import AgeGroup, ReferralCategory, TicketState
from tentqueue.domain.rules import TentRules
from tentqueue.domain.therapist import TherapistState
from tentqueue.domain.treatment import _guarded
from tests.cast import ANA, BEN, CHIDI, DORA, NOON, WAVE_A, Scene, kinds, mins, race


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


def test_who_was_called_to_the_tent_can_not_be_started_without_a_table() -> None:
    scene = started()
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.recovery("Noor")
    scene.ask(do.GoHome("ana"))
    assert (scene.ticket("Noor").state, scene.ticket("Noor").table) == (TicketState.CALLED, None)
    with pytest.raises(errors.NotPossibleNow, match="No table is free"):
        scene.ask(do.StartTreatment("Noor"))


def test_who_was_called_ahead_waits_until_the_table_is_clean() -> None:
    scene = started()
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.recovery("Noor")
    assert scene.ticket("Noor").therapist == "ana"
    with pytest.raises(errors.NotPossibleNow, match="Finish and clean it first"):
        scene.ask(do.StartTreatment("Noor", "ana"))


def test_hands_stay_off_until_the_cool_down_is_over() -> None:
    scene = Scene(race(rules=TentRules(call_before_ready_seconds=120)), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia", finished=8.5)
    scene.after(0.1)
    assert scene.ticket("Mia").state is TicketState.CALLED
    with pytest.raises(errors.NotPossibleNow, match="walk and drink") as refusal:
        scene.ask(do.StartTreatment("Mia", "ana"))
    assert refusal.value.facts["ready_at"] == (NOON + mins(1.5)).isoformat()
    scene.at(NOON + mins(1.5))
    scene.ask(do.StartTreatment("Mia", "ana"))


def test_a_minor_is_never_alone_with_a_student() -> None:
    scene = Scene(at=NOON)
    scene.available(DORA, CHIDI)
    minor = scene.recovery("Mia", age_group=AgeGroup.UNDER_18, guardian_consent=True)
    assert minor.therapist == "dora"
    given = minor.but(therapist="chidi")
    with pytest.raises(errors.SupervisorNeeded):
        _guarded(given, scene.tent.therapists["chidi"], do.StartTreatment("Mia", "chidi"))


@pytest.mark.parametrize(
    ("age", "agreed", "here", "starts"),
    [
        (AgeGroup.UNDER_18, True, False, True),
        (AgeGroup.UNDER_18, False, True, True),
        (AgeGroup.UNDER_18, False, False, False),
        (AgeGroup.UNDER_16, True, False, False),
        (AgeGroup.UNDER_16, False, True, True),
        (AgeGroup.ADULT, False, False, True),
    ],
)
def test_a_guardian_agrees_and_stays_with_the_youngest(
    age: AgeGroup, agreed: bool, here: bool, starts: bool
) -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia", age_group=age, guardian_consent=agreed)
    begin = do.StartTreatment("Mia", "ana", guardian_present=here)
    if starts:
        assert "TreatmentStarted" in kinds(scene.ask(begin))
    else:
        with pytest.raises(errors.GuardianNeeded):
            scene.ask(begin)


def test_a_warm_up_ends_by_the_waves_limit_and_is_not_extended_beyond_it() -> None:
    scene = Scene(at=WAVE_A - mins(35))
    scene.available(ANA)
    scene.warmup("Mia")
    scene.now = WAVE_A - mins(23)
    scene.ask(do.StartTreatment("Mia", "ana"))
    assert scene.ticket("Mia").planned_end_at == WAVE_A - mins(15)
    with pytest.raises(errors.WaveTooClose, match="more minutes"):
        scene.ask(do.ExtendTreatment("Mia", "ana", 1))


def test_a_warm_up_that_starts_after_its_limit_is_planned_in_full() -> None:
    scene = Scene(at=WAVE_A - mins(35))
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.ConfirmHere("Mia"))
    scene.now = WAVE_A - mins(15)
    scene.ask(do.StartTreatment("Mia", "ana"))
    assert scene.ticket("Mia").planned_end_at == WAVE_A - mins(5)


@pytest.mark.parametrize(("more", "fits"), [(0, False), (1, True), (8, True), (9, False)])
def test_a_treatment_is_extended_by_a_minute_or_more_up_to_the_longest(
    more: int, fits: bool
) -> None:
    scene = started()
    if fits:
        scene.ask(do.ExtendTreatment("Mia", "ana", more))
        assert scene.ticket("Mia").planned_end_at == NOON + mins(12 + more)
    else:
        with pytest.raises(errors.MinutesOutOfRange):
            scene.ask(do.ExtendTreatment("Mia", "ana", more))


def test_only_a_table_in_its_changeover_is_cleaned_and_by_its_own_therapist() -> None:
    scene = started()
    with pytest.raises(errors.NotPossibleNow, match="not in its changeover"):
        scene.ask(do.CleanTable("Mia", "ana"))
    scene.ask(do.FinishTreatment("Mia", "ana"))
    with pytest.raises(errors.CalledToAnother, match="treated at another table"):
        scene.ask(do.CleanTable("Mia", "ben"))
    assert kinds(scene.ask(do.CleanTable("Mia"))) == ["TableCleaned"]
    with pytest.raises(errors.NotPossibleNow):
        scene.ask(do.CleanTable("Mia"))


def test_a_therapist_refers_only_the_own_runner() -> None:
    scene = started()
    with pytest.raises(errors.CalledToAnother):
        scene.ask(do.ReferRunner("Mia", "ben"))
    scene.ask(do.ReferRunner("Mia"))
    assert scene.ticket("Mia").state is TicketState.REFERRED


def test_a_referral_from_the_line_frees_no_table() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    (event,) = scene.ask(do.ReferRunner("Mia"))
    assert getattr(event, "clean_at", "absent") is None


def test_who_is_treated_was_there_since_they_said_so_or_since_hands_were_on() -> None:
    assert started().ticket("Mia").here_at == NOON
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.ConfirmHere("Mia"))
    scene.now += mins(2)
    scene.ask(do.StartTreatment("Mia", "ana"))
    assert (scene.ticket("Mia").here_at, scene.ticket("Mia").started_at) == (NOON, NOON + mins(2))
