"""One event's live audiences: rooms that share a view, and the greenlets that keep them current.

Views are sent whole, after the commit of what changed them, coalesced. It knows no credentials: who
may enter a room is decided before.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache, partial

import gevent
import structlog
from gevent.event import Event

from tentqueue.domain.estimate import Forecast
from tentqueue.domain.tent import Tent
from tentqueue.rooms import Room
from tentqueue.screens.face import face
from tentqueue.screens.moment import Moment
from tentqueue.screens.shape import iso_now
from tentqueue.services.clock import Clock
from tentqueue.services.race_day import RaceDay

log = structlog.get_logger(__name__)

SCREENS_EVERY_S = 0.1
"""Boards and tablets get at most ten views a second."""
PHONES_EVERY_S = 1.0
"""A phone gets at most one view a second: a venue's Wi-Fi carries 2,000 to 3,000 messages."""
PHONES_AFTER_S = 0.05
"""Boards and tablets go first, and what one press does in several steps is one view."""
PHONES_ANYWAY_S = 10.0
PULSE_EVERY_S = 4.0
BYTES_A_SECOND = 1_000_000
"""To one screen: the organiser's view of a thousand tickets has half a megabyte."""
LARGEST_SHARE = 0.2
"""Share of a core that building views may take before the pace slows down."""
_YIELD_AFTER = 100
_MOMENT = timedelta(milliseconds=250)
"""How long what was seen of a tent is the present while nothing happens."""
_CROWD = 50
"""Phones for which everybody's news are worked out at once."""


class NothingToShow(Exception):
    """The first view of a room can't be built; the log says why."""


class Channel:
    """Everything live of one event."""

    def __init__(
        self,
        slug: str,
        day: RaceDay,
        send_each: Callable[[Iterable[tuple[str, str, Sequence[bytes]]]], None],
        clock: Clock,
        build: str = "",
    ) -> None:
        self.slug, self.day, self._send_each, self._clock = slug, day, send_each, clock
        self._build = build
        self._screens: dict[str, Room] = {}
        self._phones: dict[str, Room] = {}
        self._changed, self._changed_for_phones = Event(), Event()
        self._last_moment: Moment | None = None
        day.on_change(self._on_change)

    def enter(self, made: Room) -> Room:
        """Take a seat in the room of this name, in `made` if there is none, current from now on.

        Raises: NothingToShow.
        """
        room = self._rooms_of(made).get(made.name, made)
        if not room.rest:
            self._look(room, self._moment(), time.perf_counter())
        if not room.rest:
            raise NothingToShow
        self._rooms_of(room)[room.name] = room
        room.members += 1
        return room

    def payload(self, room: Room) -> tuple[bytes, ...]:
        """What a room is sent now, in parts."""
        return _payload(room, _stamp(self._clock.now()))

    def leave(self, room: Room) -> None:
        """Give a seat up; an empty room is forgotten."""
        room.members -= 1
        rooms = self._rooms_of(room)
        if room.members <= 0 and rooms.get(room.name) is room:
            del rooms[room.name]

    def _rooms_of(self, room: Room) -> dict[str, Room]:
        return self._phones if room.view == "ticket" else self._screens

    def _on_change(self, _: Tent) -> None:
        self._changed.set()
        self._changed_for_phones.set()

    def run_screens(self) -> None:
        """Send boards and staff screens each change, coalesced; for ever."""
        while True:
            self._changed.wait(PULSE_EVERY_S / 2)
            self._changed.clear()
            took = self._send_changed(self._screens)
            gevent.sleep(max(SCREENS_EVERY_S, took / LARGEST_SHARE))

    def run_phones(self) -> None:
        """Send phones what changed for them, soon after it did and at most once a second; for
        ever."""
        while True:
            # Ranges and heads-ups move with the time, too.
            self._changed_for_phones.wait(PHONES_ANYWAY_S)
            gevent.sleep(PHONES_AFTER_S)
            self._changed_for_phones.clear()
            took = self.send_phones()
            gevent.sleep(max(PHONES_EVERY_S, took / LARGEST_SHARE))

    def send_phones(self) -> float:
        """Send each phone what changed for it; the processor time it took, in seconds."""
        # Of this very tent: times of a moment ago would stand on phones for ten seconds.
        moment = self._crowds_moment(partial(self.day.forecast, fresh=True))
        return self._send_changed(self._phones, moment)

    def run_pulses(self) -> None:
        """Tell every client that all is well, with the version its view stands for and the build
        that answers; for ever."""
        while True:
            gevent.sleep(PULSE_EVERY_S)
            for rooms in (self._screens, self._phones):
                self._pulse(list(rooms.values()))

    def _pulse(self, rooms: list[Room]) -> None:
        build = f"{self._build}-{face(self.day.tent.event)}".encode()
        for some in _few_at_a_time(rooms):
            stamp = _stamp(self._clock.now())
            end = b'"build":"%b"}' % build
            self._send_each(
                [(room.name, "pulse", (_opening(room.version, stamp), end)) for room in some]
            )
            gevent.sleep(0)

    def _send_changed(self, rooms: dict[str, Room], moment: Moment | None = None) -> float:
        """Send each room what changed until now, or until a moment ago; the processor time it
        took, in seconds.

        Not the time that passed: on a busy machine, or while others are served in between, rounds
        would pause for five times as long as they were held up.
        """
        took, began = 0.0, time.thread_time()
        for some in _few_at_a_time(list(rooms.values())):
            self._send_some(some, moment or self._moment())
            took += time.thread_time() - began
            gevent.sleep(0)
            began = time.thread_time()
        return took

    def _send_some(self, rooms: Sequence[Room], moment: Moment) -> None:
        stamp, at = _stamp(self._clock.now()), time.perf_counter()
        news = [room for room in rooms if self._look(room, moment, at)]
        self._send_each([(room.name, room.view, _payload(room, stamp)) for room in news])
        for room in news:
            if room.weight:
                room.rests_until = at + room.weight / BYTES_A_SECOND

    def _moment(self) -> Moment:
        """The present, as it was seen a moment ago if nothing has happened since: what one room
        has worked out serves the others."""
        last = self._last_moment
        if last is None or last.tent is not self.day.tent or not self._is_present(last.now):
            last = self._last_moment = self._seen_now(self.day.forecast)
        return last

    def _is_present(self, at: datetime) -> bool:
        return timedelta() <= self._clock.now() - at < _MOMENT

    def _crowds_moment(self, ask: Callable[[], Forecast]) -> Moment:
        """The present with everybody's news; if they fail, each room works out its own."""
        moment = self._seen_now(ask)
        try:
            moment.line  # noqa: B018
        except Exception:
            log.error("view_failed", view="ticket", trace=traceback.format_exc())
            return replace(moment, crowd=False)
        return moment

    def _seen_now(self, ask: Callable[[], Forecast]) -> Moment:
        return Moment(self.day.tent, ask, self._clock.now(), len(self._phones) >= _CROWD)

    def _look(self, room: Room, moment: Moment, at: float) -> bool:
        """Whether a room has news that may be sent now; a view that fails costs only its own."""
        if at < room.rests_until:
            self._changed.set()
            return False
        try:
            return room.look(moment)
        except Exception:
            log.error("view_failed", view=room.view, trace=traceback.format_exc())
            return False


def _few_at_a_time(rooms: Sequence[Room]) -> Iterator[Sequence[Room]]:
    for first in range(0, len(rooms), _YIELD_AFTER):
        yield rooms[first : first + _YIELD_AFTER]


def _stamp(now: datetime) -> bytes:
    return iso_now(now).encode()


def _payload(room: Room, stamp: bytes) -> tuple[bytes, ...]:
    """The whole view as sent: clients set their clocks by its `now`, so that is never old."""
    return (_opening(room.version, stamp), *room.rest)


@lru_cache(maxsize=16)
def _opening(version: int, stamp: bytes) -> bytes:
    return b'{"version":%d,"now":"%b",' % (version, stamp)
