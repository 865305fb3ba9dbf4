"""Live updates: who sees which view, the first view on connect, and whole views after each commit.

What a socket sees comes from its credentials, never from a name it sends. Nothing is changed here:
clients send nothing but the connect.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import gevent
import msgspec
import structlog
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused

from tentqueue.channel import Channel, NothingToShow
from tentqueue.fanout import fanout_of
from tentqueue.lobby import Lobby
from tentqueue.logs import RefusalLog
from tentqueue.rooms import Room, ScreenRoom, TicketRoom
from tentqueue.services.asker import STAFF, Asker, Power
from tentqueue.services.clock import Clock
from tentqueue.services.tents import Tents, UnknownEvent
from tentqueue.tongues import Tongue
from tentqueue.views import Views, may_see_health, worded

log = structlog.get_logger(__name__)

CHECK_EVERY_S = 1.0
"""How often staff credentials are looked at again; a revoked one is out within twice that."""
_PHONES_AT_ONCE = 4
"""Phones that get their first view in one round of the event loop; each costs a millisecond."""
SOCKETS_PER_DEVICE = 24
SOCKETS_PER_ADDRESS = 6000


class Hello(msgspec.Struct, frozen=True):
    """What a client says when it connects."""

    event: str
    view: str
    token: str | None = None
    ticket: str | None = None
    key: str | None = None


class Auth(Protocol):
    """Who connects; made by `web/auth.py`."""

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Return who connects. Raises: any exception for a credential that is not good."""

    def runner_may(self, asker: Asker, ticket_id: str) -> bool:
        """Whether `asker` holds the ticket's key, or is staff."""


@dataclass
class Seat:
    """One connected client; staff's credentials are kept to be looked at again."""

    channel: Channel
    room: Room
    origin: str
    auth: dict[str, Any]
    environ: dict[str, Any]
    asker: Asker


class Live:
    """The socket side of the house."""

    def __init__(
        self, socketio: SocketIO, tents: Tents, views: Views, auth: Auth, clock: Clock
    ) -> None:
        self._tents, self._views, self._auth, self._clock = tents, views, auth, clock
        self.build = ""
        """The build of the static files that pulses tell, so that old pages come back as new."""
        self._channels: dict[str, Channel] = {}
        self._seats: dict[str, Seat] = {}
        self._staff: dict[str, Seat] = {}
        self._crowd: Counter[str] = Counter()
        self._fanout = fanout_of(socketio)
        self._lobby = Lobby(_PHONES_AT_ONCE)
        self._log = RefusalLog()
        self._server = socketio.server
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        gevent.spawn(self._watch_credentials)

    @property
    def open_sockets(self) -> int:
        """How many clients are connected."""
        return len(self._seats)

    @property
    def offered_views(self) -> int:
        """How many views and pulses were given to clients since the start."""
        return self._fanout.offered

    def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        try:
            self._let_in(sid, environ, auth)
        except Refused as refused:
            self._log.note(refused.error_args["data"]["code"], route="socket")
            raise

    def _let_in(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        hello = _read(auth)
        if hello.view == "ticket":
            self._lobby.enter()
        origin = self._count(environ)
        try:
            seat = self._seat(hello, auth, environ, origin)
        except BaseException:
            self._uncount(origin)
            raise
        self._seats[sid] = seat
        if seat.asker.power in STAFF:
            self._staff[sid] = seat
        self._server.enter_room(sid, seat.room.name)
        self._fanout.send(sid, seat.room.view, *seat.channel.payload(seat.room))

    def _seat(
        self, hello: Hello, auth: dict[str, Any], environ: dict[str, Any], origin: str
    ) -> Seat:
        try:
            channel = self._channel(hello.event)
        except UnknownEvent:
            raise _refused("unknown_event", "There is no such event here.") from None
        asker = self._asker(hello, auth, environ)
        tongue = self._views.tongue_of(environ, hello.view == "tent")
        try:
            room = self._enter(channel, hello, asker, tongue)
        except NothingToShow:
            raise _refused("no_view", "This can't be shown just now. Try again.") from None
        kept = (auth, environ) if asker.power in STAFF else ({}, {})
        return Seat(channel, room, origin, *kept, asker)

    def _asker(self, hello: Hello, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        if hello.view == "board" and hello.token is None:
            return Asker(Power.BOARD, "board")
        try:
            return self._auth.socket_asker(auth, environ)
        except Exception as error:
            raise _refused(getattr(error, "code", "sign_in_needed"), "Sign in again.") from None

    def _enter(self, channel: Channel, hello: Hello, asker: Asker, tongue: Tongue) -> Room:
        day, slug = channel.day, channel.slug
        if hello.view == "board":
            return channel.enter(
                ScreenRoom(f"board:{slug}", "board", lambda: self._views.board(day))
            )
        if hello.view == "tent":
            if asker.power not in STAFF:
                raise _refused("not_allowed", "This view is for staff.")
            name = f"tent:{slug}:{asker.label}:{asker.therapist or ''}:{tongue.language}"
            return channel.enter(
                ScreenRoom(name, "tent", lambda: worded(self._views.tent(day, asker), tongue.tell))
            )
        if hello.view == "ticket" and hello.ticket and hello.ticket in day.tent.ids:
            return self._enter_ticket(channel, hello.ticket, asker, tongue)
        raise _refused("unknown_view", "Name a view you may see: board, ticket or tent.")

    def _enter_ticket(self, channel: Channel, ticket: str, asker: Asker, tongue: Tongue) -> Room:
        if not self._auth.runner_may(asker, ticket):
            raise _refused("not_allowed", "This ticket's key is needed.")
        # Rooms are by what may be seen: staff without the runner's areas sit in another one.
        who = "runner" if asker.power is Power.RUNNER else f"{asker.label}:{asker.therapist or ''}"
        name = f"ticket:{channel.slug}:{ticket}:{who}:{tongue.language}"
        code = channel.day.tent.ticket(ticket).code
        return channel.enter(TicketRoom(name, code, tongue, partial(may_see_health, asker)))

    def _channel(self, slug: str) -> Channel:
        if slug not in self._channels:
            day = self._tents.of(slug)
            channel = Channel(slug, day, self._fanout.send_each, self._clock, self.build)
            self._channels[slug] = channel
            for work in (channel.run_screens, channel.run_phones, channel.run_pulses):
                gevent.spawn(work)
        return self._channels[slug]

    def _disconnect(self, sid: str, *_: Any) -> None:
        self._staff.pop(sid, None)
        seat = self._seats.pop(sid, None)
        if seat is not None:
            self._uncount(seat.origin)
            seat.channel.leave(seat.room)

    def _count(self, environ: dict[str, Any]) -> str:
        device = _device(environ)
        origin, most = (
            (device, SOCKETS_PER_DEVICE)
            if device
            else (environ.get("REMOTE_ADDR", ""), SOCKETS_PER_ADDRESS)
        )
        if self._crowd[origin] >= most:
            raise _refused("too_many_sockets", "Too many open pages on this device. Close some.")
        self._crowd[origin] += 1
        return origin

    def _uncount(self, origin: str) -> None:
        self._crowd[origin] -= 1
        if self._crowd[origin] <= 0:
            del self._crowd[origin]

    def _watch_credentials(self) -> None:
        while True:
            gevent.sleep(CHECK_EVERY_S)
            for sid, seat in list(self._staff.items()):
                if not self._still(seat):
                    self._server.disconnect(sid)

    def _still(self, seat: Seat) -> bool:
        """Whether a credential is as good as when the socket was opened."""
        try:
            return self._auth.socket_asker(seat.auth, seat.environ) == seat.asker
        except Exception:
            return False


def _read(auth: Any) -> Hello:
    try:
        return msgspec.convert(auth, Hello)
    except msgspec.ValidationError:
        raise _refused("bad_hello", "Say which event and view.") from None


def _refused(code: str, sentence: str) -> Refused:
    return Refused(sentence, {"code": code})


def _device(environ: dict[str, Any]) -> str | None:
    """The browser's mark, for counting only; a forged one counts as itself."""
    cookies = environ.get("HTTP_COOKIE", "")
    found = [part.strip()[7:] for part in cookies.split(";") if part.strip().startswith("device=")]
    return found[0][:64] if found else None
