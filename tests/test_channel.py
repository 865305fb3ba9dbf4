"""What an event's rooms are sent, and when."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import gevent
import pytest

from tentqueue import channel
from tentqueue.channel import Channel, NothingToShow
from tentqueue.domain import commands as do
from tentqueue.domain.estimate import Forecast, forecast
from tentqueue.domain.explaining import Passing
from tentqueue.domain.model import Ticket
from tentqueue.domain.tent import Tent
from tentqueue.rooms import ScreenRoom, TicketRoom
from tentqueue.tongues import Tongue, speaking
from tests.cast import ANA, NOON, Scene
from tests.live_client import soon


class Day:
    """What a channel asks of a race day; the estimates are kept until they are let go."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self._began = scene, time.monotonic()
        self._kept: Forecast | None = None
        self.tell: Callable[[Tent], None] = lambda tent: None

    @property
    def tent(self) -> Tent:
        return self.scene.tent

    def now(self) -> datetime:
        """The scene's time, going on."""
        return self.scene.now + timedelta(seconds=time.monotonic() - self._began)

    def ask(self, command: do.Command) -> None:
        """Ask the scene, and tell who listens what came of it."""
        self.scene.ask(command)
        self.tell(self.tent)

    def on_change(self, listener: Callable[[Tent], None]) -> None:
        self.tell = listener

    def forecast(self, *, fresh: bool = False) -> Forecast:
        """The estimates of when it was asked first, as in a long line, or fresh ones."""
        if self._kept is None or fresh:
            self._kept = forecast(self.scene.tent, self.scene.now)
        return self._kept


class Sent:
    """What was sent to each room, oldest first."""

    def __init__(self) -> None:
        self.views: dict[str, list[Any]] = {}

    def __call__(self, views: Iterable[tuple[str, str, Sequence[bytes]]]) -> None:
        for room, _, payload in views:
            self.views.setdefault(room, []).append(json.loads(b"".join(payload)))

    def places(self, room: str) -> list[int]:
        return [view["place"] for view in self.views.get(room, ())]


@pytest.fixture(scope="module")
def english() -> Tongue:
    return speaking("en")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[gevent.Greenlet]]:
    """Rounds every hundredth of a second, and what must be ended after the test."""
    monkeypatch.setattr(channel, "PHONES_EVERY_S", 0.01)
    monkeypatch.setattr(channel, "PHONES_AFTER_S", 0.0)
    running: list[gevent.Greenlet] = []
    yield running
    gevent.killall(running)


def in_line(tongue: Tongue, *names: str, pages: str) -> tuple[Scene, Day, Sent, Channel]:
    """Ana has called the first of these runners, the others wait; some of them have a page open."""
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA)
    for name in names:
        scene.recovery(name)
    day, sent = Day(scene), Sent()
    live = Channel("bench", day, sent, day)  # type: ignore[arg-type]
    for name in pages:
        live.enter(TicketRoom(name, scene.ticket(name).code, tongue, lambda ticket: True))
    return scene, day, sent, live


def test_a_phone_is_told_its_present_place_while_others_are_told_times_of_a_moment_ago(
    english: Tongue, quick: list[gevent.Greenlet]
) -> None:
    scene, day, sent, live = in_line(english, "a", "b", "c", "d", pages="d")
    quick.append(gevent.spawn(live.run_phones))
    day.ask(do.LeaveLine(scene.ticket("b").code))
    assert day.forecast().place(scene.ticket("d").code) == 3, "those estimates know of three"
    assert soon(lambda: sent.places("d") == [2])


def test_who_can_be_shown_nothing_is_not_let_in_and_nobody_else_minds(english: Tongue) -> None:
    scene = Scene()
    scene.at(NOON)
    scene.recovery("a")
    day, sent = Day(scene), Sent()
    live = Channel("bench", day, sent, day)  # type: ignore[arg-type]
    failing = ScreenRoom("board", "board", lambda: {}["no such field"])
    with pytest.raises(NothingToShow):
        live.enter(failing)
    good = ScreenRoom("board", "board", lambda: {"version": 1, "now": "12:00"})
    assert live.enter(good) is good, "the next one tries anew"
    assert good.members == 1


def test_one_ticket_that_cannot_be_looked_at_costs_only_its_own_page(
    english: Tongue, quick: list[gevent.Greenlet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "_CROWD", 1)
    scene, day, sent, live = in_line(english, "called at once", "a", "b", "c", "d", pages="bd")
    looks = Passing.reason

    def fails_for_b(passing: Passing, ticket: Ticket) -> str | None:
        if ticket.code == scene.ticket("b").code:
            raise ValueError("b")
        return looks(passing, ticket)

    monkeypatch.setattr(Passing, "reason", fails_for_b)
    quick.append(gevent.spawn(live.run_phones))
    day.ask(do.LeaveLine(scene.ticket("a").code))
    assert soon(lambda: sent.places("d") == [3])
    assert sent.places("b") == []


def test_a_phone_is_told_at_once_and_then_at_most_once_a_second(
    english: Tongue, quick: list[gevent.Greenlet], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "PHONES_EVERY_S", 2.0)
    scene, day, sent, live = in_line(english, "a", "b", "c", "d", pages="d")
    quick.append(gevent.spawn(live.run_phones))
    gevent.sleep(0)
    began = time.monotonic()
    day.ask(do.LeaveLine(scene.ticket("b").code))
    assert soon(lambda: sent.places("d") == [2])
    assert time.monotonic() - began < 1.9
    day.ask(do.LeaveLine(scene.ticket("c").code))
    assert soon(lambda: sent.places("d") == [2, 1], within=6)
    assert time.monotonic() - began > 1.9
