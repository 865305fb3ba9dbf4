"""A real server under siege, and the tools of those who besiege it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

EVENT = "/api/v1/events/riverside-half"
JOIN = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
JSON = {"Content-Type": "application/json"}


def wanted(name: str, few: int) -> int:
    """How much of something: `few` in the tests, what the make target says in the soak."""
    return int(os.environ.get(name, few))


def memory_of(pid: int, what: str = "VmRSS") -> float:
    """MB that a process holds now; with `VmHWM` the most since its peak was forgotten."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0]) / 1024


def forget_the_peak(pid: int) -> None:
    """Let the most that a process ever held begin anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


class Besieged:
    """A server in a process of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        command = [sys.executable, "-m", "tests.attack.server", str(folder)]
        environ = os.environ | settings
        self._log = folder / "server.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=environ
            )
        assert self.process.stdout is not None
        port, self.token = self.process.stdout.readline().split()
        self.port = int(port)

    def handles(self) -> int:
        """Open files and sockets."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One request of its own connection: status and JSON."""
        return Visitor(self.port).ask(path, body, **headers)

    def said(self) -> str:
        """What it wrote about itself: no stranger may fill the disk."""
        return self._log.read_text()

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(15)


class Visitor:
    """One keep-alive connection with cookies, as a browser has them."""

    def __init__(self, port: int) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def ask(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """GET without a body, POST with one."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._cookies:
            given["Cookie"] = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        if body is None:
            self._line.request("GET", path, headers=given)
        else:
            self._line.request("POST", path, json.dumps(body), JSON | given)
        answer = self._line.getresponse()
        raw = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        kind = answer.headers.get("Content-Type", "")
        return answer.status, json.loads(raw) if "json" in kind else raw


class Bots:
    """Many threads that join again and again from one address, without a browser."""

    def __init__(self, port: int, joins: int, at_once: int = 8) -> None:
        self.answers: Counter[int] = Counter()
        self._port, self._left, self._lock = port, joins, threading.Lock()
        self._threads = [threading.Thread(target=self._run) for _ in range(at_once)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until all have joined as often as they were told to."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        visitor = Visitor(self._port)
        while self._one_more():
            status, _ = visitor.ask(f"{EVENT}/tickets", JOIN)
            with self._lock:
                self.answers[status] += 1

    def _one_more(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0


def honest_join(port: int, bib: str) -> tuple[int, float]:
    """A runner opens the page and joins: the answer, and how many seconds the join took."""
    visitor = Visitor(port)
    status, _ = visitor.ask("/riverside-half")
    assert status == 200
    began = time.perf_counter()
    status, _ = visitor.ask(f"{EVENT}/tickets", JOIN | {"bib": bib})
    return status, time.perf_counter() - began


def dripping(port: int, count: int, begin: bytes) -> list[socket.socket]:
    """Connections that say a little of a request and then next to nothing."""
    lines = []
    for _ in range(count):
        line = socket.create_connection(("127.0.0.1", port), timeout=5)
        line.sendall(begin)
        lines.append(line)
    return lines


def drip(lines: list[socket.socket], drop: bytes) -> int:
    """One more drop on each line; how many are still open."""
    still = 0
    for line in lines:
        try:
            line.sendall(drop)
            line.setblocking(False)
            try:
                still += bool(line.recv(4096))
            except BlockingIOError:
                still += 1
            line.settimeout(5)
        except OSError:
            continue
    return still


def pour(port: int, head: bytes, piece: bytes, pieces: int) -> bytes:
    """Send a head and then piece after piece, until all is sent or the line is cut; the answer."""
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    try:
        line.sendall(head)
        for _ in range(pieces):
            line.sendall(piece)
        return line.recv(4096)
    except OSError:
        return b""
    finally:
        line.close()
