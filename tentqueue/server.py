"""The server that comes with tentqueue: gevent's, with small messages sent at once, limits on what
a stranger may hold open, and a stop that lets answers finish. It never patches anything itself.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import gevent
from flask import Flask
from gevent import Timeout
from gevent.pywsgi import WSGIHandler, WSGIServer

from tentqueue.handshake import SOCKET_KEY
from tentqueue.head import BODY_CAME, Head
from tentqueue.process import LARGEST_CROWD, allow_many_files, share_time
from tentqueue.tidying import keep_tidy

LARGEST_HEADER = 32 * 1024
"""Bytes of request line and headers together."""

HEADER_WITHIN_S = 10.0
"""How long a client may take to send its headers."""

IDLE_S = 65.0
"""How long a kept-alive connection may be silent."""

_BACKLOG = 4096
_ACCEPTED_AT_ONCE = 8
"""New connections taken in one round of the event loop. Each of a whole field's phones that return
together costs most of a millisecond; a therapist's press must wait for few of them, not for 100."""

_STOP_WITHIN_S = 5.0
_SMALL_ANSWER = 16 * 1024
_HEAD_ENDS = b"\r\n\r\n"

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"

AccessLog = Callable[[Mapping[str, Any]], None]


class _HeaderTooLarge(ValueError):
    """The client's headers don't end where they should."""


class Handler(WSGIHandler):  # type: ignore[misc]
    """One connection: its requests in turn, or one websocket."""

    server: Server

    def __init__(self, sock: Any, address: Any, server: Any, rfile: Any = None) -> None:
        # With Nagle's algorithm every answer on a kept-alive connection waits 40 ms.
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(HEADER_WITHIN_S)
        super().__init__(sock, address, server, rfile or sock.makefile("rb", 4096))
        self._whole, self._beyond = False, 0
        self._held: bytearray | None = None

    def read_requestline(self) -> str:
        """Waits for the next request, shortly for the first one."""
        # The socket's own limit guards the first bytes; most requests come whole with them.
        came = self.rfile.peek()
        head = came.find(_HEAD_ENDS) + len(_HEAD_ENDS)
        self._whole, self._beyond = head >= len(_HEAD_ENDS), len(came) - head
        self.socket.settimeout(IDLE_S)
        with _limit(None if self._whole else HEADER_WITHIN_S):
            line: str = super().read_requestline()
            return line

    def read_request(self, raw_requestline: str) -> Any:
        """Reads the headers, all of them within one time limit."""
        with _limit(None if self._whole else HEADER_WITHIN_S):
            return super().read_request(raw_requestline)

    def MessageClass(self, rfile: Any, *args: Any) -> Any:
        """Parses the headers, once they are all here and small enough."""
        return Head(_header_block(rfile))

    def get_environ(self) -> dict[str, Any]:
        """The request as WSGI has it, with its socket for the websocket's handshake."""
        environ: dict[str, Any] = super().get_environ()
        environ[SOCKET_KEY] = self.socket
        if self._whole and self._beyond >= (self.content_length or 0):
            environ[BODY_CAME] = True
        return environ

    def process_result(self) -> None:
        """Sends the answer; there is none after a websocket, and no next request either."""
        if self.status is None:
            self.close_connection = True
        else:
            super().process_result()

    def _write_with_headers(self, data: bytes) -> None:
        # One system call for a small answer instead of two: a tenth of a join's time.
        if len(data) > _SMALL_ANSWER:
            super()._write_with_headers(data)
            return
        self._held = held = bytearray()
        try:
            super()._write_with_headers(data)
        finally:
            self._held = None
        self._sendall(held)

    def _sendall(self, data: bytes | bytearray) -> None:
        if self._held is None:
            super()._sendall(data)
        else:
            self._held += data

    def log_request(self) -> None:
        """One line of facts, if anyone wants them; never the query, which may hold a secret."""
        if self.server.access_log is not None:
            self.server.access_log(
                {
                    "method": self.command,
                    "path": (self.path or "").split("?", 1)[0],
                    "status": self.code,
                    "bytes": self.response_length,
                    "seconds": round(self.time_finish - self.time_start, 4),
                }
            )

    def log_error(self, msg: str, *args: Any) -> None:
        """Says nothing: a client's malformed request is no news."""

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        if isinstance(ex, TimeoutError | OSError):
            return ("408", b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")
        if isinstance(ex, _HeaderTooLarge):
            return ("431", _TOO_LARGE)
        answer: tuple[str, bytes] = super()._handle_client_error(ex)
        return answer


def _limit(seconds: float | None) -> AbstractContextManager[Any]:
    """A time limit; a timer costs a hundredth of a join, so none where nothing is waited for."""
    return nullcontext() if seconds is None else Timeout(seconds, TimeoutError)


def _header_block(rfile: Any) -> bytes:
    block = bytearray()
    while True:
        line = rfile.readline(LARGEST_HEADER + 1)
        block += line
        if len(block) > LARGEST_HEADER:
            raise _HeaderTooLarge
        if line in (b"\r\n", b"\n", b""):
            return bytes(block)


class Server(WSGIServer):  # type: ignore[misc]
    """gevent's server with our handler."""

    handler_class = Handler
    max_accept = _ACCEPTED_AT_ONCE

    def __init__(
        self, address: tuple[str, int], app: Any, access_log: AccessLog | None = None
    ) -> None:
        super().__init__(address, app, spawn=LARGEST_CROWD, log=None, backlog=_BACKLOG)
        self.access_log = access_log


def make_server(app: Flask, host: str, port: int, *, access_log: AccessLog | None = None) -> Server:
    """A bound server, not yet started; port 0 takes a free one, then in `server_port`.

    Raises: OSError when the address is taken or not allowed.
    """
    server = Server((host, port), app, access_log)
    server.init_socket()
    return server


def stop(server: Server, app: Flask) -> None:
    """Takes no more connections, tells live clients to come back, lets answers finish (5 s)."""
    server.close()
    live = app.extensions.get("socketio")
    if live is not None:
        live.server.manager.close_all()
    server.stop(timeout=_STOP_WITHIN_S)


def serve(
    app: Flask,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    access_log: AccessLog | None = None,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT, then stops gently.

    `on_ready` gets the port once it is bound. Raises: OSError as for `make_server`.
    """
    allow_many_files()
    share_time()
    tidying = keep_tidy()
    server = make_server(app, host, port, access_log=access_log)
    watchers = [
        gevent.signal_handler(number, stop, server, app)
        for number in (signal.SIGTERM, signal.SIGINT)
    ]
    if on_ready is not None:
        on_ready(server.server_port)
    try:
        server.serve_forever()
    finally:
        tidying.kill()
        for watcher in watchers:
            watcher.cancel()
