"""Therapists and runners of a benchmark: they act only through HTTP, at the pace of the tent's own
clock, and note how long each press took."""

from __future__ import annotations

import random
import time
from contextlib import closing
from dataclasses import dataclass, field

import gevent
from gevent.event import Event

from benchmarks.crowd import cpu_seconds
from benchmarks.tent_server import Caller, TentServer

TREATMENT_MINUTES = 12.0
WALK_MINUTES = 0.7
CLEAN_MINUTES = 1.0


@dataclass
class Shift:
    """Everybody at work in one tent; `speed` is how many times faster its clock runs."""

    server: TentServer
    speed: float
    took: list[tuple[float, float]] = field(default_factory=list, repr=False)
    """Seconds of each press, and the server's processor time between."""
    over: Event = field(default_factory=Event)
    treated: int = 0
    refused: int = 0

    def work(self, number: int) -> None:
        """One therapist: on duty, then treats whoever is called, until it is over."""
        dice = random.Random(number)
        self._sleep(dice.random() * TREATMENT_MINUTES)
        while not self.over.is_set():
            _, mine = self._press(f"/therapists/th{number}/available")
            code = mine.get("ticket")
            if code is None or mine.get("state") != "called":
                self._sleep(0.5)
                continue
            self._sleep(WALK_MINUTES * dice.uniform(0.3, 2.0))
            if self._press(f"/tickets/{code}/start")[0] != 200:
                continue
            self._sleep(TREATMENT_MINUTES * dice.uniform(0.7, 1.2))
            self._press(f"/tickets/{code}/finish")
            self._sleep(CLEAN_MINUTES)
            self._press(f"/tickets/{code}/clean")
            self.treated += 1

    def _press(self, path: str) -> tuple[int, dict[str, object]]:
        began, used = time.perf_counter(), cpu_seconds(self.server.process.pid)
        with closing(Caller(self.server.port, self.server.token)) as caller:
            status, answer = caller.post(path, {})
        used = cpu_seconds(self.server.process.pid) - used
        self.took.append((time.perf_counter() - began, used))
        assert status < 500, answer
        self.refused += status >= 400
        return status, answer

    def _sleep(self, minutes: float) -> None:
        """So many minutes of the tent's clock."""
        gevent.sleep(minutes * 60 / self.speed)
