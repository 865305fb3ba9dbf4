"""The present estimates of one event, made again no more often than they are worth.

It promises nothing: what a runner was told is in the journal.
"""

from __future__ import annotations

import time
from datetime import timedelta

from tentqueue.domain import Instant, Tent
from tentqueue.domain.estimate import Forecast, forecast

_KEPT_FOR = timedelta(seconds=1.5)
"""While nothing happens: what a change made for the screens serves the phones, who come later."""
_RESTS_FOR_S = 0.25
_STALE = timedelta(seconds=30)
_SMALL_LINE = 60
"""Open tickets up to which a fresh forecast costs less than looking for an old one is worth."""


class Forecasts:
    """Keeps the last one, and until when the next may rest."""

    def __init__(self) -> None:
        self._last: tuple[Tent, Forecast, float] | None = None

    def of(self, tent: Tent, now: Instant, *, fresh: bool = False) -> Forecast:
        """Return the estimates: of this very tent, or in a long line of a moment ago unless they
        shall be `fresh`."""
        if self._last is not None:
            of_tent, made, rests_until = self._last
            age = abs(now - made.now)
            present = of_tent is tent and age < _KEPT_FOR
            resting = time.perf_counter() < rests_until and age < _STALE
            if present or (resting and not fresh and len(tent.open) > _SMALL_LINE):
                return made
        began = time.thread_time()
        made = forecast(tent, now)
        # In a very long line a forecast takes tens of milliseconds: rest twenty times as long.
        rest = max(_RESTS_FOR_S, 20 * (time.thread_time() - began))
        self._last = (tent, made, time.perf_counter() + rest)
        return made

    def clear(self) -> None:
        """Forget what was made."""
        self._last = None
