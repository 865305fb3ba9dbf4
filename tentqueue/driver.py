"""What Engine.IO makes for each websocket request: handshake, wire, and the connection's life."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gevent.ssl import SSLSocket

from tentqueue import handshake
from tentqueue.wire import Wire

if TYPE_CHECKING:
    from tentqueue.fanout import Fanout


class Driver:
    """What Engine.IO makes for each websocket request: opens the wire and runs the connection."""

    def __init__(self, fanout: Fanout, stock: Any, handler: Any, server: Any) -> None:
        self._fanout = fanout
        self._stock = stock
        self._handler = handler
        self._server = server

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Runs one websocket from handshake to goodbye."""
        connection = getattr(self._handler, "__self__", None)
        name, queue = getattr(connection, "sid", None), getattr(connection, "queue", None)
        if isinstance(environ.get(handshake.SOCKET_KEY), SSLSocket):
            answer: Iterable[bytes] = self._stock(self._handler, self._server)(
                environ, start_response
            )
            return answer
        self._fanout.coming.enter()
        sock = handshake.accept(environ, start_response)
        if sock is None:
            return []
        wire = Wire(sock, queue, self._fanout.going)
        if name is not None and queue is not None:
            self._fanout.add_wire(name, wire)
        try:
            self._handler(wire)
        finally:
            self._fanout.remove_wire(name or "")
            wire.drop()
        return handshake.finish(environ)
