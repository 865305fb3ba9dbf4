"""What the therapists can still do: rules 21 and 22."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.capacity import promised_share
from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import LaneName, LaneState
from tentqueue.domain.planning.plan import play
from tentqueue.domain.rules import TentRules
from tentqueue.domain.seen import facts_of
from tentqueue.domain.therapist import Shift
from tests.cast import ANA, BEN, NOON, WAVE_A, Scene, kinds, mins, race


def until(minutes: float) -> Shift:
    """A shift that ends this long after noon."""
    return Shift(NOON - mins(60), NOON + mins(minutes))


def test_a_lane_fills_up_by_therapist_minutes_and_opens_again_when_they_return() -> None:
    scene = Scene(race(ANA.but(shifts=(until(70),)), BEN.but(shifts=(until(240),))), at=NOON)
    scene.available(ANA)
    while scene.tent.lanes[LaneName.RECOVERY].state is LaneState.OPEN:
        scene.recovery(f"r{len(scene.tent.open)}")
        scene.after(0)
    assert 3 <= len(scene.tent.open) <= 5
    with pytest.raises(errors.LaneFull) as refusal:
        scene.recovery("one too many")
    assert [o["lane"] for o in refusal.value.facts["alternatives"]] == ["nextday"]
    scene.available(BEN)
    scene.after(0.1)
    assert scene.tent.lanes[LaneName.RECOVERY].state is LaneState.OPEN


def test_a_full_lane_opened_by_hand_stays_open() -> None:
    scene = Scene(race(ANA.but(shifts=(until(30),))), at=NOON)
    scene.available(ANA)
    scene.recovery("a")
    scene.recovery("b")
    scene.ask(do.CloseLane(LaneName.RECOVERY))
    scene.ask(do.OpenLane(LaneName.RECOVERY))
    scene.after(1)
    assert scene.tent.lanes[LaneName.RECOVERY].state is LaneState.OPEN


def test_where_allowed_recovery_is_shortened_when_the_wait_passes_three_quarters_of_an_hour() -> (
    None
):
    scene = Scene(race(ANA, rules=TentRules(shed_allowed=True)), at=NOON)
    scene.available(ANA)
    for number in range(6):
        scene.recovery(f"r{number}")
    scene.after(0.1)
    assert {t.minutes for t in scene.tent.line(LaneName.RECOVERY)} == {8}
    assert scene.recovery("late").minutes == 8


def test_where_not_allowed_nothing_is_shortened() -> None:
    scene = Scene(race(ANA), at=NOON)
    scene.available(ANA)
    for number in range(8):
        scene.recovery(f"r{number}")
    scene.after(0.1)
    assert {t.minutes for t in scene.tent.open.values()} == {12}


def test_a_warm_up_that_can_not_be_done_in_time_is_refused_at_once_with_an_offer() -> None:
    scene = Scene(at=WAVE_A - mins(50))
    scene.available(ANA)
    refused = None
    for number in range(8):
        try:
            scene.warmup(f"w{number}")
        except errors.WaveTooClose as refusal:
            refused = refusal
            break
    assert refused is not None
    assert 2 <= len(scene.tent.open) <= 4
    assert refused.facts["alternatives"][0]["lane"] == "recovery"


def test_the_last_safe_join_comes_earlier_as_the_line_grows() -> None:
    scene = Scene(at=WAVE_A - mins(80))
    scene.available(ANA)
    before = forecast(scene.tent, scene.now).last_safe_join("Half/A")
    scene.warmup("Mia")
    scene.warmup("Noor")
    after = forecast(scene.tent, scene.now).last_safe_join("Half/A")
    assert before is not None
    assert after is not None
    assert after < before < WAVE_A - mins(25)


def test_an_estimate_is_a_range_in_steps_of_five_minutes_from_the_first_minute() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    for number in range(4):
        scene.recovery(f"r{number}")
    told = forecast(scene.tent, scene.now)
    ranges = [told.of(t.code) for t in scene.tent.line(LaneName.RECOVERY)]
    assert all(r is not None for r in ranges)
    for each in ranges:
        assert each is not None
        assert each.from_at <= each.likely_at <= each.to_at
        assert each.from_at.minute % 5 == each.to_at.minute % 5 == 0
    starts = [r.likely_at for r in ranges if r]
    assert starts == sorted(starts)


def test_estimates_know_that_a_break_comes_first() -> None:
    scene = Scene(race(ANA), at=NOON)
    scene.available(ANA)
    scene.recovery("a")
    scene.ask(do.StartTreatment("a", "ana"))
    scene.recovery("b")
    usual = forecast(scene.tent, scene.now).of("R002")
    scene.ask(do.TakeBreak("ana"))
    rested = forecast(scene.tent, scene.now).of("R002")
    assert usual is not None
    assert rested is not None
    assert rested.likely_at - usual.likely_at >= mins(8)


def test_shorter_treatments_end_when_the_wait_is_half_of_the_limit() -> None:
    scene = Scene(race(ANA, BEN, rules=TentRules(shed_allowed=True)), at=NOON)
    scene.available(ANA)
    for number in range(6):
        scene.recovery(f"r{number}")
    scene.recovery("short", minutes=8)
    scene.after(0.1)
    assert scene.tent.lanes[LaneName.RECOVERY].shed_minutes == 8
    for ticket in scene.tent.line(LaneName.RECOVERY):
        scene.ask(do.LeaveLine(ticket.code))
    scene.after(0.1)
    assert scene.tent.lanes[LaneName.RECOVERY].shed_minutes is None
    assert scene.recovery("late").minutes == 12


def test_who_is_short_already_is_not_told_so_again() -> None:
    scene = Scene(race(ANA, rules=TentRules(shed_allowed=True)), at=NOON)
    scene.available(ANA)
    for number in range(6):
        scene.recovery(f"r{number}")
    scene.recovery("short", minutes=8)
    told = [e.code for e in scene.after(0.1) if type(e).__name__ == "LengthChanged"]
    assert scene.ticket("short").code not in told
    assert len(told) == 5


def test_an_event_without_recovery_sheds_nothing() -> None:
    whole = race(ANA, rules=TentRules(shed_allowed=True))
    only = {LaneName.WARMUP: whole.lanes[LaneName.WARMUP]}
    scene = Scene(replace(whole, lanes=only))
    scene.available(ANA)
    scene.warmup("Mia")
    scene.warmup("Noor")
    assert "LoadShed" not in kinds(scene.after(1))


def test_without_a_roster_nothing_is_full() -> None:
    scene = Scene(race(ANA), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    facts = facts_of(scene.tent, scene.now, coming=True)
    assert promised_share(facts, play(facts), LaneName.RECOVERY) == 0.0
    assert promised_share(facts, play(facts), LaneName.NEXTDAY) == 0.0


def test_an_empty_lane_is_never_full() -> None:
    scene = Scene(race(ANA.but(shifts=(until(3),))), at=NOON)
    scene.available(ANA)
    scene.after(1)
    assert scene.tent.lanes[LaneName.RECOVERY].state is LaneState.OPEN


def test_shorter_treatments_stay_while_the_wait_is_between_half_and_the_limit() -> None:
    scene = Scene(race(ANA, rules=TentRules(shed_allowed=True)), at=NOON)
    scene.available(ANA)
    for number in range(6):
        scene.recovery(f"r{number}")
    scene.after(0.1)
    assert "LoadShed" not in kinds(scene.after(0.1))
    assert scene.tent.lanes[LaneName.RECOVERY].shed_minutes == 8
