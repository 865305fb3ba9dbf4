"""One websocket as the live updates need it: whole frames, in order, to clients of any speed.

Stands in for simple-websocket under Engine.IO, which as shipped corrupts a stalled phone's stream
after a partial write, buffers whole messages before it looks at their size, and compresses each
message once per client. A view that meets a full socket waits here, and a newer one replaces it.
"""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from gevent import get_hub
from gevent.socket import socket as GeventSocket
from gevent.socket import wait_write
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.utilities import RemoteProtocolError

from tentqueue.frames import answer_to, frame_of, text_frame
from tentqueue.lobby import Lobby
from tentqueue.packets import WAITING, Queue, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_MESSAGE = 16 * 1024
"""Bytes a client may send in one message; checked while it arrives."""

STALLED_S = 20.0
"""How long a client may take no byte of what waits for it before it is dropped."""

_CONNECT_WITHIN_S = 10.0
_TALKATIVE = 50
"""Messages in ten seconds; a page says hello once and answers a ping now and then."""
_TALK_WINDOW_S = 10.0
_RECEIVE = 4096
_CONNECTED = "40"


class Wire:
    """One client's websocket. Only the connection's own writer ever waits for it to drain."""

    __slots__ = (
        "_at_once",
        "_busy",
        "_closed",
        "_controls",
        "_incoming",
        "_lobby",
        "_partial",
        "_partial_size",
        "_patience",
        "_protocol",
        "_queue",
        "_raw_send",
        "_ready",
        "_rest",
        "_sock",
        "_talk_since",
        "_talked",
        "_views",
    )

    def __init__(self, sock: GeventSocket, queue: Queue | None, lobby: Lobby) -> None:
        self._sock = sock
        self._queue = queue
        self._lobby = lobby
        # Straight to the kernel: gevent's own send would wait, and other greenlets would run.
        self._raw_send = sock._sock.send
        # The same while nothing waits here, else None: of thousands of idle wires a view touches
        # this alone. What else is not in the cache then, and costs more than the call.
        self._at_once: Callable[[bytes], int] | None = None
        self._protocol = Connection(ConnectionType.SERVER)
        self._views: dict[str, bytes] = {}
        self._controls: list[bytes] = []
        self._incoming: list[str | bytes] = []
        self._partial: list[Any] = []
        self._partial_size = self._talked = 0
        self._talk_since = 0.0
        self._rest = b""
        self._ready = self._busy = self._closed = False
        sock.settimeout(None)
        # A timer that is taken back, not a time limit that goes off in each reader for nothing.
        self._patience = get_hub().loop.timer(_CONNECT_WITHIN_S)
        self._patience.start(self.drop)

    def offer(self, view: str, frame: bytes) -> None:
        """Sends a whole view if the client is idle, else keeps it as the latest; never waits.

        It may go before a packet that Engine.IO has only queued, such as a ping.
        """
        if self._at_once is None:
            self._keep(view, frame)
            return
        try:
            sent = self._at_once(frame)
        except BlockingIOError:
            self._keep(view, frame)
        except OSError:
            self.drop()
        else:
            if sent != len(frame):
                self._rest, self._at_once = frame[sent:], None
                self._wake_writer()

    def _keep(self, view: str, frame: bytes) -> None:
        if self._closed:
            return
        self._at_once = None
        if self._ready and not self._views:
            self._wake_writer()
        self._views[view] = frame

    def _wake_writer(self) -> None:
        if self._queue is not None:
            self._queue.put(WAITING)

    def send(self, message: str | bytes | Waiting) -> None:
        """Sends one of Engine.IO's own packets; the connection's writer calls this in order.

        Raises: OSError when the client is gone or has stalled.
        """
        if self._closed:
            raise OSError("the websocket is closed")
        if isinstance(message, str):
            self._write(text_frame(message.encode()))
            if not self._ready and message.startswith(_CONNECTED):
                # Views must not overtake the packet that says the connection stands.
                self._ready = True
                self._patience.close()
        elif isinstance(message, bytes):
            self._write(frame_of(0x82, message))
        if self._ready:
            self._write_waiting()

    def _write_waiting(self) -> None:
        if self._rest:
            self._write(b"")
        while self._controls:
            self._write(self._controls.pop(0))
        while self._views:
            # The newest of each view goes; what arrives meanwhile takes its place.
            self._write(self._views.pop(next(iter(self._views))))
        self._at_once = None if self._closed else self._raw_send

    def _write(self, frame: bytes) -> None:
        """Sends what is left of a half-sent frame, then this one, waiting as long as it takes."""
        self._busy, self._at_once = True, None
        try:
            left = memoryview(self._rest + frame)
            self._rest = b""
            while left:
                try:
                    left = left[self._raw_send(left) :]
                except BlockingIOError:
                    wait_write(self._sock.fileno(), STALLED_S)
        except OSError:
            self.drop()
            raise OSError("the client is gone or takes nothing") from None
        finally:
            self._busy = False

    def wait(self) -> str | bytes | None:
        """The client's next message; None once it is gone. The connection's reader calls this."""
        while not self._incoming and not self._closed:
            data = self._receive()
            if not self._ready or not data:
                # Thousands greet, or go, in one moment.
                self._lobby.enter()
            if not data:
                self.drop()
                break
            try:
                self._protocol.receive_data(data)
                for event in self._protocol.events():
                    self._take(event)
            except RemoteProtocolError:
                self._refuse(1002)
        return self._incoming.pop(0) if self._incoming else None

    def _receive(self) -> bytes:
        try:
            data: bytes = self._sock.recv(_RECEIVE)
            return data
        except OSError:
            return b""

    def _take(self, event: Any) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            self._take_part(event)
        elif isinstance(event, Ping):
            self._count_message()
            if len(self._controls) < 4:
                self._controls.append(frame_of(0x8A, bytes(event.payload)))
                self._wake_writer()
        elif isinstance(event, CloseConnection):
            self._refuse(answer_to(int(event.code)))

    def _take_part(self, event: TextMessage | BytesMessage) -> None:
        self._partial.append(event.data)
        self._partial_size += len(event.data)
        if max(self._partial_size, len(self._partial)) > LARGEST_MESSAGE:
            self._refuse(1009)
        elif event.message_finished:
            self._count_message()
            self._incoming.append(event.data[:0].join(self._partial))  # type: ignore[arg-type]
            self._partial.clear()
            self._partial_size = 0

    def _count_message(self) -> None:
        """Shows out who floods: each message costs a greenlet further in."""
        now = monotonic()
        if now - self._talk_since > _TALK_WINDOW_S:
            self._talk_since, self._talked = now, 0
        self._talked += 1
        if self._talked > _TALKATIVE:
            self._refuse(1008)

    def _refuse(self, code: int) -> None:
        """Says goodbye with a code, if nothing is half sent, and drops the client."""
        if not self._closed and not self._busy and not self._rest:
            with suppress(OSError):
                self._raw_send(frame_of(0x88, struct.pack("!H", code)))
        self.drop()

    def close(self, code: int = 1000) -> None:
        """Ends the connection from this side; never waits."""
        self._refuse(code)

    def drop(self) -> None:
        """Cuts the connection; its reader wakes and tidies up."""
        if not self._closed:
            self._closed, self._at_once = True, None
            self._patience.close()
            self._views.clear()
            self._partial.clear()
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)
