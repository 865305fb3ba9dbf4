"""Whether a newcomer is let in: rules 3, 4, 5 and 21."""

from __future__ import annotations

import pytest

from tentqueue.domain import admission, errors
from tentqueue.domain import commands as do
from tentqueue.domain.model import LaneName, LaneState, TicketState
from tentqueue.domain.rules import TentRules
from tests.cast import ANA, DORA, NINE, NOON, WAVE_A, Scene, mins, race


def test_a_lane_that_is_not_open_yet_says_when_it_opens() -> None:
    scene = Scene(at=NINE - mins(70))
    with pytest.raises(errors.LaneClosed, match="not open yet") as refusal:
        scene.warmup("Mia")
    assert refusal.value.facts["opens_at"] == (NINE - mins(60)).isoformat()
    assert refusal.value.facts["lane"] == "warmup"
    assert scene.at(NINE - mins(60))
    assert scene.warmup("Mia").code == "W001"


def test_a_lane_that_is_over_sends_to_the_desk() -> None:
    scene = Scene(at=NINE + mins(120))
    with pytest.raises(errors.LaneClosed, match="no more runners") as refusal:
        scene.warmup("Mia")
    assert [o["lane"] for o in refusal.value.facts["alternatives"]] == ["recovery", "nextday"]


def test_recovery_may_be_taken_before_the_race_and_before_the_lane_opens() -> None:
    scene = Scene()
    assert scene.tent.lanes[LaneName.RECOVERY].state is LaneState.CLOSED
    assert scene.recovery("Mia", finished=None, before_finish=True).state is TicketState.HELD


def test_a_runner_who_has_finished_before_the_lane_opens_waits_for_the_door() -> None:
    scene = Scene(at=NINE + mins(140))
    with pytest.raises(errors.LaneClosed):
        scene.recovery("Mia", finished=20)


def test_a_warm_up_that_just_fits_is_let_in_and_one_a_minute_later_is_not() -> None:
    last = WAVE_A - mins(15) - mins(10)
    assert Scene(at=last).warmup("Mia").minutes == 10
    with pytest.raises(errors.WaveTooClose) as refusal:
        Scene(at=last + mins(1)).warmup("Mia")
    assert refusal.value.facts["minutes_left"] == 9
    assert (refusal.value.facts["wanted"], refusal.value.facts["fits"]) == (10, 5)


def test_five_minutes_that_just_fit_are_offered_and_less_is_not() -> None:
    with pytest.raises(errors.WaveTooClose) as refusal:
        Scene(at=WAVE_A - mins(20)).warmup("Mia")
    assert refusal.value.facts["alternatives"][0]["minutes"] == 5
    with pytest.raises(errors.WaveTooClose) as refusal:
        Scene(at=WAVE_A - mins(10)).warmup("Mia")
    assert refusal.value.facts["minutes_left"] == 0
    assert refusal.value.facts["alternatives"][0]["lane"] == "recovery"


def test_where_the_organiser_says_so_recovery_is_refused_when_the_wait_is_too_long() -> None:
    scene = Scene(race(ANA, rules=TentRules(longest_wait_minutes=30)), at=NOON)
    scene.available(ANA)
    for number in range(3):
        scene.recovery(f"r{number}")
    with pytest.raises(errors.LaneFull) as refusal:
        scene.recovery("one too many")
    assert [o["lane"] for o in refusal.value.facts["alternatives"]] == ["nextday"]


def test_when_nobody_of_the_lane_is_at_work_nothing_is_promised_and_nothing_refused() -> None:
    scene = Scene(race(DORA))
    scene.available(DORA)
    ticket = scene.warmup("Mia")
    assert (ticket.promised_at, ticket.chance) == (None, None)


def test_a_newcomer_is_told_a_range_at_once() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    for number in range(3):
        scene.recovery(f"r{number}")
    told = scene.recovery("Mia").promised_at
    assert told is not None
    assert NOON <= told[0] <= told[1] <= told[2]


def test_in_a_very_long_line_the_range_comes_with_the_next_forecast(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "PLANNED_UP_TO", 2)
    scene = Scene(at=NOON)
    scene.available(ANA)
    told = [scene.recovery(f"r{number}").promised_at is not None for number in range(5)]
    assert told == [True, True, True, False, False]


def test_a_lane_that_is_full_paused_or_over_is_not_offered() -> None:
    scene = Scene(at=WAVE_A - mins(10))
    scene.ask(do.PauseLane(LaneName.RECOVERY))
    with pytest.raises(errors.WaveTooClose) as refusal:
        scene.warmup("Mia")
    offers = refusal.value.facts["alternatives"]
    assert offers == [{"lane": "nextday", "minutes": 30}]


def test_a_lane_is_offered_until_the_minute_it_closes() -> None:
    scene = Scene(at=NOON)
    ticket = scene.recovery("Mia")
    closes = scene.tent.lanes[LaneName.NEXTDAY].closes_at
    just, over = scene.tent.but(now=closes - mins(1)), scene.tent.but(now=closes)
    assert [o["lane"] for o in admission.alternatives(just, ticket)] == ["nextday"]
    assert admission.alternatives(over, ticket) == []


def test_a_lane_is_not_offered_after_it_closed() -> None:
    scene = Scene(at=NOON)
    ticket = scene.recovery("Mia")
    closes = scene.tent.lanes[LaneName.NEXTDAY].closes_at
    assert admission.alternatives(scene.tent.but(now=closes + mins(1)), ticket) == []
    assert admission.alternatives(scene.tent, ticket) == [{"lane": "nextday", "minutes": 30}]
