"""Fan-out of whole views to thousands of clients for one `send()` each.

Stock Socket.IO puts each message in each client's queue, wakes a greenlet per client, and frames
(and compresses) it again for each: five to seven times the cost of sending. Here a view is framed
once, and each idle client gets it by one call that never waits. It leans on one private thing of
Engine.IO, that a websocket driver is handed its socket's bound method; where that is missing every
message takes the stock path.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

from engineio.packet import MESSAGE, Packet
from flask import Flask
from flask_socketio import SocketIO
from socketio import Manager

from tentqueue.driver import Driver
from tentqueue.frames import text_frame, text_in
from tentqueue.lobby import Lobby
from tentqueue.wire import LARGEST_MESSAGE, Wire

_NAMESPACE = "/"
_COMING_AT_ONCE, _GOING_AT_ONCE = 4, 16
"""Websockets opened, and tidied up after, in one round of the event loop: thousands may come or
lose their line in one moment, and each costs most of a millisecond, or a tenth."""
_PING_INTERVAL_S = 15
_PING_TIMEOUT_S = 10


class Fanout(Manager):  # type: ignore[misc]
    """Socket.IO's client manager, which also knows each room's wires and sends views to them."""

    def __init__(self) -> None:
        super().__init__()
        self.offered = 0
        """Clients that views were offered to since the start, each view counted by itself."""
        self.coming, self.going = Lobby(_COMING_AT_ONCE), Lobby(_GOING_AT_ONCE)
        self._by_connection: dict[str, Wire] = {}
        self._by_client: dict[str, Wire] = {}
        self._rooms: dict[str, dict[str, Wire]] = {}
        self._rooms_of: dict[tuple[str, str], set[str | None]] = {}
        self._all_have_wires = True

    def send(self, room: str, view: str, *payload: bytes) -> int:
        """Sends a whole view, JSON already and in as many parts as it was made of, to a room or to
        one client's sid.

        Never waits and never lets another greenlet run. A client that is behind keeps only the
        newest payload of each `view`. Gives the number of clients it was offered to.
        """
        return self._offer(room, view, text_frame(_event_named(view), *payload, b"]"))

    def send_each(self, views: Iterable[tuple[str, str, Sequence[bytes]]]) -> None:
        """The same to many rooms: the room, the view's name and its payload, for each.

        All are framed first and then sent in one go: a receiver on this machine, a proxy or another
        worker, is woken once for all of them, and not for each.
        """
        framed = [
            (room, view, text_frame(_event_named(view), *payload, b"]"))
            for room, view, payload in views
        ]
        for room, view, frame in framed:
            self._offer(room, view, frame)

    def _offer(self, room: str, view: str, frame: bytes) -> int:
        wires = self._rooms.get(room)
        if wires is None:
            wires = {room: self._by_client[room]} if room in self._by_client else {}
        for wire in wires.values():
            wire.offer(view, frame)
        offered = len(wires)
        if not self._all_have_wires:
            offered += self._send_stock(room, len(wires), text_in(frame))
        self.offered += offered
        return offered

    def _send_stock(self, room: str, wires: int, text: bytes) -> int:
        """The ordinary path, for clients without a wire of ours."""
        members = self.rooms.get(_NAMESPACE, {}).get(room, ())
        if len(members) == wires:
            return 0
        packet = Packet(MESSAGE, text[1:].decode())
        others = [
            connection
            for client, connection in self.get_participants(_NAMESPACE, room)
            if client not in self._by_client
        ]
        for connection in others:
            self.server._send_eio_packet(connection, packet)
        return len(others)

    def add_wire(self, connection: str, wire: Wire) -> None:
        """A websocket was opened for an Engine.IO connection."""
        self._by_connection[connection] = wire

    def remove_wire(self, connection: str) -> None:
        """The websocket is over."""
        self._by_connection.pop(connection, None)

    def close_all(self) -> None:
        """Tells every client that the server goes away."""
        for wire in list(self._by_connection.values()):
            wire.close(1001)

    @property
    def open_wires(self) -> int:
        """How many websockets are open."""
        return len(self._by_connection)

    def pre_connect(self, eio_sid: str, namespace: str) -> Any:
        """A client asks to connect: from now on it can be sent views, which wait until it is."""
        sid = super().pre_connect(eio_sid, namespace)
        wire = self._by_connection.get(eio_sid)
        if sid is not None and wire is not None and namespace == _NAMESPACE:
            self._by_client[sid] = wire
        else:
            self._all_have_wires = False
        return sid

    def enter_room(self, sid: str, namespace: str, room: str, eio_sid: str | None = None) -> None:
        """Adds a client to a room."""
        super().enter_room(sid, namespace, room, eio_sid=eio_sid)
        if namespace == _NAMESPACE and sid in self._by_client:
            self._rooms.setdefault(room, {})[sid] = self._by_client[sid]

    def leave_room(self, sid: str, namespace: str, room: str) -> None:
        """Takes a client out of a room."""
        super().leave_room(sid, namespace, room)
        if namespace == _NAMESPACE:
            self._forget(sid, room)

    def close_room(self, room: str, namespace: str) -> None:
        """Takes everyone out of a room."""
        super().close_room(room, namespace)
        if namespace == _NAMESPACE:
            self._rooms.pop(room, None)

    def disconnect(self, sid: str, namespace: str, **kwargs: Any) -> Any:
        """A client is gone."""
        if namespace == _NAMESPACE and self._by_client.pop(sid, None) is not None:
            for room in self._rooms_of.get((namespace, sid), ()):
                if room is not None:
                    self._forget(sid, room)
        return super().disconnect(sid, namespace, **kwargs)

    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        """Adds a client to a room, and notes it at the client too."""
        super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)
        self._rooms_of.setdefault((namespace, sid), set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """Takes a client out of a room."""
        super().basic_leave_room(sid, namespace, room)
        self._rooms_of.get((namespace, sid), set()).discard(room)

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:
        """Takes a client out of its rooms.

        The stock way looks for it in every room there is. With a room for each phone, 5,000 that
        lose their line together cost 25 million looks, and nobody is served for half a minute.
        """
        for room in self._rooms_of.pop((namespace, sid), ()):
            super().basic_leave_room(sid, namespace, room)
        whole: dict[str, Any] = self.rooms
        self.rooms: dict[str, Any] = {namespace: {}}
        try:
            super().basic_disconnect(sid, namespace, **kwargs)
        finally:
            self.rooms = whole

    def _forget(self, sid: str, room: str) -> None:
        members = self._rooms.get(room, {})
        members.pop(sid, None)
        if not members:
            self._rooms.pop(room, None)


@lru_cache(maxsize=64)
def _event_named(view: str) -> bytes:
    """How Socket.IO begins an event of this name."""
    return b'42["%b",' % view.encode()


def live_server(app: Flask, *, origins: list[str] | None = None, **options: Any) -> SocketIO:
    """Puts Socket.IO on the app: websocket only, small messages, no compression, own fan-out.

    `origins` are the exact origins allowed besides the server's own. A client that is silent is
    gone after 25 s: pinged each 15 s, with 10 s to answer. Its fan-out is `fanout_of(...)`.
    Raises: ValueError for an empty list, which would let every origin in.
    """
    if origins is not None and (not origins or "*" in origins):
        raise ValueError("name the allowed origins exactly, or none at all")
    fanout = Fanout()
    settings: dict[str, Any] = {
        "async_mode": "gevent",
        "transports": ["websocket"],
        "client_manager": fanout,
        "cors_allowed_origins": partial(_may_open, frozenset(origins or ())),
        "ping_interval": _PING_INTERVAL_S,
        "ping_timeout": _PING_TIMEOUT_S,
        "max_http_buffer_size": LARGEST_MESSAGE,
        "manage_session": False,
        "logger": False,
        "engineio_logger": False,
    }
    live = SocketIO(app, **{**settings, **options})
    engine = live.server.eio
    stock = engine._async["websocket"]
    engine._async = {**engine._async, "websocket": partial(Driver, fanout, stock)}
    return live


def _may_open(named: frozenset[str], origin: str, environ: dict[str, Any]) -> bool:
    """Whether a page of this origin may open a socket: one named, or the server's own as the
    browser reached it, which is not the public address on the laptop itself."""
    own = f"{environ.get('wsgi.url_scheme')}://{environ.get('HTTP_HOST')}"
    return origin in named or origin == own


def fanout_of(live: SocketIO) -> Fanout:
    """The fan-out behind a live server."""
    manager: Fanout = live.server.manager
    return manager
