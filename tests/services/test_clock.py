"""The clock goes on, whatever happens in a tick."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from tentqueue.services.clock import ScaledClock, Ticker


def test_a_tick_that_fails_does_not_end_the_day() -> None:
    ticked, calls = threading.Event(), []

    def tick() -> None:
        calls.append(len(calls))
        if len(calls) == 1:
            raise ZeroDivisionError
        ticked.set()

    ticker = Ticker(tick, every=0.01)
    ticker.start()
    assert ticked.wait(5)
    ticker.stop()
    after = len(calls)
    assert not threading.Event().wait(0.05)
    assert len(calls) == after


def test_the_practice_days_clock_starts_where_told_and_only_moves_on() -> None:
    start = datetime(2012, 4, 16, 7, tzinfo=UTC)
    clock = ScaledClock(start, 1000)
    first = clock.now()
    assert start <= first <= clock.now()
