"""The clock writes down that the times runners were told have moved, and what moved them."""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import Forecast, forecast
from tentqueue.domain.events import EstimateMoved
from tentqueue.domain.model import LaneName
from tentqueue.screens.sentence import told
from tentqueue.screens.ticket import ticket_view
from tentqueue.services.estimate_moves import EVERY, EstimateMoves
from tests.cast import ANA, BEN, NOON, Scene, race


class Clock:
    """The clock's notes beside a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.moves = scene, EstimateMoves()

    def look(self) -> list[EstimateMoved]:
        """Let half a minute pass and write down what moved."""
        self.scene.after(EVERY / timedelta(minutes=1))
        found: list[EstimateMoved] = []
        for note in self.moves.due(self.scene.tent, self._present, self.scene.now):
            found += [e for e in self.scene.ask(note, "system") if isinstance(e, EstimateMoved)]
        return found

    def _present(self) -> Forecast:
        return forecast(self.scene.tent, self.scene.now)


def busy_noon() -> tuple[Scene, Clock]:
    """Two therapists at work, and eight runners in line."""
    scene = Scene(race(ANA, BEN))
    scene.at(NOON)
    scene.available(ANA, BEN)
    for number in range(10):
        scene.recovery(f"r{number}")
    for code in ("R001", "R002"):
        scene.ask(do.StartTreatment(code))
    return scene, Clock(scene)


def test_a_line_that_goes_as_told_is_no_news() -> None:
    _, clock = busy_noon()
    assert [clock.look() for _ in range(6)] == [[]] * 6


def test_a_therapist_who_goes_home_moves_the_times_and_everybody_hears_why() -> None:
    scene, clock = busy_noon()
    clock.look()
    scene.ask(do.FinishTreatment("R002"))
    scene.ask(do.GoHome("ben"))
    (moved,) = clock.look()
    assert (moved.lane, moved.reason) == (LaneName.RECOVERY, "fewer_therapists")
    assert moved.minutes >= 10
    assert str(told(scene.tent, scene.entries[-1])).startswith("Recovery, what runners are told: ")
    view = ticket_view(scene.tent, scene.tent.ticket("R010"), clock._present, scene.now)
    assert view["moved"] == (
        f"About {moved.minutes} min later than we said. Fewer therapists are at work."
    )
    assert view["estimate"]["reason"] == "fewer_therapists"


def test_a_move_is_told_once_and_the_way_back_too() -> None:
    scene, clock = busy_noon()
    clock.look()
    scene.ask(do.FinishTreatment("R002"))
    scene.ask(do.GoHome("ben"))
    assert len(clock.look()) == 1
    assert [clock.look() for _ in range(4)] == [[]] * 4
    scene.available(BEN)
    (back,) = clock.look()
    assert back.minutes <= -10
    assert back.reason == "more_therapists"


def test_an_empty_tent_forgets_what_was_told() -> None:
    scene, clock = busy_noon()
    clock.look()
    for ticket in list(scene.tent.open.values()):
        scene.ask(do.LeaveLine(ticket.code) if ticket.started_at is None else _end(ticket.code))
    assert clock.look() == []


def _end(code: str) -> do.FinishTreatment:
    return do.FinishTreatment(code)
