"""What a waiting runner and a newcomer are told: rules 19 to 21."""

from __future__ import annotations

from math import inf

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import forecast, said_of, told
from tentqueue.domain.model import LaneName
from tentqueue.domain.planning.ranges import Range
from tests.cast import ANA, NOON, Scene, mins, race


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
    assert made.version == scene.tent.version
    assert made.of(noor.code) is not None
    assert made.of(noor.code) is made.of(noor.code)


def told_alone(scene: Scene, lane: LaneName) -> list[tuple[str, object, object]]:
    """What each in a lane's line is told by themselves: times and why, and the likely start."""
    said = forecast(scene.tent, scene.now)
    alone = [(t.code, said.of_ticket(t)) for t in scene.tent.line(lane)]
    return [(code, e and e.told, pytest.approx(e.likely) if e else inf) for code, e in alone]


def told_in_line(scene: Scene, lane: LaneName) -> list[tuple[str, object, object]]:
    """The same of the whole line at once."""
    line, now = forecast(scene.tent, scene.now).in_line(lane), scene.now.timestamp()
    return [(known.key, said, max(likely, now)) for known, said, likely in line]


def test_a_line_at_once_is_told_what_each_would_be_told() -> None:
    scene = busy(12)
    scene.recovery("stands here", at_tent=True)
    scene.recovery("still cools down", finished=2)
    for _ in range(12):
        scene.after(2)
        assert told_in_line(scene, LaneName.RECOVERY) == told_alone(scene, LaneName.RECOVERY)
    scene.ask(do.NoteEstimate(LaneName.RECOVERY, 15, "breaks"))
    scene.after(1)
    scene.recovery("joined since")
    told_why = {said.reason for _, said, _ in told_in_line(scene, LaneName.RECOVERY) if said}  # type: ignore[attr-defined]
    assert len(told_why) > 1
    assert told_in_line(scene, LaneName.RECOVERY) == told_alone(scene, LaneName.RECOVERY)


def test_a_line_that_nobody_serves_is_told_nothing() -> None:
    scene = Scene(race(ANA), at=NOON)
    ticket = scene.recovery("Mia")
    assert told_in_line(scene, LaneName.RECOVERY) == [(ticket.code, None, inf)]
