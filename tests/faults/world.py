"""A virtual world for whole days with faults: time, chance and who runs when, all from one seed.

Everything that waits is a greenlet parked here, so the same seed gives the same day again.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

from tests.cast import NINE


class World:
    """Virtual time and a seeded scheduler."""

    def __init__(self, seed: int) -> None:
        self.random, self.now = Random(seed), NINE
        self._due: list[tuple[datetime, int, Callable[[], Any]]] = []
        self._turn = count()
        self._hub = getcurrent()

    def later(self, seconds: float, do: Callable[[], Any]) -> None:
        """Do something after so many seconds, in a greenlet of its own if it parks."""
        at = self.now + timedelta(seconds=max(seconds, 0.0))
        heapq.heappush(self._due, (at, next(self._turn), do))

    def run(self, until: datetime) -> None:
        """Let everything due happen, in order of time."""
        while self._due and self._due[0][0] <= until:
            self.now, _, do = heapq.heappop(self._due)
            do()
        self.now = max(self.now, until)

    def spawn(self, do: Callable[[], Any]) -> greenlet:
        """Begin something that may park."""
        running = greenlet(do, self._hub)
        running.switch()
        return running

    def park(self) -> None:
        """Wait, in a spawned greenlet, until somebody wakes it."""
        self._hub.switch()

    def wake(self, parked: greenlet) -> None:
        """Let a parked greenlet go on, after what is under way."""
        self.later(0, lambda: None if parked.dead else parked.switch())

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.random.random() < share


class Turnstile:
    """A lock for greenlets of the world, first come first served."""

    def __init__(self, world: World) -> None:
        self._world, self._held = world, False
        self._queue: deque[greenlet] = deque()

    def __enter__(self) -> None:
        while self._held:
            self._queue.append(getcurrent())
            self._world.park()
        self._held = True

    def __exit__(self, *_: object) -> None:
        self._held = False
        if self._queue:
            self._world.wake(self._queue.popleft())


class JumpingClock:
    """A worker's clock: the world's time and an error that jumps; it lets others run between."""

    def __init__(self, world: World) -> None:
        self._world, self.wrong_by = world, timedelta()
        self.preempts = 0.0

    def now(self) -> datetime:
        """What this machine believes."""
        here = getcurrent()
        if self.preempts and here.parent is not None and self._world.chance(self.preempts):
            self._world.later(0.001, lambda: None if here.dead else here.switch())
            self._world.park()
        return self._world.now + self.wrong_by
