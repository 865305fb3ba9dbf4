"""What two more therapists would do, for the organiser alone."""

from __future__ import annotations

from typing import Any

from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import LaneName, LaneState
from tentqueue.screens.outlook import with_two_more
from tentqueue.screens.tent import Seat, Viewer, tent_view
from tests.cast import ANA, NOON, Scene, race


def surge(runners: int) -> Scene:
    """Ana alone with a line."""
    scene = Scene(race(ANA), at=NOON)
    scene.available(ANA)
    for number in range(runners):
        scene.recovery(f"r{number}")
    return scene


def told(scene: Scene) -> int | None:
    """The wait with two more."""
    return with_two_more(scene.tent, forecast(scene.tent, scene.now), scene.now)


def test_two_more_therapists_shorten_a_long_wait() -> None:
    scene = surge(6)
    usual = forecast(scene.tent, scene.now).wait(scene.tent.ticket("r0").lane)[1]
    helped = told(scene)
    assert helped is not None
    assert helped < usual


def test_a_short_wait_needs_no_help() -> None:
    assert told(surge(0)) is None


def test_only_the_organiser_is_told() -> None:
    scene = surge(6)
    for seat, expected in ((Seat.ORGANISER, True), (Seat.DESK, False), (Seat.THERAPIST, False)):
        viewer = Viewer(seat, "ana" if seat is Seat.THERAPIST else None)
        view = tent_view(scene.tent, forecast(scene.tent, scene.now), scene.now, viewer)
        assert (view["numbers"]["wait_with_two_more"] is not None) is expected


def test_a_long_wait_is_an_alert_for_a_door_that_is_open() -> None:
    scene = surge(6)
    (told_of,) = [a for a in seen(scene)["alerts"] if a["kind"] == "long_wait"]
    assert told_of["id"] == "long_wait:recovery"
    assert not [a for a in seen(surge(0))["alerts"] if a["kind"] == "long_wait"]


def test_a_closed_lanes_wait_is_nobodys() -> None:
    scene = surge(6)
    assert seen(scene)["numbers"]["wait_minutes"] > 0
    lane = scene.tent.lanes[LaneName.RECOVERY]
    scene.tent = scene.tent.with_lane(lane.but(state=LaneState.CLOSED))
    assert not seen(scene)["numbers"]["wait_minutes"]
    assert not [a for a in seen(scene)["alerts"] if a["kind"] == "long_wait"]


def seen(scene: Scene) -> dict[str, Any]:
    """The organiser's screen."""
    made = forecast(scene.tent, scene.now)
    return tent_view(scene.tent, made, scene.now, Viewer(Seat.ORGANISER, None))
