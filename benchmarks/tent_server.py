"""A real server in a process of its own, for the benchmarks that speak HTTP to it.

    python -m benchmarks.tent_server FOLDER THERAPISTS [SPEED PORT DATABASE PING_S]

It prints its port and an organiser's token, and serves until killed. A folder that has its event
already is served as it is. With SIGUSR1 it prints how many greenlets and objects it has.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import atexit  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from datetime import UTC, datetime, timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from greenlet import greenlet  # noqa: E402

from tentqueue.process import start_quickly  # noqa: E402

start_quickly()

from tentqueue.app import create_app  # noqa: E402
from tentqueue.domain.model import LaneName  # noqa: E402
from tentqueue.domain.race_event import LanePlan, RaceEvent, Wave  # noqa: E402
from tentqueue.domain.rules import LANE_DEFAULTS, TentRules  # noqa: E402
from tentqueue.domain.therapist import Role, Therapist  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock, SystemClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tentqueue.staff_tokens import new_token  # noqa: E402

EVENT = "/api/v1/events/bench"


def race(therapists: int) -> RaceEvent:
    """A long afternoon with one lane, recovery, and nobody held back."""
    now = datetime.now(UTC)
    hours = now - timedelta(hours=6), now + timedelta(hours=18)
    team = tuple(
        Therapist(f"th{n}", f"Therapist {n}", Role.LICENSED, (LaneName.RECOVERY,), n)
        for n in range(1, therapists + 1)
    )
    # Breaks and limits would end the measurement, not belong to it.
    rules = TentRules(
        break_suggest_minutes=10**6,
        break_required_minutes=10**6,
        break_after_treatments=10**6,
        cooldown_minutes=0,
    )
    lanes = {LaneName.RECOVERY: LanePlan(*hours, LANE_DEFAULTS["recovery"])}
    waves = (Wave("Half/A", "Half", "A", hours[0]),)
    return RaceEvent("bench", "Bench", "UTC", "", therapists, waves, lanes, team, rules)


def main(folder: Path, therapists: int, speed: float, port: int, *more: str) -> None:
    """Serve until killed; `more`: the database's address, seconds between pings."""
    database, ping_s = more[0], float(more[1])
    clock = SystemClock() if speed == 1 else ScaledClock(datetime.now(UTC), speed)
    app = create_app(Settings(database=database or f"sqlite:///{folder / 'tent.db'}"), clock)
    house = app.extensions["tentqueue"]
    if ping_s:
        app.extensions["socketio"].server.eio.ping_interval = ping_s
    if "bench" not in house.context.tents.slugs():
        house.define(race(therapists))
    gevent.signal_handler(signal.SIGUSR1, tell_objects)
    token = new_token(house.storage, house.clock.now(), "bench", "organiser")
    serve(app, port=port, on_ready=lambda port: print(port, token, flush=True))


def tell_objects() -> None:
    """Print how many greenlets there are, and objects besides those of the start."""
    gc.collect()
    objects = gc.get_objects()
    print(sum(isinstance(each, greenlet) for each in objects), len(objects), flush=True)


class TentServer:
    """The server from the outside; it can be killed, and started again on the same port."""

    def __init__(
        self,
        folder: Path,
        therapists: int,
        speed: float = 1,
        database: str = "",
        ping_s: float = 0.0,
    ) -> None:
        """`ping_s`: seconds between pings of each client, 0 for as ever."""
        self._words = [str(folder), str(therapists), str(speed)]
        self._database, self._ping_s, self.port, self.token = database, ping_s, 0, ""
        self.start()
        atexit.register(self.kill)

    def start(self) -> None:
        """Start, and wait until its port is bound."""
        command = [sys.executable, "-m", "benchmarks.tent_server", *self._words]
        command += [str(self.port), self._database, str(self._ping_s)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=_as_installed()
        )
        assert self.process.stdout is not None
        port, token = self.process.stdout.readline().split()
        self.port, self.token = int(port), token

    def objects(self) -> tuple[int, int]:
        """Its greenlets, and its objects."""
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGUSR1)
        greenlets, objects = self.process.stdout.readline().split()
        return int(greenlets), int(objects)

    def kill(self) -> None:
        """As a laptop that loses its power."""
        self.process.kill()
        self.process.wait()


def _as_installed() -> dict[str, str]:
    """The environment, but with byte code, as any installed package has it."""
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": f"{tempfile.gettempdir()}/tent-byte-code"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ


@contextmanager
def served(folder: Path, therapists: int) -> Iterator[tuple[int, str]]:
    """Start the server; yields its port and the token."""
    server = TentServer(folder, therapists)
    try:
        yield server.port, server.token
    finally:
        server.kill()


class Caller:
    """One keep-alive connection with a token. Plain bytes: a client library would cost more
    processor time than the server that is measured."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = f"Host: bench\r\nAuthorization: Bearer {token}\r\n"

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """POST within the event, or to a path from the root: status and answer."""
        data = json.dumps(body)
        path = path if path.startswith("/api") else EVENT + path
        kind = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        return self._ask(f"POST {path} HTTP/1.1\r\n{self._head}{kind}\r\n{data}")

    def get(self, path: str) -> dict[str, Any]:
        """GET within the event."""
        return self._ask(f"GET {EVENT}{path} HTTP/1.1\r\n{self._head}\r\n")[1]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _ask(self, request: str) -> tuple[int, dict[str, Any]]:
        self._socket.sendall(request.encode())
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            if not (piece := self._socket.recv(65_536)):
                raise ConnectionError("the server hung up: it keeps no line silent for a minute")
            got += piece
        length = int(got[:end].lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        while len(got) < end + 4 + length:
            got += self._socket.recv(65_536)
        return int(got[9:12]), json.loads(got[end + 4 :])


def at_work(port: int, token: str, therapists: int) -> None:
    """Give each therapist a runner on the table: without them nobody would be told any times."""
    caller = Caller(port, token)
    for number in range(1, therapists + 1):
        caller.post("/tickets", {"lane": "recovery", "consent": True})
        _, therapist = caller.post(f"/therapists/th{number}/available", {})
        status, answer = caller.post(f"/tickets/{therapist['ticket']}/start", {})
        assert status == 200, answer
    caller.close()


if __name__ == "__main__":
    _folder, _therapists, *_more = sys.argv[1:]
    _speed, _port, _database, _ping_s = (*_more, *("1", "0", "", "0")[len(_more) :])
    main(Path(_folder), int(_therapists), float(_speed), int(_port), _database, _ping_s)
