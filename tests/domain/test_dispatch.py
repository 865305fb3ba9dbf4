"""Whose turn, with whom: rules 10, 14 to 17."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.dispatch import _call, _lull
from tentqueue.domain.model import AgeGroup, Gender, HoldReason, LaneName, TicketState
from tentqueue.domain.planning.discipline import Decision
from tentqueue.domain.rules import TentRules
from tentqueue.domain.therapist import PlannedBreak, Shift, TherapistState
from tentqueue.domain.turn import Turn
from tests.cast import ANA, BEN, CHIDI, DORA, NOON, WAVE_A, Scene, kinds, mins, race


def test_a_free_therapist_gets_a_runner_without_anyone_asking() -> None:
    scene = Scene()
    scene.warmup("Mia")
    events = scene.ask(do.BeAvailable("ana"))
    assert kinds(events) == ["TherapistArrived", "RunnerCalled"]
    assert scene.ticket("Mia").table == 1


def test_a_runner_who_joins_is_called_at_once_when_a_table_is_free() -> None:
    scene = Scene()
    scene.available(ANA)
    assert scene.warmup("Mia").state is TicketState.CALLED


def test_warm_ups_go_by_the_deadline_of_their_wave() -> None:
    scene = Scene(at=WAVE_A - mins(45))
    scene.warmup("Late", wave="Half/B")
    scene.warmup("Early", wave="Half/A")
    scene.available(ANA)
    assert scene.ticket("Early").state is TicketState.CALLED


def test_recovery_goes_by_who_was_ready_first() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Second", finished=2)
    scene.now += mins(1)
    scene.recovery("First", finished=40)
    scene.after(10)
    scene.available(ANA)
    assert scene.ticket("First").state is TicketState.CALLED


def test_nobody_is_called_by_two_therapists() -> None:
    scene = Scene()
    scene.warmup("Mia")
    scene.available(ANA, BEN)
    assert [t.state for t in (scene.tent.therapists["ana"], scene.tent.therapists["ben"])] == [
        TherapistState.CALLED,
        TherapistState.AVAILABLE,
    ]


def test_a_therapist_gets_only_the_lanes_they_work_in() -> None:
    scene = Scene()
    scene.warmup("Mia")
    scene.available(DORA)
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_a_student_without_a_supervisor_gets_nobody() -> None:
    scene = Scene()
    scene.warmup("Mia")
    scene.available(CHIDI)
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.available(DORA)
    assert scene.ticket("Mia").therapist == "chidi"


def test_a_minor_is_never_sent_to_a_student() -> None:
    scene = Scene()
    scene.available(DORA, CHIDI)
    assert scene.warmup("Mia", age_group=AgeGroup.UNDER_18).state is TicketState.WAITING


def test_a_preference_for_the_therapists_gender_is_kept() -> None:
    scene = Scene()
    scene.available(BEN)
    scene.warmup("Mia", prefers=Gender.WOMAN)
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.available(ANA)
    assert scene.ticket("Mia").therapist == "ana"


def test_among_free_therapists_the_least_tired_works() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.now += mins(8)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.after(3)
    scene.available(BEN)
    assert scene.warmup("Noor").therapist == "ben"


def test_the_next_runner_is_called_while_the_table_is_being_freed() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.warmup("Noor")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.after(6)
    assert scene.ticket("Noor").state is TicketState.WAITING
    scene.after(3.5)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    assert scene.ticket("Noor").state is TicketState.CALLED
    assert scene.tent.therapists["ana"].next == "W002"
    with pytest.raises(errors.NotPossibleNow):
        scene.ask(do.StartTreatment("Noor", "ana"))
    scene.ask(do.CleanTable("Mia", "ana"))
    scene.ask(do.StartTreatment("Noor", "ana"))


def test_a_called_runner_is_called_again_after_ninety_seconds() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    assert kinds(scene.after(1.5)) == ["RunnerRecalled"]
    assert kinds(scene.after(0.5)) == []


def test_after_three_minutes_a_missed_call_keeps_the_place_for_a_quarter_of_an_hour() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.after(3)
    ticket = scene.ticket("Mia")
    assert (ticket.hold, ticket.hold_until) == (HoldReason.MISSED, scene.now + mins(15))
    scene.after(15)
    assert scene.ticket("Mia").state is TicketState.NO_SHOW


def test_who_missed_a_call_comes_back_behind_the_first_two() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia", finished=60)
    for name in ("Noor", "Olga", "Pia", "Quim"):
        scene.recovery(name, finished=30)
    scene.after(3)
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ticket("Noor").state is TicketState.CALLED
    assert [t.id for t in scene.tent.line(LaneName.RECOVERY)] == ["Olga", "Pia", "Mia", "Quim"]


def test_a_second_miss_is_a_no_show() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.MarkNoShow("Mia", "ana"))
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ticket("Mia").state is TicketState.CALLED
    scene.ask(do.MarkNoShow("Mia", "ana"))
    assert scene.ticket("Mia").state is TicketState.NO_SHOW


def test_a_runner_who_is_here_is_not_chased() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.ConfirmHere("Mia"))
    assert kinds(scene.after(4)) == []


def test_more_time_is_given_once_and_frees_the_table() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.warmup("Noor")
    scene.ask(do.GiveMoreTime("Mia"))
    assert scene.ticket("Mia").hold is HoldReason.MORE_TIME
    assert scene.ticket("Noor").therapist == "ana"
    with pytest.raises(errors.MoreTimeUsed):
        scene.ask(do.GiveMoreTime("Mia"))


def test_more_time_that_would_miss_the_wave_is_refused() -> None:
    scene = Scene(at=WAVE_A - mins(27))
    scene.warmup("Mia")
    with pytest.raises(errors.WaveTooClose):
        scene.ask(do.GiveMoreTime("Mia"))


def test_a_warm_up_that_can_no_longer_end_in_time_is_closed() -> None:
    scene = Scene(at=WAVE_A - mins(30))
    scene.warmup("Mia")
    scene.after(11)
    assert scene.ticket("Mia").state is TicketState.EXPIRED


def test_a_paused_lane_calls_nobody() -> None:
    scene = Scene()
    scene.ask(do.PauseLane(LaneName.WARMUP))
    scene.ask(do.OpenLane(LaneName.WARMUP))
    scene.warmup("Mia")
    scene.ask(do.PauseLane(LaneName.WARMUP))
    scene.available(ANA)
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.ask(do.OpenLane(LaneName.WARMUP))
    assert scene.ticket("Mia").state is TicketState.CALLED


def test_a_therapist_who_goes_on_a_break_sends_the_called_runner_to_another_table() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.available(BEN)
    scene.ask(do.TakeBreak("ana"))
    assert scene.ticket("Mia").therapist == "ben"
    assert scene.tent.therapists["ana"].state is TherapistState.BREAK


def test_a_runner_called_ahead_is_not_given_up_while_the_table_is_still_busy() -> None:
    scene = Scene(race(rules=TentRules(respond_seconds=60)), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.recovery("Noor")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.now += mins(12)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    assert "CallMissed" not in kinds(scene.after(1.9))
    assert kinds(scene.after(0.1)) == ["TableCleaned"]
    assert "CallMissed" not in kinds(scene.after(1.4))
    assert kinds(scene.after(0.2)) == ["CallMissed"]


def test_a_recall_by_hand_gives_half_the_time_again() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    respond_by = scene.ticket("Mia").respond_by
    scene.now += mins(1)
    scene.ask(do.RecallRunner("Mia", "ana"))
    assert scene.ticket("Mia").respond_by == respond_by == NOON + mins(3)
    scene.now += mins(1.5)
    scene.ask(do.RecallRunner("Mia"))
    assert (scene.ticket("Mia").respond_by, scene.ticket("Mia").calls) == (scene.now + mins(1.5), 3)


@pytest.mark.parametrize("aside", [do.MarkNoShow("Mia", "ana"), do.HoldTicket("Mia")])
def test_staff_call_back_whoever_was_set_aside(aside: do.Command) -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(aside)
    assert kinds(scene.ask(do.RecallRunner("Mia")))[:1] == ["TicketReleased"]
    assert scene.ticket("Mia").state is TicketState.CALLED


def test_nobody_is_called_again_who_was_never_called() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    with pytest.raises(errors.NotPossibleNow, match="can be called again"):
        scene.ask(do.RecallRunner("Mia"))
    with pytest.raises(errors.NotPossibleNow, match="can be a no-show"):
        scene.ask(do.MarkNoShow("Mia"))


def test_another_tables_runner_is_not_called_again_nor_given_up() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.available(BEN)
    for press in (do.RecallRunner("Mia", "ben"), do.MarkNoShow("Mia", "ben")):
        with pytest.raises(errors.CalledToAnother) as refusal:
            scene.ask(press)
        assert refusal.value.facts == {"ticket": "R001", "table": 1}


def test_who_missed_a_call_and_is_given_up_by_hand_is_a_no_show() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.MarkNoShow("Mia", "ana"))
    scene.ask(do.MarkNoShow("Mia"))
    assert scene.ticket("Mia").state is TicketState.NO_SHOW


def test_the_second_call_comes_once_after_a_minute_and_a_half() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    assert scene.after(1.4) == ()
    assert kinds(scene.after(0.1)) == ["RunnerRecalled"]
    assert scene.after(1) == ()
    assert kinds(scene.after(0.5)) == ["CallMissed"]


def test_whoever_stands_in_the_tent_takes_the_table_of_one_who_still_walks() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.recovery("Noor")
    scene.now += mins(2.5)
    scene.ask(do.ConfirmHere("Noor"))
    scene.after(0.1)
    assert (scene.ticket("Noor").therapist, scene.ticket("Mia").therapist) == ("ana", None)
    assert {scene.ticket(name).state for name in ("Mia", "Noor")} == {TicketState.CALLED}


def test_a_called_runner_in_the_tent_takes_the_idle_table_from_one_on_the_way() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA, BEN)
    scene.recovery("Mia")
    scene.recovery("Noor")
    tables = {name: scene.ticket(name).therapist for name in ("Mia", "Noor")}
    scene.now += mins(1)
    scene.ask(do.ConfirmHere("Noor"))
    scene.ask(do.GoHome(tables["Noor"] or ""))
    assert scene.ticket("Noor").therapist == tables["Mia"]
    assert (scene.ticket("Mia").state, scene.ticket("Mia").therapist) == (TicketState.CALLED, None)


def test_a_planned_break_is_taken_while_nobody_waits() -> None:
    rest = PlannedBreak(NOON, NOON + mins(60), 10)
    shift = Shift(NOON - mins(60), NOON + mins(240))
    scene = Scene(race(ANA.but(breaks=(rest,), shifts=(shift,))), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia", finished=0)
    assert scene.tent.therapists["ana"].state is TherapistState.BREAK


def test_who_was_called_to_a_table_whose_shift_ends_first_gets_another() -> None:
    until = Shift(NOON - mins(60), NOON + mins(10))
    scene = Scene(race(ANA.but(shifts=(until,)), BEN), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    assert scene.ticket("Mia").therapist == "ana"
    scene.ask(do.ConfirmHere("Mia"))
    scene.available(BEN)
    assert scene.after(3) == ()
    assert kinds(scene.after(0.1)) == ["TableGiven"]
    assert scene.ticket("Mia").therapist == "ben"


def test_a_decision_that_events_have_passed_calls_nobody_twice_and_cuts_nobody_short() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    late = Turn(scene.tent, NOON)
    _call(late, Decision("call", "R001", "ana", "next_in_line"))
    _lull(late, Decision("break", None, "ana", "lull"))
    assert late.events == []


def test_who_walks_to_a_table_that_closes_before_the_end_waits_in_the_tent_for_another() -> None:
    until = Shift(NOON - mins(60), NOON + mins(10))
    slow = TentRules(respond_seconds=900)
    scene = Scene(race(ANA.but(shifts=(until,)), rules=slow), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.after(2.9)
    assert scene.ticket("Mia").table == 1
    (given,) = scene.after(0.2)
    assert given == ev.TableGiven(scene.now, "R001", None, None, "shift_ends")
