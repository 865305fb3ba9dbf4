"""Into the line: rules 1, 3 to 6 and 8."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.appointments import free_times
from tentqueue.domain.model import (
    AgeGroup,
    Area,
    HoldReason,
    LaneName,
    RunnerClass,
    Screening,
    TicketState,
)
from tentqueue.domain.race_event import Wave
from tentqueue.domain.rules import TentRules
from tests.cast import ANA, NINE, NOON, WAVE_A, Scene, kinds, mins, race


def test_a_warm_up_is_ten_minutes_and_ends_a_quarter_of_an_hour_before_the_wave() -> None:
    ticket = Scene().warmup("Mia")
    assert (ticket.code, ticket.minutes, ticket.deadline_at) == ("W001", 10, WAVE_A - mins(15))


def test_when_ten_minutes_no_longer_fit_five_are_offered() -> None:
    scene = Scene(at=WAVE_A - mins(22))
    with pytest.raises(errors.WaveTooClose) as refusal:
        scene.warmup("Mia")
    assert refusal.value.facts["alternatives"][0] == {"lane": "warmup", "minutes": 5}
    assert scene.warmup("Mia", minutes=5).minutes == 5


def test_when_five_minutes_do_not_fit_recovery_is_offered_instead() -> None:
    scene = Scene(at=WAVE_A - mins(19))
    with pytest.raises(errors.WaveTooClose) as refusal:
        scene.warmup("Mia", minutes=5)
    assert next(offer["lane"] for offer in refusal.value.facts["alternatives"]) == "recovery"


def test_the_deadline_is_that_of_the_runners_own_wave() -> None:
    scene = Scene(at=WAVE_A - mins(10))
    assert scene.warmup("Mia", wave="B").deadline_at == WAVE_A + mins(15)


@pytest.mark.parametrize("wave", [None, "C", "Half"])
def test_a_warm_up_without_a_clear_wave_is_refused_with_the_list_of_waves(wave: str | None) -> None:
    with pytest.raises((errors.WaveNeeded, errors.UnknownWave), match="Half/A, Half/B"):
        Scene().ask(do.JoinLane("Mia", LaneName.WARMUP, True, wave=wave))


@pytest.mark.parametrize("minutes", [0, 4, 16, 600])
def test_lengths_outside_the_lanes_bounds_are_refused(minutes: int) -> None:
    with pytest.raises(errors.MinutesOutOfRange):
        Scene().warmup("Mia", minutes=minutes)


def test_recovery_is_held_until_ten_minutes_after_the_finish() -> None:
    scene = Scene(at=NOON)
    assert scene.recovery("Mia", finished=4).hold is HoldReason.COOLDOWN
    scene.after(5)
    assert scene.ticket("Mia").state is TicketState.HELD
    scene.after(1)
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_on_a_hot_day_the_cool_down_is_twenty_minutes() -> None:
    scene = Scene(race(rules=TentRules(heat=True)), at=NOON)
    assert scene.recovery("Mia", finished=4).ready_at == NOON + mins(16)


def test_a_recovery_ticket_taken_before_the_race_waits_for_the_finish_time() -> None:
    scene = Scene()
    ticket = scene.recovery("Mia", finished=None, bib_tag="mia")
    assert (ticket.state, ticket.hold) == (TicketState.HELD, HoldReason.FINISH)
    scene.at(NOON)
    scene.ask(do.RecordFinish("mia", NOON - mins(2)), actor="system")
    assert scene.ticket("Mia").ready_at == NOON + mins(8)
    scene.after(8)
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_without_a_finish_time_the_cool_down_counts_from_joining() -> None:
    assert Scene(at=NOON).recovery("Mia", finished=None).ready_at == NOON + mins(10)


@pytest.mark.parametrize("finished", [-5, 60 * 25])
def test_a_finish_in_the_future_or_of_another_day_is_refused(finished: float) -> None:
    with pytest.raises(errors.FinishTooFar):
        Scene(at=NOON).recovery("Mia", finished=finished)


def test_nobody_joins_without_consent() -> None:
    with pytest.raises(errors.ConsentNeeded):
        Scene().ask(do.JoinLane("Mia", LaneName.WARMUP, False, wave="Half/A"))


def test_a_red_flag_refers_at_once_and_the_runner_is_never_called() -> None:
    scene = Scene()
    scene.available(ANA)
    ticket = scene.warmup("Mia", screening=Screening.REFER)
    assert ticket.state is TicketState.REFERRED
    assert "RunnerCalled" not in kinds(scene.after(1))


def test_a_red_flag_after_the_call_frees_the_table_for_the_next() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.warmup("Noor")
    scene.ask(do.ScreenRunner("Mia", Screening.REFER))
    assert scene.ticket("Mia").state is TicketState.REFERRED
    assert scene.ticket("Noor").therapist == "ana"


def test_answers_expire_after_an_hour() -> None:
    scene = Scene()
    scene.warmup("Mia", wave="Half/B", screening=Screening.OK, avoid=(Area.FEET,))
    scene.after(60)
    ticket = scene.ticket("Mia")
    assert (ticket.screening, ticket.avoid) == (Screening.UNASKED, (Area.FEET,))


def test_an_outcome_that_names_nothing_to_avoid_leaves_it_and_one_that_does_replaces_it() -> None:
    scene = Scene()
    scene.warmup("Mia", wave="Half/B", screening=Screening.UNASKED, avoid=(Area.FEET,))
    scene.ask(do.ScreenRunner("Mia", Screening.OK))
    assert scene.ticket("Mia").avoid == (Area.FEET,)
    scene.ask(do.ScreenRunner("Mia", Screening.OK, ()))
    assert scene.ticket("Mia").avoid == ()


def test_where_screening_is_required_nobody_unscreened_is_called() -> None:
    scene = Scene(race(rules=TentRules(screening_required=True)))
    scene.available(ANA)
    assert scene.warmup("Mia").hold is HoldReason.SCREENING
    scene.ask(do.ScreenRunner("Mia", Screening.OK))
    assert scene.ticket("Mia").state is TicketState.CALLED


def test_a_closed_lane_refuses_with_what_else_is_open() -> None:
    scene = Scene()
    scene.ask(do.CloseLane(LaneName.WARMUP))
    with pytest.raises(errors.LaneClosed) as refusal:
        scene.warmup("Mia")
    assert {o["lane"] for o in refusal.value.facts["alternatives"]} == {"recovery", "nextday"}


def test_leaving_twice_is_harmless() -> None:
    scene = Scene()
    scene.warmup("Mia")
    assert kinds(scene.ask(do.LeaveLine("Mia"))) == ["RunnerLeft"]
    assert scene.ask(do.LeaveLine("Mia")) == ()


def test_a_called_runner_who_leaves_frees_the_table() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.warmup("Noor")
    scene.ask(do.LeaveLine("Mia"))
    assert scene.ticket("Noor").table == 1


def test_erasing_leaves_nothing_of_the_bib_or_the_areas() -> None:
    scene = Scene()
    scene.warmup("Mia", bib_tag="12", areas=(Area.KNEES,), avoid=(Area.FEET,))
    scene.ask(do.EraseTicket("Mia"))
    ticket = scene.ticket("Mia")
    assert (ticket.bib_tag, ticket.areas, ticket.avoid) == (None, (), ())
    assert scene.tent.ticket_of_bib("12") is None


def test_a_wheelchair_runner_has_twenty_minutes_credit() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia", finished=30)
    scene.recovery("Noor", finished=15, runner_class=RunnerClass.WHEELCHAIR)
    assert [t.id for t in scene.tent.line(LaneName.RECOVERY)] == ["Noor", "Mia"]


def test_under_16_the_guardian_must_be_there() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia", age_group=AgeGroup.UNDER_16, guardian_consent=True)
    with pytest.raises(errors.GuardianNeeded):
        scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.StartTreatment("Mia", "ana", guardian_present=True))
    assert scene.ticket("Mia").state is TicketState.IN_TREATMENT


def test_next_day_appointments_start_eighteen_hours_after_the_finish() -> None:
    scene = Scene(at=NOON)
    finished = NOON - mins(30)
    ask = do.JoinLane("Mia", LaneName.NEXTDAY, True, finished_at=finished)
    scene.ask(ask)
    assert scene.ticket("Mia").hold is HoldReason.APPOINTMENT
    ready_at = scene.ticket("Mia").ready_at
    assert ready_at is not None
    assert ready_at >= finished + mins(18 * 60)
    assert ready_at >= NINE + mins(24 * 60)


def test_a_runner_without_a_timing_chip_says_when_they_have_finished() -> None:
    scene = Scene()
    scene.ask(do.JoinLane("maya", LaneName.RECOVERY, True, before_finish=True))
    scene.ask(do.ConfirmHere("maya"))
    assert scene.ticket("maya").hold is HoldReason.FINISH, "nobody finishes before the start"
    scene.at(NOON)
    scene.ask(do.ConfirmHere("maya"))
    maya = scene.ticket("maya")
    assert (maya.hold, maya.ready_at, maya.here_at) == (HoldReason.COOLDOWN, NOON + mins(10), NINE)


def test_with_one_wave_only_nobody_needs_to_name_it() -> None:
    one = (Wave("Half/A", "Half", "A", WAVE_A),)
    scene = Scene(race(waves=one))
    scene.ask(do.JoinLane("Mia", LaneName.WARMUP, True))
    assert scene.ticket("Mia").wave == "Half/A"


def test_a_lane_that_is_not_offered_is_refused_with_those_that_are() -> None:
    whole = race()
    only = {LaneName.RECOVERY: whole.lanes[LaneName.RECOVERY]}
    scene = Scene(replace(whole, lanes=only), at=NOON)
    with pytest.raises(errors.UnknownLane, match="Choose one of: recovery"):
        scene.warmup("Mia")
    assert free_times(scene.tent, NOON) == ()


def test_a_therapist_nobody_knows_is_refused() -> None:
    with pytest.raises(errors.UnknownTherapist):
        Scene().ask(do.BeAvailable("nobody"))


def test_nobody_leaves_or_is_erased_from_a_table() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    with pytest.raises(errors.NotPossibleNow, match="therapist to stop"):
        scene.ask(do.LeaveLine("Mia"))
    with pytest.raises(errors.NotPossibleNow, match="until the treatment is over"):
        scene.ask(do.EraseTicket("Mia"))


def test_a_runner_is_forgotten_from_the_line_and_after_it() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    assert kinds(scene.ask(do.EraseTicket("Mia"))) == ["RunnerLeft", "TicketErased"]
    assert scene.ticket("Mia").reason == "erased"
    assert kinds(scene.ask(do.EraseTicket("Mia"))) == ["TicketErased"]


def test_answers_that_change_nothing_keep_the_place() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    assert kinds(scene.ask(do.ScreenRunner("Mia", Screening.ASK))) == ["RunnerScreened"]
    assert scene.ticket("Mia").state is TicketState.WAITING


@pytest.mark.parametrize(("minutes", "fits"), [(7, False), (8, True), (20, True), (21, False)])
def test_recovery_has_eight_to_twenty_minutes(minutes: int, fits: bool) -> None:
    scene = Scene(at=NOON)
    if fits:
        assert scene.recovery("Mia", minutes=minutes).minutes == minutes
    else:
        with pytest.raises(errors.MinutesOutOfRange, match="between 8 and 20"):
            scene.recovery("Mia", minutes=minutes)


@pytest.mark.parametrize("ago", [-2, 24 * 60])
def test_a_finish_of_a_day_ago_or_by_a_clock_two_minutes_off_is_taken(ago: float) -> None:
    scene = Scene(at=NOON)
    assert scene.recovery("Mia", finished=ago).finished_at == NOON - mins(ago)
    with pytest.raises(errors.FinishTooFar):
        scene.recovery("Noor", finished=ago + (0.1 if ago > 0 else -0.1))


def test_credit_is_twenty_minutes_and_no_more_than_anybody_may_be_overtaken_by() -> None:
    plain = Scene(at=NOON).recovery("Mia").order
    wheels = Scene(at=NOON).recovery("Mia", runner_class=RunnerClass.WHEELCHAIR).order
    capped = Scene(race(rules=TentRules(max_credit_minutes=5)), at=NOON)
    less = capped.recovery("Mia", runner_class=RunnerClass.WHEELCHAIR).order
    assert (plain[0] - wheels[0], plain[0] - less[0]) == (1200, 300)


def test_before_the_first_start_recovery_waits_for_the_finish_afterwards_not() -> None:
    scene = Scene(at=WAVE_A - mins(0.1))
    assert scene.recovery("Mia", finished=None).hold is HoldReason.FINISH
    scene.at(NINE + mins(150))
    assert scene.recovery("Noor", finished=None).hold is HoldReason.COOLDOWN


@pytest.mark.parametrize(
    ("first", "then"),
    [(LaneName.RECOVERY, LaneName.WARMUP), (LaneName.WARMUP, LaneName.RECOVERY)],
)
def test_another_lane_is_open_to_who_was_treated_a_moment_ago(
    first: LaneName, then: LaneName
) -> None:
    late = (Wave("Half/A", "Half", "A", NOON + mins(120)),)
    whole = race(waves=late)
    always = {
        name: replace(plan, opens_at=NOON - mins(60), closes_at=NOON + mins(300))
        for name, plan in whole.lanes.items()
    }
    scene = Scene(replace(whole, lanes=always), at=NOON)
    scene.available(ANA)
    scene.ask(do.JoinLane("Mia", first, True, bib_tag="mia"))
    scene.now += mins(0.1)
    if first is LaneName.RECOVERY:
        scene.ask(do.LeaveLine("Mia"))
        scene.ask(do.JoinLane("Mia2", first, True, bib_tag="mia", finished_at=NOON - mins(30)))
    name = "Mia2" if first is LaneName.RECOVERY else "Mia"
    scene.ask(do.StartTreatment(name, "ana"))
    scene.ask(do.FinishTreatment(name, "ana"))
    scene.ask(do.JoinLane("again", then, True, bib_tag="mia"))
    assert scene.ticket("again").lane is then


def test_a_wave_gives_recovery_no_deadline() -> None:
    ticket = Scene(at=NOON).recovery("Mia", wave="Half/A")
    assert (ticket.wave, ticket.deadline_at) == ("Half/A", None)
