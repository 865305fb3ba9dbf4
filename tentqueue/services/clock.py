"""The only reader of the time of day, and the ticker that turns it into a command.

How long something takes is measured where it is done, by clocks that never jump.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """An instant as tables keep it: whole microseconds since 1970 UTC."""
    return (at - EPOCH) // timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime:
        """Return the present instant."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class ScaledClock:
    """A clock that starts at `starts_at` and runs `speed` times as fast: the practice day's."""

    def __init__(self, starts_at: datetime, speed: float) -> None:
        self._starts_at, self._speed = starts_at, speed
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the instant of the practice day."""
        return self._starts_at + timedelta(seconds=(time.monotonic() - self._began) * self._speed)


class Ticker:
    """Calls `tick` every `every` wall-clock seconds until stopped; one that fails ends nothing."""

    def __init__(self, tick: Callable[[], None], every: float = 1.0) -> None:
        self._tick, self._every = tick, every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to tick, in a thread (a greenlet once gevent has patched threading)."""
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for the tick under way."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._tick()
            except Exception:
                # A bug in one tick must not stop the day's clock; the log has the trace.
                logging.getLogger(__name__).exception("a tick failed")
