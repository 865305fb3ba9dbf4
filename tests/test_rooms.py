"""What a room is sent is what its page would be told if it asked, and only when that is news."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import Forecast, forecast
from tentqueue.domain.model import Area, LaneName, Screening, Ticket, TicketState
from tentqueue.domain.rules import TentRules
from tentqueue.domain.said import Said
from tentqueue.rooms import Room, ScreenRoom, TicketRoom
from tentqueue.screens.moment import Moment, News
from tentqueue.screens.shape import AT_TABLE
from tentqueue.screens.ticket import ticket_view
from tentqueue.screens.ticket_news import news_of
from tentqueue.tongues import Tongue, speaking
from tentqueue.views import worded
from tests.cast import ANA, BEN, DORA, NOON, WAVE_A, Scene, mins, race
from tests.domain.test_recorded_day import Day


@pytest.fixture(scope="module")
def german() -> Tongue:
    """A language whose sentences are not those of the code."""
    return speaking("de")


def moment(scene: Scene, *, crowd: bool = False) -> Moment:
    """The scene as it is now, as a few or a crowd see it."""
    return Moment(scene.tent, partial(forecast, scene.tent, scene.now), scene.now, crowd)


def page_shows(room: Room) -> Any:
    """What a room's page shows, besides the version and the instant."""
    return json.loads(b"".join((b"{", *room.rest)))


def told(scene: Scene, ticket: Ticket, tongue: Tongue, *, health: bool = True) -> dict[str, Any]:
    """A ticket's view as an answer over HTTP, without what is new each time."""
    plan = partial(forecast, scene.tent, scene.now)
    view = ticket_view(scene.tent, ticket, plan, scene.now, health=health)
    del view["version"], view["now"]
    return worded(view, tongue.tell)


def always(_: Ticket) -> bool:
    """The runner, who may see what they said of themselves."""
    return True


def at_table(ticket: Ticket) -> bool:
    """A therapist, who may while the runner is called to them or treated by them."""
    return ticket.state in AT_TABLE


def noon(*names: str) -> Scene:
    """Ana and Ben at work at noon, and these runners."""
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA, BEN)
    for name in names:
        scene.recovery(name)
    return scene


class Watched(Day):
    """A recorded day with a room for each ticket, looked at after everything that happens."""

    def __init__(self, tongue: Tongue) -> None:
        super().__init__(2027)
        self._tongue = tongue
        self.rooms: dict[str, TicketRoom] = {}
        self.looks, self.crowd = 0, False
        self.states: set[TicketState] = set()

    def ask(self, command: do.Command, actor: str = "desk:Eve") -> None:
        """Ask; every ten minutes each room must show what its page would be told."""
        super().ask(command, actor)
        if isinstance(command, do.Tick) and not self.scene.now.minute % 10:
            self._look()

    def _look(self) -> None:
        self.crowd = not self.crowd
        now = moment(self.scene, crowd=self.crowd)
        for ticket in (*self.scene.tent.open.values(), *self._closed()):
            room = self.rooms.setdefault(
                ticket.code, TicketRoom(ticket.code, ticket.code, self._tongue, always)
            )
            before, news = room.rest, room.look(now)
            assert page_shows(room) == told(self.scene, ticket, self._tongue)
            assert news == (room.rest != before)
            self.looks += 1
            self.states.add(ticket.state)

    def _closed(self) -> list[Ticket]:
        closed = self.scene.tent.closed
        return [closed[code] for code in self.rooms if code in closed][-20:]


class Crowded(Day):
    """A recorded day on which everybody in line is looked at together and one by one."""

    def __init__(self) -> None:
        super().__init__(2027)
        self.seen = 0
        self.told: set[str] = set()
        """What was told of anybody besides a time."""

    def ask(self, command: do.Command, actor: str = "desk:Eve") -> None:
        """Ask; every ten minutes both must come to the same."""
        super().ask(command, actor)
        if isinstance(command, do.Tick) and not self.scene.now.minute % 10:
            if self.scene.now.minute == 30:
                super().ask(do.NoteEstimate(LaneName.RECOVERY, 15, "breaks"), "system")
            told = told_together(self.scene)
            self.seen += len(told)
            for news in told:
                self.told |= {field for field, said in news._asdict().items() if said}


def told_together(scene: Scene) -> list[News]:
    """What everybody in line is told as a crowd, which is what each is told alone."""
    crowd, alone = moment(scene, crowd=True), moment(scene)
    line = [t for lane in scene.tent.lanes for t in scene.tent.line(lane)]
    together = {code: (place, shared.news) for code, (_, place, shared) in crowd.line.items()}
    assert together == {t.code: news_of(alone, t) for t in line}
    return [news for _, news in together.values()]


def test_all_through_a_day_each_ticket_is_sent_what_its_page_would_be_told(german: Tongue) -> None:
    day = Watched(german)
    day.play()
    assert day.looks > 1_000
    assert day.states >= set(TicketState) - {TicketState.EXPIRED}


def test_a_crowd_is_told_what_each_would_be_told_alone() -> None:
    day = Crowded()
    day.play()
    assert day.seen > 300
    assert day.told >= {"told", "close", "moved", "passed"}


def test_a_crowd_is_told_to_come_near_by_the_time_that_is_left() -> None:
    scene = Scene(race(rules=TentRules(headsup_places=1, headsup_minutes=25)), at=NOON)
    scene.available(ANA, BEN, DORA)
    for number in range(9):
        scene.after(0.1)
        scene.recovery(f"r{number}", finished=60)
    close = 0
    for _ in range(30):
        scene.after(0.5)
        close = max(close, sum(news.close for news in told_together(scene)))
    assert close > 1


def test_a_crowd_is_told_to_go_from_the_table_straight_to_the_start() -> None:
    scene = Scene(at=WAVE_A - mins(75))
    scene.available(ANA)
    for number in range(6):
        scene.after(0.1)
        scene.warmup(f"w{number}")
    straight = 0
    for _ in range(60):
        scene.after(1)
        straight += sum(news.start_soon for news in told_together(scene))
    assert straight


def test_a_crowd_is_not_worked_out_with_times_of_a_moment_ago() -> None:
    scene = noon("a", "b", "c", "d")
    old = forecast(scene.tent, scene.now)
    scene.ask(do.LeaveLine(scene.ticket("c").code))
    now = Moment(scene.tent, lambda: old, scene.now, crowd=True)
    assert now.forecast.version < scene.tent.version
    assert now.line == {}


def test_a_view_that_cannot_be_built_stands_for_no_newer_version(german: Tongue) -> None:
    scene = noon("a", "b", "c")
    room = TicketRoom("room", scene.ticket("c").code, german, always)
    assert room.look(moment(scene))
    shown_at = room.version
    scene.ask(do.Announce("Soup is ready."))

    def fails() -> Forecast:
        raise ValueError("no times")

    with pytest.raises(ValueError, match="no times"):
        room.look(Moment(scene.tent, fails, scene.now))
    assert room.version == shown_at


def test_nobody_is_asked_for_times_that_no_page_shows(german: Tongue) -> None:
    scene = noon("a")
    room = TicketRoom("room", scene.ticket("a").code, german, always)

    def never() -> Forecast:
        raise AssertionError("the runner is called, and is told no time")

    assert room.look(Moment(scene.tent, never, scene.now))


def test_a_page_that_came_meanwhile_is_sent_nothing_older(german: Tongue) -> None:
    scene = noon("a", "b", "c")
    before = moment(scene)
    scene.ask(do.LeaveLine(scene.ticket("b").code))
    room = TicketRoom("room", scene.ticket("c").code, german, always)
    assert room.look(moment(scene))
    present = page_shows(room)
    assert not room.look(before)
    assert (page_shows(room), room.version) == (present, scene.tent.version)


def test_nothing_is_sent_while_nothing_is_new(german: Tongue) -> None:
    scene = noon("a", "b", "c", "d", "e")
    room = TicketRoom("room", scene.ticket("e").code, german, always)
    assert room.look(moment(scene))
    assert not room.look(moment(scene))
    scene.ask(do.Announce("Soup is ready."))
    assert not room.look(moment(scene)), "a word to all is the board's"
    assert room.version == scene.tent.version, "yet the page stands for the newest version"
    scene.ask(do.LeaveLine(scene.ticket("d").code))
    assert room.look(moment(scene))
    assert page_shows(room)["place"] == 2


def test_a_called_runner_is_sent_who_expects_them(german: Tongue) -> None:
    scene = noon("a", "b", "c")
    waiting = scene.ticket("c")
    room = TicketRoom("room", waiting.code, german, always)
    room.look(moment(scene))
    scene.ask(do.LeaveLine(scene.ticket("a").code))
    assert room.look(moment(scene))
    view = page_shows(room)
    assert (view["state"], view["phase"], view["therapist"]) == ("called", "call", "Ana")
    assert view["message"] == "Geh jetzt zu Liege 1."


def test_staff_see_what_ails_a_runner_only_while_they_may(german: Tongue) -> None:
    scene = Scene()
    scene.at(NOON)
    scene.recovery("zoe", areas=(Area.KNEES,), screening=Screening.OK)
    room = TicketRoom("room", scene.ticket("zoe").code, german, at_table)
    room.look(moment(scene))
    assert "areas" not in page_shows(room)
    scene.available(ANA)
    assert room.look(moment(scene))
    assert page_shows(room) == told(scene, scene.ticket("zoe"), german)
    scene.ask(do.StartTreatment("zoe"))
    scene.ask(do.FinishTreatment("zoe"))
    assert room.look(moment(scene))
    assert page_shows(room) == told(scene, scene.ticket("zoe"), german, health=False)


def test_a_screen_is_sent_every_newer_version() -> None:
    shown = {"event": "riverside-half", "version": 1, "now": "12:00"}
    room = ScreenRoom("board", "board", lambda: dict(shown))
    scene = noon()
    assert room.look(moment(scene))
    assert not room.look(moment(scene))
    shown["version"] = 2
    assert room.look(moment(scene))
    assert (room.version, page_shows(room)) == (2, {"event": "riverside-half"})


def test_a_sentence_said_from_memory_is_the_one_that_is_told(german: Tongue) -> None:
    sentences = [Said("Walk to table {table} now.", table=n % 2_100) for n in range(4_500)]
    assert all(german.tell_again(said) == german.tell(said) for said in sentences)
