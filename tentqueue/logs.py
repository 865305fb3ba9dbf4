"""What the server writes about itself: lines of facts on stderr, never a runner's data."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import structlog

_TICKET = re.compile(r"/[A-Za-z2-7]{26}(?![A-Za-z0-9])")
"""A ticket's id in a path: whoever has it sees the ticket's place."""


SPAN_S = 600
MOST_LINES = 10
"""Of one kind of refusal, in ten minutes: no stranger fills the disk."""


class RefusalLog:
    """Writes down what was refused and where, never to whom; of many alike only how many."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._span = seconds, -1
        self._counts: Counter[str] = Counter()

    def note(self, code: str, **facts: Any) -> None:
        """Note one refusal."""
        span = int(self._seconds() // SPAN_S)
        if span != self._span:
            self._sum_up()
            self._span = span
        self._counts[code] += 1
        if self._counts[code] <= MOST_LINES:
            structlog.get_logger().warning("refused", code=code, **facts)

    def _sum_up(self) -> None:
        for code, count in self._counts.items():
            if count > MOST_LINES:
                structlog.get_logger().warning("refused_more", code=code, count=count - MOST_LINES)
        self._counts.clear()


def begin_log(level: str) -> None:
    """Write to stderr what is of `level` (debug, info, warning, error) or above."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log_answer(facts: Mapping[str, Any]) -> None:
    """Log one HTTP answer, for those who look for a fault."""
    path = _TICKET.sub("/…", str(facts.get("path", "")))
    structlog.get_logger().debug("answer", **{**facts, "path": path})
