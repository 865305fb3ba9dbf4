"""Bad networks between phones and a server: TCP proxies of the tests' own, in one event loop.

A browser's offline switch does not cut open websockets, and a real network does worse than that.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from contextlib import suppress
from enum import StrEnum

SLOW_BYTES_A_SECOND = 8_000
"""64 kbit/s."""
SLOW_LATENCY_S = 0.8
CUT_AFTER_BYTES = 700
"""In the middle of a view."""
_MOST_HELD = 256 * 1024


class Fault(StrEnum):
    """What a network may do; who waits behind it is told nothing."""

    BLACKHOLE = "blackhole"
    """Nothing passes, in either direction; what was sent arrives when it is over."""
    HALF_OPEN = "half-open"
    """The server's side of every line is gone; the phones believe in theirs. New lines as well."""
    SLOW = "slow"
    """64 kbit/s for each line, and 800 ms."""
    CUT = "cut"
    """Every line is reset after some bytes, again and again."""
    REBOOT = "router reboot"
    """Nothing passes; afterwards the router knows none of the old lines, and drops their words."""


class Side(asyncio.Protocol):
    """One end of a line; what comes in leaves at the other end, if the weather lets it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.transport: asyncio.Transport | None = None
        self.other: Side | None = None
        self.lost = False
        """The network has forgotten this line: it neither carries it nor hangs up."""
        self._held: deque[bytes] = deque()
        self._free_at = 0.0
        self._passed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the line."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._network.sides.add(self)

    def data_received(self, data: bytes) -> None:
        """Carry it, hold it, lose it."""
        fault = self._network.fault
        if self.lost:
            return
        self._passed += len(data)
        if fault is Fault.CUT and self._passed > CUT_AFTER_BYTES:
            self._pass(data[: len(data) // 2])
            self.reset()
        elif fault in (Fault.BLACKHOLE, Fault.REBOOT) or self.other is None:
            self._held.append(data)
        elif fault is Fault.SLOW or self._held:
            self._later(data)
        else:
            self._pass(data)

    def _later(self, data: bytes) -> None:
        """One after the other, at the pace of the line."""
        loop = asyncio.get_running_loop()
        begins = max(loop.time(), self._free_at)
        self._free_at = begins + len(data) / SLOW_BYTES_A_SECOND
        self._held.append(data)
        loop.call_at(self._free_at + SLOW_LATENCY_S, self._pass_one)

    def _pass_one(self) -> None:
        if self._held:
            self._pass(self._held.popleft())

    def release(self) -> None:
        """The network carries again: what waited goes on its way."""
        while self._held and self.other is not None:
            self._pass(self._held.popleft())

    def _pass(self, data: bytes) -> None:
        if not self.lost and self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """One end hung up: so does the other, unless the network has lost the line."""
        self._network.sides.discard(self)
        if not self.lost and self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def reset(self) -> None:
        """Cut both ends."""
        for side in (self, self.other):
            if side is not None and side.transport is not None:
                side.transport.abort()


class Network:
    """One way to the server, with its own weather."""

    def __init__(self, to: int) -> None:
        self._to, self.port = to, 0
        self.fault: Fault | None = None
        self.sides: set[Side] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._fine = asyncio.Event()
        self._fine.set()

    async def start(self) -> Network:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._door = await loop.create_server(self._answer, "127.0.0.1", 0, backlog=1024)
        self.port = self._door.sockets[0].getsockname()[1]
        return self

    def _answer(self) -> Side:
        near = Side(self)
        task = asyncio.ensure_future(self._open(near))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        return near

    async def _open(self, near: Side) -> None:
        # A dead network answers no greeting; the kernel of this machine does it for the proxy.
        await self._fine.wait()
        far = Side(self)
        with suppress(OSError):
            await asyncio.get_running_loop().create_connection(lambda: far, "127.0.0.1", self._to)
            near.other, far.other = far, near
            near.release()
            return
        near.reset()

    def worsen(self, fault: Fault) -> None:
        """The weather turns."""
        self.fault = fault
        if fault in (Fault.BLACKHOLE, Fault.REBOOT):
            self._fine.clear()
        if fault is Fault.HALF_OPEN:
            self._fine.clear()
            self._forget(hang_up_on_server=True)
        if fault is Fault.CUT:
            for side in list(self.sides):
                side.reset()

    def mend(self) -> None:
        """The network carries again; a router that was rebooted remembers no line."""
        if self.fault is Fault.REBOOT:
            self._forget(hang_up_on_server=False)
        self.fault = None
        self._fine.set()
        for side in list(self.sides):
            side.release()

    def _forget(self, hang_up_on_server: bool) -> None:
        for side in list(self.sides):
            if side.other is None:
                continue
            side.lost = True
            to_server = side.transport is not None and (
                side.transport.get_extra_info("peername")[1] == self._to
            )
            if to_server and hang_up_on_server and side.transport is not None:
                linger = struct.pack("ii", 1, 0)
                line = side.transport.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                side.transport.abort()

    def close(self) -> None:
        """Hang up on everybody."""
        self._door.close()
        for side in list(self.sides):
            side.lost = False
            side.reset()
