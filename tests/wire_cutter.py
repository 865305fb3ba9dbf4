"""A network in the middle that can be cut: a small TCP proxy in front of a server.

Cut, it neither answers nor hangs up, as Wi-Fi does that is gone; the browser is told nothing.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

PIECE = 65_536


class Network:
    """One way to a server on this machine, that can be cut and mended."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._whole = threading.Event()
        self._whole.set()
        self._lines: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._open_door, daemon=True).start()

    def cut(self) -> None:
        """From now on nothing passes; lines stay open, and silent."""
        self._whole.clear()

    def mend(self) -> None:
        """Let new lines pass; those that were open when it was cut are dead, as after a roam."""
        lines, self._lines = self._lines, []
        for line in lines:
            hang_up(line)
        self._whole.set()

    def close(self) -> None:
        """Hang up on everybody."""
        self._door.close()
        self.mend()

    def _open_door(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                self._lines.append(caller)
                threading.Thread(target=self._join, args=(caller,), daemon=True).start()

    def _join(self, caller: socket.socket) -> None:
        self._whole.wait()
        with suppress(OSError):
            server = socket.create_connection(("127.0.0.1", self._to), timeout=10)
            server.settimeout(None)
            self._lines.append(server)
            threading.Thread(target=self._carry, args=(server, caller), daemon=True).start()
            self._carry(caller, server)

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                self._whole.wait()
                other.sendall(piece)
        hang_up(one)
        hang_up(other)


def hang_up(line: socket.socket) -> None:
    """Close a line for whoever waits on it, too."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
