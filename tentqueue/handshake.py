"""Turns a WSGI request into an open websocket, or says why not. Never offers compression: it costs
two to six times the CPU and 92 kB a phone, and lets a small message grow in memory."""

from __future__ import annotations

import base64
import binascii
import hashlib
import socket
from collections.abc import Callable, Iterable
from typing import Any

from gevent.socket import socket as GeventSocket

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

SOCKET_KEY = "tentqueue.socket"
"""Where the embedded server puts a request's socket."""

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_UNSENT_LIMIT = 16 * 1024


def accept(environ: Environ, start_response: StartResponse) -> GeventSocket | None:
    """Answers the upgrade and gives the socket; None when the request was refused instead."""
    if (refusal := _refusal(environ)) is not None:
        status, headers = refusal
        start_response(status, [("Content-Length", "0"), *headers])
        return None
    sock = _socket_of(environ)
    _tune(sock)
    worth = environ["HTTP_SEC_WEBSOCKET_KEY"].strip().encode() + _GUID
    # The handshake's own sum (RFC 6455, 4.2.2): it proves a websocket server, and keeps no secret.
    digest = hashlib.sha1(worth, usedforsecurity=False).digest()
    sock.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )
    return sock


def finish(environ: Environ) -> Iterable[bytes]:
    """What a WSGI application returns when the websocket is over."""
    if "gunicorn.socket" in environ:
        raise StopIteration  # gunicorn's sign that the answer was given on the socket itself
    return []


def _refusal(environ: Environ) -> tuple[str, list[tuple[str, str]]] | None:
    connection = {word.strip() for word in environ.get("HTTP_CONNECTION", "").lower().split(",")}
    if environ.get("HTTP_UPGRADE", "").lower() != "websocket" or "upgrade" not in connection:
        return "426 Upgrade Required", [("Upgrade", "websocket")]
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
        return "426 Upgrade Required", [("Sec-WebSocket-Version", "13")]
    try:
        key = base64.b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", "").strip(), validate=True)
    except binascii.Error:
        key = b""
    return None if len(key) == 16 else ("400 Bad Request", [])


def _socket_of(environ: Environ) -> GeventSocket:
    for name in (SOCKET_KEY, "gunicorn.socket"):
        if isinstance(found := environ.get(name), GeventSocket):
            return found
    # gevent's own handler hides it behind the buffered reader it hands over on an upgrade.
    reader: Any = environ["wsgi.input"]
    reader = getattr(reader, "rfile", reader)
    hidden: GeventSocket = reader.raw._sock
    return hidden


def _tune(sock: GeventSocket) -> None:
    """Small messages leave at once, and the kernel keeps few stale ones for a slow phone."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in (("TCP_NOTSENT_LOWAT", _UNSENT_LIMIT), ("TCP_USER_TIMEOUT", 25_000)):
        if option := getattr(socket, name, None):
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
