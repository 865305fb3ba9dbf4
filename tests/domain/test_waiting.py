"""While they wait: rules 3, 4, 6, 16 and 21."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import HoldReason, LaneName, Screening, TicketState
from tentqueue.domain.rules import TentRules
from tentqueue.domain.waiting import ends_near_start
from tests.cast import ANA, NINE, NOON, WAVE_A, Scene, kinds, mins, race


def test_more_time_is_only_for_those_who_wait_or_are_called() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    with pytest.raises(errors.NotPossibleNow, match="wait or are called"):
        scene.ask(do.GiveMoreTime("Mia"))


def test_more_time_is_ten_minutes_and_ends_by_itself() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.GiveMoreTime("Mia"))
    assert scene.ticket("Mia").hold_until == NOON + mins(10)
    scene.after(9.9)
    assert scene.ticket("Mia").state is TicketState.HELD
    scene.after(0.1)
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_more_time_that_still_leaves_the_shortest_warm_up_is_given() -> None:
    scene = Scene(at=WAVE_A - mins(30))
    scene.warmup("Mia")
    scene.ask(do.GiveMoreTime("Mia"))
    assert scene.ticket("Mia").hold is HoldReason.MORE_TIME
    late = Scene(at=WAVE_A - mins(29))
    late.warmup("Mia")
    with pytest.raises(errors.WaveTooClose, match="more time"):
        late.ask(do.GiveMoreTime("Mia"))


def test_who_had_more_time_and_is_here_is_back_in_line() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.GiveMoreTime("Mia"))
    events = scene.ask(do.ConfirmHere("Mia"))
    assert kinds(events) == ["RunnerArrived", "TicketReleased"]
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_saying_here_twice_is_harmless() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ask(do.ConfirmHere("Mia")) == ()


def test_the_runners_word_counts_as_a_finish_once_the_first_wave_has_started() -> None:
    scene = Scene()
    scene.recovery("Mia", finished=None)
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ticket("Mia").hold is HoldReason.FINISH
    scene.at(WAVE_A)
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ticket("Mia").ready_at == WAVE_A + mins(10)


def test_a_finish_of_somebody_who_is_not_held_for_it_changes_nothing() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia", bib_tag="mia")
    assert scene.ask(do.RecordFinish("mia", NOON - mins(30)), actor="system") == ()
    assert scene.ask(do.RecordFinish("nobody", NOON - mins(30)), actor="system") == ()


def test_staff_set_a_runner_aside_for_a_while() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.HoldTicket("Mia", minutes=7))
    assert (scene.ticket("Mia").hold, scene.ticket("Mia").hold_until) == (
        HoldReason.STAFF,
        NOON + mins(7),
    )
    scene.after(7)
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_nobody_is_set_aside_from_a_table() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    with pytest.raises(errors.NotPossibleNow, match="Finish it first"):
        scene.ask(do.HoldTicket("Mia"))


def test_where_screening_is_required_who_was_not_asked_stays_on_hold_after_the_cool_down() -> None:
    scene = Scene(race(rules=TentRules(screening_required=True)), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia", finished=2)
    scene.after(8)
    assert scene.ticket("Mia").hold is HoldReason.SCREENING
    scene.ask(do.ScreenRunner("Mia", Screening.OK))
    assert scene.ticket("Mia").state is TicketState.CALLED


def test_where_the_walk_counts_a_runner_is_let_go_a_little_before_the_cool_down_ends() -> None:
    scene = Scene(race(rules=TentRules(call_before_ready_seconds=60)), at=NOON)
    scene.recovery("Mia", finished=5)
    scene.after(3.9)
    assert scene.ticket("Mia").state is TicketState.HELD
    scene.after(0.1)
    assert scene.ticket("Mia").state is TicketState.WAITING


def test_answers_count_for_an_hour_and_not_a_minute_longer() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia", screening=Screening.OK)
    scene.after(59)
    assert scene.ticket("Mia").screening is Screening.OK
    scene.after(1)
    assert scene.ticket("Mia").screening is Screening.UNASKED
    assert scene.after(1) == ()


def test_a_runner_behind_a_short_line_keeps_the_own_place_after_a_missed_call() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    mine = scene.recovery("Mia").order
    scene.ask(do.MarkNoShow("Mia", "ana"))
    scene.recovery("Noor")
    scene.recovery("Olga")
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ticket("Mia").order == mine


def test_a_tent_that_gives_the_place_back_at_once_keeps_the_order() -> None:
    scene = Scene(race(rules=TentRules(back_at_front=0)), at=NOON)
    scene.available(ANA)
    mine = scene.recovery("Mia").order
    scene.ask(do.MarkNoShow("Mia", "ana"))
    for name in ("Noor", "Olga", "Pia"):
        scene.recovery(name)
    scene.ask(do.ConfirmHere("Mia"))
    assert scene.ticket("Mia").order == mine


def test_a_missed_call_that_nobody_answers_is_a_no_show_after_a_quarter_of_an_hour() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.MarkNoShow("Mia", "ana"))
    scene.after(14.9)
    assert scene.ticket("Mia").hold is HoldReason.MISSED
    scene.after(0.1)
    assert scene.ticket("Mia").state is TicketState.NO_SHOW


def test_who_is_called_and_here_is_not_closed_although_the_wave_is_close() -> None:
    scene = Scene(at=WAVE_A - mins(30))
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.ConfirmHere("Mia"))
    scene.after(14)
    assert scene.ticket("Mia").state is TicketState.CALLED


def test_who_still_waits_half_an_hour_after_the_lane_closed_is_let_go() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    closes = scene.tent.lanes[LaneName.RECOVERY].closes_at
    scene.at(closes + mins(29))
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.at(closes + mins(30))
    assert (scene.ticket("Mia").state, scene.ticket("Mia").reason) == (
        TicketState.EXPIRED,
        "lane_closed",
    )


def test_a_warm_up_is_closed_when_the_shortest_no_longer_fits() -> None:
    scene = Scene(at=NINE)
    scene.warmup("Mia")
    scene.at(WAVE_A - mins(20))
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.after(0.1)
    assert (scene.ticket("Mia").state, scene.ticket("Mia").reason) == (
        TicketState.EXPIRED,
        "wave_too_close",
    )


def without_a_table(name: str) -> Scene:
    """A runner called ahead, whose therapist went home; no table is left."""
    scene = Scene(at=WAVE_A - mins(40))
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.StartTreatment("Mia"))
    scene.warmup(name)
    scene.now += mins(10)
    scene.ask(do.FinishTreatment("Mia"))
    scene.ask(do.ConfirmHere(name))
    scene.ask(do.GoHome("ana"))
    return scene


def test_who_stands_in_the_tent_without_a_table_is_told_too_when_no_warm_up_fits_any_more() -> None:
    scene = without_a_table("Noor")
    scene.at(WAVE_A - mins(20))
    assert scene.ticket("Noor").state is TicketState.CALLED
    scene.after(0.1)
    assert scene.ticket("Noor").state is TicketState.EXPIRED
    assert scene.ticket("Noor").reason == "wave_too_close"


def test_no_table_is_found_for_a_warm_up_that_no_longer_fits() -> None:
    scene = without_a_table("Noor")
    scene.now = WAVE_A - mins(19.9)
    scene.ask(do.BeAvailable("ben"))
    assert (scene.ticket("Noor").state, scene.ticket("Noor").table) == (TicketState.CALLED, None)


def test_who_stands_at_a_free_table_of_their_own_is_the_therapists_to_judge() -> None:
    scene = Scene(at=WAVE_A - mins(25))
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.ConfirmHere("Mia"))
    scene.at(WAVE_A - mins(19))
    assert (scene.ticket("Mia").state, scene.ticket("Mia").therapist) == (TicketState.CALLED, "ana")


def test_answers_that_ran_out_between_two_ticks_are_gone_at_the_next() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia", screening=Screening.OK)
    scene.after(75)
    assert scene.ticket("Mia").screening is Screening.UNASKED


def test_a_second_miss_counts_two() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.MarkNoShow("Mia", "ana"))
    assert scene.ticket("Mia").misses == 1
    scene.ask(do.ConfirmHere("Mia"))
    scene.ask(do.MarkNoShow("Mia", "ana"))
    assert (scene.ticket("Mia").misses, scene.tent.counts.no_shows) == (2, 1)


def test_a_warm_up_that_ends_within_half_an_hour_of_the_wave_ends_near_the_start() -> None:
    scene = Scene()
    zoe = scene.warmup("zoe")
    assert ends_near_start(scene.tent, zoe, WAVE_A - mins(29))
    assert not ends_near_start(scene.tent, zoe, WAVE_A - mins(31))
    scene.at(NOON)
    assert not ends_near_start(scene.tent, scene.recovery("mia"), NOON + mins(12))
