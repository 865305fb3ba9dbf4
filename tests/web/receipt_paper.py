"""A receipt printer that is a TCP server: it works through ESC/POS and keeps what came out."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from PIL import Image

STATUS = b"\x10\x04"
RASTER = b"\x1dv0"
CUT = b"\x1dV"
DONE = b"\x1dr\x01"
PAPER_IN, PAPER_OUT = b"\x12", b"\x72"


@dataclass
class FakePrinter:
    """`paper`: whether there is any; `talks`: whether it answers; `takes`: bytes until it dies."""

    paper: bool = True
    talks: bool = True
    takes: int | None = None
    printed: list[Image.Image] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Switch it off."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            with client:
                self._work(client)

    def _work(self, client: socket.socket) -> None:
        buffer, strips, taken = b"", [], 0
        while True:
            try:
                data = client.recv(65536)
            except OSError:
                return
            if not data:
                return
            taken += len(data)
            if self.takes is not None and taken > self.takes:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                return
            buffer = self._through(client, buffer + data, strips)

    def _through(self, client: socket.socket, buffer: bytes, strips: list[Image.Image]) -> bytes:
        """Work through whole commands; returns what is not whole yet."""
        while buffer:
            if buffer.startswith(STATUS) and len(buffer) >= 3:
                if self.talks:
                    client.sendall(PAPER_IN if self.paper else PAPER_OUT)
                buffer = buffer[3:]
            elif buffer.startswith(RASTER):
                if len(buffer) < 8:
                    return buffer
                wide = int.from_bytes(buffer[4:6], "little")
                high = int.from_bytes(buffer[6:8], "little")
                if len(buffer) < 8 + wide * high:
                    return buffer
                dots = bytes(255 - byte for byte in buffer[8 : 8 + wide * high])
                strips.append(Image.frombytes("1", (wide * 8, high), dots))
                buffer = buffer[8 + wide * high :]
            elif buffer.startswith(CUT):
                if strips:
                    self.printed.append(_joined(strips))
                    strips.clear()
                buffer = buffer[3:]
            elif buffer.startswith(DONE):
                if self.talks:
                    client.sendall(b"\x00")
                buffer = buffer[3:]
            else:
                buffer = buffer[1:]
        return buffer


def _joined(strips: list[Image.Image]) -> Image.Image:
    whole = Image.new("1", (strips[0].width, sum(one.height for one in strips)), 1)
    y = 0
    for one in strips:
        whole.paste(one, (0, y))
        y += one.height
    return whole
