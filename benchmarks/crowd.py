"""Many websocket clients in one process: they read as fast as they can and note when."""

from __future__ import annotations

import base64
import os
import select
import socket
import struct
import time

SOCKET_IO_PATH = "/socket.io/?EIO=4&transport=websocket"


class Crowd:
    """Open connections to one server; `arrivals[n]` is when message n had reached everyone."""

    def __init__(self) -> None:
        self._sockets: dict[int, socket.socket] = {}
        self._buffers: dict[int, bytearray] = {}
        self._counts: dict[int, int] = {}
        self._epoll = select.epoll()
        self._reached: list[int] = []
        self.arrivals: list[float] = []

    def __len__(self) -> int:
        return len(self._sockets)

    def connect(self, port: int, path: str | None, deflate: bool = False) -> None:
        """Opens one more websocket; without a path, a bare TCP connection."""
        sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        if path is not None:
            _upgrade(sock, port, path, deflate)
        if path == SOCKET_IO_PATH:
            _read_message(sock)
            sock.sendall(b"\x81\x82\0\0\0\0" + b"40")
            _read_message(sock)
        sock.setblocking(False)
        number = sock.fileno()
        self._sockets[number], self._buffers[number] = sock, bytearray()
        self._counts[number] = 0
        self._epoll.register(number, select.EPOLLIN)

    def read_until(self, messages: int, within_s: float) -> bool:
        """Reads until each client has had so many messages; False when the time is up."""
        give_up_at = time.monotonic() + within_s
        while len(self.arrivals) < messages and time.monotonic() < give_up_at:
            for number, _ in self._epoll.poll(0.1):
                self._read(number)
        return len(self.arrivals) >= messages

    def _read(self, number: int) -> None:
        try:
            data = self._sockets[number].recv(262_144)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionError("the server closed a connection")
        buffer = self._buffers[number]
        buffer += data
        while (size := _whole_frame(buffer)) is not None:
            if size > 16:  # Engine.IO's own pings are shorter
                self._count(number)
            del buffer[:size]

    def _count(self, number: int) -> None:
        index = self._counts[number]
        self._counts[number] = index + 1
        if index == len(self._reached):
            self._reached.append(0)
        self._reached[index] += 1
        if self._reached[index] == len(self._sockets):
            self.arrivals.append(time.monotonic())

    def close(self) -> None:
        """Cuts all of them."""
        for sock in self._sockets.values():
            sock.close()
        self._epoll.close()


def _upgrade(sock: socket.socket, port: int, path: str, deflate: bool) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if deflate else ""
    sock.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        f"{offer}\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += sock.recv(1)
    if b" 101 " not in head:
        raise ConnectionError(head.decode())


def _read_message(sock: socket.socket) -> None:
    buffer = bytearray()
    while _whole_frame(buffer) is None:
        buffer += sock.recv(1)


def _whole_frame(buffer: bytearray) -> int | None:
    """The length of the first frame with its header, once all of it is here."""
    if len(buffer) < 4:
        return None
    size, head = buffer[1] & 0x7F, 2
    if size == 126:
        size, head = struct.unpack_from("!H", buffer, 2)[0], 4
    elif size == 127:
        if len(buffer) < 10:
            return None
        size, head = struct.unpack_from("!Q", buffer, 2)[0], 10
    return head + size if len(buffer) >= head + size else None


def cpu_seconds(pid: int) -> float:
    """Processor time of another process so far, to the nanosecond (Linux: its CPU clock's id is
    made from the process id, see clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)
