"""What somebody who would join now is told: rules 19 and 21."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import LaneName
from tentqueue.domain.newcomers import LONGEST, wait_with_more
from tests.cast import ANA, BEN, NOON, WAVE_A, Scene, mins, race
from tests.domain.test_estimate import busy


def test_a_lane_that_is_not_there_has_no_wait() -> None:
    scene = busy()
    recovery = {LaneName.RECOVERY: scene.tent.lanes[LaneName.RECOVERY]}
    said = forecast(scene.tent.but(lanes=recovery), scene.now)
    assert said.wait(LaneName.RECOVERY)[1] > 0
    assert said.wait(LaneName.WARMUP) == (0, 0)


def test_a_wait_is_told_in_steps_of_five_and_grows_with_the_line() -> None:
    waits = [forecast(s.tent, s.now).wait(LaneName.RECOVERY) for s in (busy(2), busy(6))]
    assert all(minutes % 5 == 0 for wait in waits for minutes in wait)
    assert waits[0][0] < waits[1][0]
    assert waits[0][1] < waits[1][1]
    assert all(low <= high for low, high in waits)


def test_when_nobody_works_a_line_waits_longest_and_an_empty_one_is_told_nothing() -> None:
    scene = Scene(race(ANA), at=NOON)
    scene.recovery("Mia")
    said = forecast(scene.tent, scene.now)
    assert said.wait(LaneName.RECOVERY) == (LONGEST, LONGEST)
    assert said.wait(LaneName.WARMUP) == (0, 0)


def test_more_therapists_would_shorten_the_wait() -> None:
    scene = busy(8)
    now = wait_with_more(scene.tent, scene.now, 0)[LaneName.RECOVERY]
    more = wait_with_more(scene.tent, scene.now, 4)[LaneName.RECOVERY]
    assert now == forecast(scene.tent, scene.now).wait(LaneName.RECOVERY)
    assert more[0] < now[0]
    assert more[1] < now[1]


@pytest.mark.parametrize("state", [do.PauseLane(LaneName.WARMUP)])
def test_a_lane_that_takes_nobody_has_no_last_safe_join(state: do.Command) -> None:
    scene = Scene()
    scene.available(ANA, BEN)
    assert forecast(scene.tent, scene.now).last_safe_join("Half/A") is not None
    scene.ask(state)
    assert forecast(scene.tent, scene.now).last_safe_join("Half/A") is None


def test_after_the_waves_limit_there_is_no_safe_join_any_more() -> None:
    scene = Scene(at=WAVE_A - mins(15))
    scene.available(ANA)
    said = forecast(scene.tent, scene.now)
    assert said.last_safe_join("Half/A") is None
    assert said.last_safe_join("Half/B") is not None


def test_an_event_without_warm_ups_has_no_safe_joins() -> None:
    whole = race(ANA)
    only = {LaneName.RECOVERY: whole.lanes[LaneName.RECOVERY]}
    scene = Scene(replace(whole, lanes=only), at=NOON)
    assert forecast(scene.tent, scene.now).safe_joins == {}
