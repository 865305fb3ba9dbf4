"""What a waiting runner and a newcomer are told: rules 19 to 21."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import LONGEST, forecast, said_of, told, wait_with_more
from tentqueue.domain.model import LaneName
from tentqueue.domain.planning.ranges import Range
from tests.cast import ANA, BEN, NOON, WAVE_A, Scene, mins, race


def busy(runners: int = 5) -> Scene:
    """Ana alone at noon, with runners in line."""
    scene = Scene(race(ANA), at=NOON)
    scene.available(ANA)
    for number in range(runners):
        scene.recovery(f"r{number}")
    return scene


def test_the_first_in_line_has_place_one() -> None:
    scene = busy()
    said = forecast(scene.tent, scene.now)
    line = [t.code for t in scene.tent.line(LaneName.RECOVERY)]
    assert [said.place(code) for code in line] == [1, 2, 3, 4]


def test_who_is_not_in_line_has_no_place() -> None:
    scene = busy()
    said = forecast(scene.tent, scene.now)
    assert (said.place("R900"), said.of("R900")) == (None, None)
    assert said.last_safe_join("Half/Z") is None


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


def test_the_unrounded_ranges_lie_within_what_people_are_told() -> None:
    scene = busy()
    said, rounded = said_of(scene.tent, scene.now), forecast(scene.tent, scene.now)
    assert set(said) >= {t.code for t in scene.tent.line(LaneName.RECOVERY)}
    for code, span in said.items():
        people = rounded.of(code)
        assert people is not None
        assert people.from_at.timestamp() <= span.early
        assert span.late <= people.to_at.timestamp()


def test_a_range_is_rounded_outward_to_five_minutes_and_not_further() -> None:
    noon = NOON.timestamp()
    people = told(Range(noon + 301, noon + 700, noon + 899), "steady")
    assert (people.from_at, people.to_at) == (NOON + mins(5), NOON + mins(15))
    exact = told(Range(noon + 300, noon + 600, noon + 900), "steady")
    assert (exact.from_at, exact.to_at) == (NOON + mins(5), NOON + mins(15))


def test_an_estimate_says_why_it_is_what_it_is() -> None:
    scene = busy()
    scene.ask(do.StartTreatment("r0", "ana"))
    code = scene.ticket("r3").code

    def reason() -> str:
        said = forecast(scene.tent, scene.now).of(code)
        assert said is not None
        return said.reason

    assert reason() == "steady"
    scene.after(14)
    assert reason() == "running_late"
    scene.ask(do.FinishTreatment("r0", "ana"))
    scene.ask(do.TakeBreak("ana"))
    scene.after(3)
    assert reason() == "breaks"


def test_no_estimate_is_told_for_a_place_nobody_will_reach() -> None:
    scene = Scene(race(ANA), at=NOON)
    ticket = scene.recovery("Mia")
    assert forecast(scene.tent, scene.now).of(ticket.code) is None


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
    from dataclasses import replace

    whole = race(ANA)
    only = {LaneName.RECOVERY: whole.lanes[LaneName.RECOVERY]}
    scene = Scene(replace(whole, lanes=only), at=NOON)
    assert forecast(scene.tent, scene.now).safe_joins == {}


def test_a_treatment_is_not_late_before_its_planned_end_is_over() -> None:
    scene = busy()
    scene.ask(do.StartTreatment("r0", "ana"))
    code = scene.ticket("r3").code
    ends = scene.ticket("r0").planned_end_at
    assert ends is not None
    for at, reason in ((ends, "steady"), (ends + mins(0.1), "running_late")):
        said = forecast(scene.tent, at).of(code)
        assert said is not None
        assert said.reason == reason


def test_a_range_is_worked_out_once_for_all_screens_that_ask() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    noor = scene.recovery("Noor")
    made = forecast(scene.tent, scene.now)
    assert made.of(noor.code) is not None
    assert made.of(noor.code) is made.of(noor.code)
