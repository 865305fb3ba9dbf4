"""Thousands of pages' sockets in one event loop, as lean as Python allows: each greets, keeps the
newest version it was shown, and comes back by the page's own rules (`static/js/store.js`).
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

STALE_AFTER_S = 9.0
"""A page that has heard nothing for so long says so, and drops its socket."""
_MISSED_S, _SEEK_WITHIN_S, _LOOK_EACH_S = 5.5, 1.5, 1.0
"""A page without its socket, or that misses a pulse, looks once a second and then asks over HTTP at
a random moment; once it is answered it dials. Here it dials instead of asking."""
_CEILING_S, _GROWTH = 1.5, 1.6
_CONNECT_WITHIN_S = 4.0
_PATH = "/socket.io/?EIO=4&transport=websocket"
_PONG = b"\x81\x81\0\0\0\0" + b"3"
_VERSION = b'{"version":'

Hello = dict[str, Any]


@dataclass
class Counts:
    """What a herd has seen so far."""

    views: int = 0
    pulses: int = 0
    bytes: int = 0
    opened: int = 0
    lost: int = 0
    refused: int = 0
    stale: int = 0
    """Times a page found that it had heard nothing for too long."""
    went_back: int = 0
    """Views that were older than one shown before: never."""


class Phone(asyncio.Protocol):
    """One page: it wants to be connected until it is closed."""

    def __init__(self, port: Callable[[], int], hello: Hello, counts: Counts) -> None:
        self._port, self.hello, self.counts = port, hello, counts
        self._transport: asyncio.Transport | None = None
        self._buffer, self._upgraded, self._tries = b"", False, 0
        self._seeks = self._hurries = False
        self.wanted = True
        self.connected = False
        self.version = -1
        """The newest version that a view or a pulse said this page stands for."""
        self.shown_version = -1
        self.body = b""
        """The newest view, without its version and instant."""
        self.heard_at = 0.0
        self.current_at = 0.0
        """When the first view came after the line was lost the last time."""
        self.told: Callable[[Phone, bytes, bytes], None] | None = None

    def start(self, after_s: float = 0.0) -> None:
        """Connect, after a while."""
        self.current_at = 0.0
        asyncio.get_running_loop().call_later(after_s, self._dial)

    def cut(self) -> None:
        """The line is gone, as when a phone changes its network; it will come back."""
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Close the page."""
        self.wanted = False
        self.cut()

    def look(self, now: float) -> None:
        """The page looks each second: a missed pulse lets it seek, silence is a dead line."""
        if not self.connected:
            return
        if now - self.heard_at > STALE_AFTER_S:
            self.counts.stale += 1
            self.cut()
        elif now - self.heard_at > _MISSED_S and not self._seeks:
            self._seeks = True
            later = random.random() * _SEEK_WITHIN_S
            asyncio.get_running_loop().call_later(later, self._seek)

    def _seek(self) -> None:
        self._seeks = False
        if self.connected and time.monotonic() - self.heard_at > _MISSED_S:
            self._hurries = True
            self.cut()

    def _dial(self) -> None:
        if self.wanted:
            self._dialling = asyncio.ensure_future(self._connect())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        opening = loop.create_connection(lambda: self, "127.0.0.1", self._port())
        try:
            await asyncio.wait_for(opening, _CONNECT_WITHIN_S)
        except (OSError, TimeoutError):
            self._later()
            return
        await asyncio.sleep(_CONNECT_WITHIN_S)
        if not self.connected:
            self.cut()

    def _later(self) -> None:
        self._tries += 1
        ceiling = min(_CEILING_S * _GROWTH ** (self._tries - 1), _LOOK_EACH_S + _SEEK_WITHIN_S)
        self.start(0.0 if self._hurries else random.random() * ceiling)
        self._hurries = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the websocket."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer, self._upgraded = transport, b"", False
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            "\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """The page comes back by itself, at a random moment."""
        self._transport = None
        self._dialling.cancel()
        if self.connected:
            self.counts.lost += 1
        self.connected = False
        self.current_at = 0.0
        if self.wanted:
            self._later()

    def data_received(self, data: bytes) -> None:
        """Take every whole frame."""
        self.counts.bytes += len(data)
        self._buffer += data
        if not self._upgraded and not self._upgrade():
            return
        while (ends := _frame(self._buffer)) is not None:
            start, end = ends
            text, self._buffer = self._buffer[start:end], self._buffer[end:]
            self._take(text)

    def _upgrade(self) -> bool:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head:
            self.counts.refused += 1
            self.cut()
            return False
        self._upgraded, self._buffer = True, rest
        return True

    def _take(self, text: bytes) -> None:
        if text.startswith(b"42"):
            self._take_view(text)
        elif text == b"2":
            self._say(_PONG)
        elif text.startswith(b"0{"):
            body = b"40" + json.dumps(self.hello).encode()
            self._say(_masked(body))
        elif text.startswith(b"44"):
            self.counts.refused += 1
            self.cut()

    def _say(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frame)

    def _take_view(self, text: bytes) -> None:
        name, _, payload = text[4:].partition(b'",')
        self.heard_at = time.monotonic()
        version = int(payload[len(_VERSION) : payload.index(b",", len(_VERSION))])
        if name == b"pulse":
            self.counts.pulses += 1
        else:
            self.counts.views += 1
            self.counts.went_back += version < self.shown_version
            self.shown_version = version
            self.body = payload[payload.index(b'"', payload.index(b'"now":') + 7) + 1 : -1]
            if not self.connected:
                self.connected, self._tries = True, 0
                self.counts.opened += 1
                self.current_at = self.heard_at
        self.version = max(self.version, version)
        if self.told is not None:
            self.told(self, name, payload[:-1])


def _frame(buffer: bytes) -> tuple[int, int] | None:
    """Where the first frame's text begins and ends, once all of it is here."""
    if len(buffer) < 2:
        return None
    size, head = buffer[1] & 0x7F, 2
    if size == 126:
        if len(buffer) < 4:
            return None
        size, head = struct.unpack_from("!H", buffer, 2)[0], 4
    elif size == 127:
        if len(buffer) < 10:
            return None
        size, head = struct.unpack_from("!Q", buffer, 2)[0], 10
    return (head, head + size) if len(buffer) >= head + size else None


def _masked(body: bytes) -> bytes:
    """A text frame from a client, with a mask of zeros."""
    size = len(body)
    if size < 126:
        return struct.pack("!BB", 0x81, 0x80 | size) + b"\0\0\0\0" + body
    return struct.pack("!BBH", 0x81, 0x80 | 126, size) + b"\0\0\0\0" + body


@dataclass
class Herd:
    """All phones of one process, on one server; `port` may change while they are away."""

    port: int
    counts: Counts = field(default_factory=Counts)
    phones: list[Phone] = field(default_factory=list)

    def open(self, hellos: Sequence[Hello], within_s: float = 0.0) -> None:
        """More pages, opened at random moments."""
        for hello in hellos:
            phone = Phone(lambda: self.port, hello, self.counts)
            self.phones.append(phone)
            phone.start(random.random() * within_s)

    async def watch(self) -> None:
        """Look at every page each second; for ever."""
        while True:
            await asyncio.sleep(_LOOK_EACH_S)
            now = time.monotonic()
            for phone in self.phones:
                phone.look(now)

    async def current(self, version: int, within_s: float) -> bool:
        """Wait until every page is connected and stands for a version; False when time is up."""
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            if all(phone.connected and phone.version >= version for phone in self.phones):
                return True
            await asyncio.sleep(0.05)
        return False

    def cut(self) -> None:
        """Cut every line at once."""
        for phone in self.phones:
            phone.cut()

    def leave(self, keep: int) -> None:
        """Close the oldest runners' pages, so that not more than so many are open."""
        surplus = max(0, len(self.phones) - keep)
        leaving = [phone for phone in self.phones if phone.hello["view"] == "ticket"][:surplus]
        for phone in leaving:
            phone.close()
            self.phones.remove(phone)

    def close(self) -> None:
        """Close every page."""
        for phone in self.phones:
            phone.close()
