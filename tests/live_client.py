"""A screen at the other end of the wire, down to the frame: it may stall, and checks each byte."""

from __future__ import annotations

import base64
import json
import os
import socket as names
import struct
from typing import Any

import gevent
from gevent import Timeout, socket

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Screen:
    """One websocket client on gevent sockets; every read is limited to a few seconds."""

    def __init__(self, port: int, *, buffer: int | None = None, **headers: str) -> None:
        self.sock = socket.socket()
        if buffer is not None:
            self.sock.setsockopt(names.SOL_SOCKET, names.SO_RCVBUF, buffer)
        self.sock.connect(("127.0.0.1", port))
        self._bytes = b""
        key = base64.b64encode(os.urandom(16)).decode()
        fields = {
            "Host": f"127.0.0.1:{port}",
            "Connection": "keep-alive, Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
        path = "/socket.io/?EIO=4&transport=websocket"
        self.sock.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self._bytes:
            self._more()
        self.answer, _, self._bytes = self._bytes.partition(b"\r\n\r\n")

    def join(self, auth: Any = None) -> Screen:
        """Opens the Socket.IO session."""
        assert self.text().startswith("0{")
        self.say("40" + json.dumps(auth or {}))
        return self

    def _more(self) -> None:
        with Timeout(5):
            data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self._bytes += data

    def _take(self, count: int) -> bytes:
        while len(self._bytes) < count:
            self._more()
        taken, self._bytes = self._bytes[:count], self._bytes[count:]
        return taken

    def frame(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload. Raises: EOFError at the end."""
        head, size = self._take(2)
        assert head & 0x70 == 0, "a reserved bit is set: the stream is corrupt or compressed"
        assert head & 0x80, "the server sends whole messages"
        assert size < 128, "a server never masks"
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return head & 0x0F, self._take(size)

    def text(self) -> str:
        """The next text message, answering Engine.IO's pings on the way."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                raise EOFError(struct.unpack("!H", payload[:2])[0])
            if opcode == TEXT and payload == b"2":
                self.say("3")
            elif opcode == TEXT:
                return payload.decode()

    def view(self) -> Any:
        """The next view's payload."""
        while True:
            text = self.text()
            if text.startswith("42"):
                return json.loads(text[2:])[1]

    def say(self, text: str) -> None:
        """Sends a text message."""
        self.send_frame(0x81, text.encode())

    def send_frame(self, head: int, body: bytes, *, size: int | None = None) -> None:
        """Sends a masked frame, which may lie about its size."""
        size = len(body) if size is None else size
        if size < 126:
            prefix = bytes((head, 0x80 | size))
        elif size < 65536:
            prefix = struct.pack("!BBH", head, 0x80 | 126, size)
        else:
            prefix = struct.pack("!BBQ", head, 0x80 | 127, size)
        self.sock.sendall(prefix + b"\0\0\0\0" + body)

    def closing_code(self) -> int:
        """The code the server says goodbye with; 0 if it just cuts the line."""
        try:
            while True:
                opcode, payload = self.frame()
                if opcode == CLOSE:
                    return int(struct.unpack("!H", payload[:2])[0])
        except (EOFError, ConnectionError):
            return 0

    def close(self) -> None:
        """Cuts the line."""
        self.sock.close()


def soon(condition: Any, within: float = 3.0) -> bool:
    """Lets everything run until the condition holds."""
    with Timeout(within, False):
        while not condition():
            gevent.sleep(0.01)
    return bool(condition())
