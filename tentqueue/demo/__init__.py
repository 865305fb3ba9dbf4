"""The practice day: the real server in a throw-away database, and people who use it over HTTP.

gevent must have patched the standard library before this is imported (`tentqueue.cli` does).
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import gevent
from flask import Flask

from tentqueue.app import create_app
from tentqueue.demo.crowd import Crowd
from tentqueue.demo.hands import Hands, Pair
from tentqueue.demo.links import Link, links
from tentqueue.demo.outside import Outside
from tentqueue.demo.story import ANNOUNCEMENTS, SEED, guests_of
from tentqueue.domain.race_event import RaceEvent
from tentqueue.house import House
from tentqueue.practice import practice_event, practice_finishes
from tentqueue.process import allow_many_files
from tentqueue.server import make_server, stop
from tentqueue.services.clock import ScaledClock, Ticker
from tentqueue.settings import Settings
from tentqueue.staff_tokens import new_token

HOST = "127.0.0.1"
BEFORE_DOORS = timedelta(minutes=1)
LOOK_EVERY_S = 0.4
"""Wall-clock seconds between two looks at the tent by its people."""
TICK_EVERY_S = 0.2
"""The server's own second is half a minute of a day that runs 30 times as fast."""
FIRST_TICKET_WITHIN_S = 10.0
_PACES = {"ana": 0.95, "ben": 1.0, "chidi": 1.12, "dora": 0.9, "elif": 1.08}


class DayBroken(RuntimeError):
    """The day's people could not go on."""


@dataclass(frozen=True)
class Plan:
    """How to play the day: `minutes` None plays until it is stopped."""

    port: int = 8000
    speed: float = 30.0
    minutes: float | None = None


@dataclass(frozen=True)
class Moment:
    """How the day stands, for whoever watches the console."""

    now: datetime
    waiting: int
    working: int
    treated: int


@dataclass(frozen=True)
class Watcher:
    """What the practice day tells the console."""

    ready: Callable[[RaceEvent, datetime, list[Link]], None]
    moment: Callable[[Moment], None] = lambda moment: None


@dataclass
class Day:
    """One practice day under way."""

    event: RaceEvent
    clock: ScaledClock
    house: House
    outside: Outside
    crowd: Crowd
    hands: Hands
    organiser: str

    def step(self) -> dict[str, Any] | None:
        """Let everybody look at the tent once and do what is due."""
        tent = self.outside.tent(self.organiser)
        if tent is not None:
            now = self.clock.now()
            self.hands.act(now, tent)
            self.crowd.act(now, tent)
        return tent


def play(plan: Plan, watcher: Watcher) -> None:
    """Play the day until `plan.minutes` are over or somebody stops it (Ctrl-C, SIGTERM).

    Raises: OSError when the port can't be had; DayBroken.
    """
    with tempfile.TemporaryDirectory(prefix="tentqueue-demo-", ignore_cleanup_errors=True) as where:
        event = practice_event()
        doors_at = min(lane.opens_at for lane in event.lanes.values())
        clock = ScaledClock(doors_at - BEFORE_DOORS, plan.speed)
        port = plan.port or _free_port()
        app = create_app(_settings(Path(where), port), clock)
        house: House = app.extensions["tentqueue"]
        try:
            house.define(event)
            _serve(plan, app, port, lambda: _day(event, clock, house, port), watcher)
        finally:
            house.close()


def _settings(where: Path, port: int) -> Settings:
    return Settings(
        database=f"sqlite:///{where / 'demo.db'}",
        port=port,
        public_url=f"http://{HOST}:{port}",
        ticks=False,
    )


def _serve(plan: Plan, app: Flask, port: int, begin: Callable[[], Day], watcher: Watcher) -> None:
    allow_many_files()
    server = make_server(app, HOST, port)
    ticker = Ticker(app.extensions["tentqueue"].tents.tick, TICK_EVERY_S)
    server.start()
    ticker.start()
    people = gevent.spawn(_live, begin(), watcher)

    def end(*_: object) -> None:
        # The people first: they must not find the doors shut in the middle of a request.
        people.kill()
        stop(server, app)

    people.link_exception(end)
    watchers = stop_on_signals(end)
    if plan.minutes is not None:
        gevent.spawn_later(60 * plan.minutes, end)
    try:
        server.serve_forever()
    finally:
        people.kill()
        ticker.stop()
        for one in watchers:
            one.cancel()
    if people.exception is not None:
        raise DayBroken(f"the practice day's people stopped: {people.exception!r}")


def stop_on_signals(end: Callable[[], None]) -> list[Any]:
    """Have SIGINT and SIGTERM call `end`; returns what to cancel afterwards."""
    import signal

    return [gevent.signal_handler(number, end) for number in (signal.SIGTERM, signal.SIGINT)]


def _day(event: RaceEvent, clock: ScaledClock, house: House, port: int) -> Day:
    outside = Outside(HOST, port, event.slug)

    def token(role: str, therapist: str | None = None) -> str:
        return new_token(house.storage, clock.now(), event.slug, role, therapist)

    organiser = token("organiser")
    crowd = Crowd(outside, token("desk"), organiser)
    crowd.expect(guests_of(event, practice_finishes()), clock.now())
    for at, text in ANNOUNCEMENTS:
        day, zone = date.fromisoformat(event.date), ZoneInfo(event.timezone)
        crowd.announce(datetime.combine(day, at, zone).astimezone(UTC), text)
    pairs = [
        Pair(
            therapist,
            token("therapist", therapist.id),
            _PACES.get(therapist.id, 1.0),
            Random(f"{SEED} {therapist.id}"),
        )
        for therapist in event.therapists
    ]
    hands = Hands(outside, pairs, crowd.stands_there)
    hands.unwell = lambda code: code in crowd.visits and crowd.visits[code].guest.unwell
    return Day(event, clock, house, outside, crowd, hands, organiser)


def _live(day: Day, watcher: Watcher) -> None:
    """Let the day's people act until the greenlet is killed."""
    told, give_up = False, FIRST_TICKET_WITHIN_S
    while True:
        tent = day.step()
        if tent is not None:
            watcher.moment(_moment(day.clock.now(), tent))
        phones = [v for v in day.crowd.visits.values() if v.key and v.lane == "warmup"]
        if not told and (phones or give_up <= 0):
            told = True
            ticket = phones[0] if phones else None
            watcher.ready(day.event, day.clock.now(), links(day.house, day.event, ticket))
        give_up -= LOOK_EVERY_S
        gevent.sleep(LOOK_EVERY_S)


def _moment(now: datetime, tent: dict[str, Any]) -> Moment:
    numbers = tent["numbers"]
    return Moment(now, numbers["waiting"], numbers["working"], numbers["treated"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
