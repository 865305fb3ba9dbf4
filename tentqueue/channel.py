"""One event's live audiences: rooms that share a view, and the greenlets that keep them current.

Views are built once per room and sent whole; a change is sent after its commit, coalesced. It knows
no credentials: who may enter a room is decided before.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gevent
import msgspec
import structlog
from gevent.event import Event

from tentqueue.domain.tent import Tent
from tentqueue.screens.shape import iso_now
from tentqueue.services.clock import Clock
from tentqueue.services.race_day import RaceDay

log = structlog.get_logger(__name__)

SCREENS_EVERY_S = 0.1
"""Boards and tablets get at most ten views a second."""
PHONES_EVERY_S = 1.0
"""A phone gets at most one view a second: a venue's Wi-Fi carries 2,000 to 3,000 messages."""
PHONES_ANYWAY_S = 10.0
PULSE_EVERY_S = 4.0
BYTES_A_SECOND = 1_000_000
"""To one screen: the organiser's view of a thousand tickets has half a megabyte."""
LARGEST_SHARE = 0.2
"""Share of a core that building views may take before the pace slows down."""
_YIELD_AFTER = 25


@dataclass
class Room:
    """One audience of one event: how to build its view, and what it was sent last."""

    name: str
    view: str
    build: Callable[[], dict[str, Any]]
    members: int = 0
    body: bytes = b""
    """The view as JSON without its version and instant, which change while nothing else does."""
    version: int = -1
    rests_until: float = 0.0
    """A large view is not sent again before the network has had time for it."""

    def payload(self, now: datetime) -> bytes:
        """The whole view as sent: clients set their clocks by its `now`, so that is never old."""
        return b'{"version":%d,"now":"%b",' % (self.version, iso_now(now).encode()) + self.body[1:]


class Channel:
    """Everything live of one event."""

    def __init__(
        self, slug: str, day: RaceDay, send: Callable[[str, str, bytes], int], clock: Clock
    ) -> None:
        self.slug, self.day, self._send, self._clock = slug, day, send, clock
        self._screens: dict[str, Room] = {}
        self._phones: dict[str, Room] = {}
        self._changed = Event()
        day.on_change(self._on_change)

    def enter(self, name: str, view: str, build: Callable[[], dict[str, Any]]) -> Room:
        """Take a seat in a room, made if need be, and current from now on."""
        rooms = self._phones if view == "ticket" else self._screens
        room = rooms.get(name)
        if room is None:
            room = rooms[name] = Room(name, view, build)
        if not room.body or (view == "ticket" and room.members == 0):
            self._build(room)
        room.members += 1
        return room

    def leave(self, room: Room) -> None:
        """Give a seat up; an empty room is forgotten."""
        room.members -= 1
        rooms = self._phones if room.view == "ticket" else self._screens
        if room.members <= 0 and rooms.get(room.name) is room:
            del rooms[room.name]

    def _on_change(self, _: Tent) -> None:
        self._changed.set()

    def run_screens(self) -> None:
        """Send boards and staff screens each change, coalesced; for ever."""
        while True:
            self._changed.wait(PULSE_EVERY_S / 2)
            self._changed.clear()
            took = self._send_changed(self._screens, even_if_same=True)
            gevent.sleep(max(SCREENS_EVERY_S, took / LARGEST_SHARE))

    def run_phones(self) -> None:
        """Send phones what changed for them, at most once a second; for ever."""
        seen, at = -1, 0.0
        while True:
            gevent.sleep(PHONES_EVERY_S)
            # Ranges and heads-ups move with the time, too.
            if self.day.tent.version == seen and time.perf_counter() - at < PHONES_ANYWAY_S:
                continue
            seen, at = self.day.tent.version, time.perf_counter()
            took = self._send_changed(self._phones, even_if_same=False)
            gevent.sleep(max(0.0, took / LARGEST_SHARE - PHONES_EVERY_S))

    def run_pulses(self) -> None:
        """Tell every client that all is well, with the version its view stands for; for ever."""
        while True:
            gevent.sleep(PULSE_EVERY_S)
            for rooms in (self._screens, self._phones):
                self._pulse(list(rooms.values()))

    def _pulse(self, rooms: list[Room]) -> None:
        for count, room in enumerate(rooms, 1):
            now = iso_now(self._clock.now())
            self._send(
                room.name, "pulse", b'{"version":%d,"now":"%b"}' % (room.version, now.encode())
            )
            if not count % _YIELD_AFTER:
                gevent.sleep(0)

    def _send_changed(self, rooms: dict[str, Room], even_if_same: bool) -> float:
        """Send each room what changed; the processor time it took, in seconds.

        Not the time that passed: on a busy machine, or while others are served in between, rounds
        would pause for five times as long as they were held up.
        """
        took, began = 0.0, time.thread_time()
        for count, room in enumerate(list(rooms.values()), 1):
            self._send_if_changed(room, even_if_same)
            if not count % _YIELD_AFTER:
                took += time.thread_time() - began
                gevent.sleep(0)
                began = time.thread_time()
        return took + time.thread_time() - began

    def _send_if_changed(self, room: Room, even_if_same: bool) -> None:
        if time.perf_counter() < room.rests_until:
            self._changed.set()
            return
        before, version = room.body, room.version
        if not self._build(room):
            return
        if room.body != before or (even_if_same and room.version != version):
            self._send(room.name, room.view, room.payload(self._clock.now()))
            room.rests_until = time.perf_counter() + len(room.body) / BYTES_A_SECOND
        else:
            room.version = version

    def _build(self, room: Room) -> bool:
        """Build a room's view once for all in it; one that fails costs only that room."""
        try:
            view = room.build()
        except Exception:
            log.error("view_failed", view=room.view, trace=traceback.format_exc())
            return False
        del view["now"]
        room.version = view.pop("version")
        room.body = msgspec.json.encode(view)
        return True
