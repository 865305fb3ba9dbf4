"""Workers that would get in each other's way write in rounds, one worker at a time.

Without them the loser of a race has decided, queued and waited for nothing, with all that was
queued behind it. A round is courtesy only: it is the journal that keeps two workers from taking one
number.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

_ALONE = nullcontext()
CONTESTED_S = 1.0
"""How long after another worker's entry a worker goes on in rounds."""


class Baton(Protocol):
    """What only one worker has at a time, for one event; a worker that dies lets go of it."""

    def take(self) -> None:
        """Return once nobody else has it, or after a while without it."""

    def pass_on(self) -> None:
        """Let the next have it."""


class _Round:
    """Commands of one worker that are decided while it has the baton."""

    def __init__(self) -> None:
        self.left = 0
        self.begun = threading.Event()


class Rounds:
    """One event's rounds in one worker; without a baton, or nobody else writing, there are none."""

    def __init__(self, baton: Baton | None, catch_up: Callable[[], object]) -> None:
        self._baton, self._catch_up = baton, catch_up
        self._others_at = float("-inf")
        self._lock, self._running = threading.Lock(), threading.Lock()
        self._next = _Round()

    def others_wrote(self) -> None:
        """Another worker writes, too."""
        self._others_at = time.monotonic()

    def turn(self) -> AbstractContextManager[None]:
        """Wait for a round if others write too; everything that comes meanwhile has the same."""
        if self._baton is None or time.monotonic() - self._others_at > CONTESTED_S:
            return _ALONE
        return self._round(self._baton)

    @contextmanager
    def _round(self, baton: Baton) -> Iterator[None]:
        mine = self._entered(baton)
        try:
            yield
        finally:
            self._leave(mine, baton)

    def _entered(self, baton: Baton) -> _Round:
        with self._lock:
            mine = self._next
            mine.left += 1
            first = mine.left == 1
        try:
            if first:
                self._begin(mine, baton)
            else:
                mine.begun.wait()
        except BaseException:
            self._leave(mine, baton)
            raise
        return mine

    def _begin(self, mine: _Round, baton: Baton) -> None:
        self._running.acquire()
        try:
            baton.take()
            self._catch_up()
        finally:
            with self._lock:
                self._next = _Round()
            mine.begun.set()

    def _leave(self, mine: _Round, baton: Baton) -> None:
        with self._lock:
            mine.left -= 1
            last = mine.left == 0
        if last:
            try:
                baton.pass_on()
            finally:
                self._running.release()
