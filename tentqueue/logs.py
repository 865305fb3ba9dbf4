"""What the server writes about itself: lines of facts on stderr, never a runner's data."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog

_TICKET = re.compile(r"/[A-Za-z2-7]{26}(?![A-Za-z0-9])")
"""A ticket's id in a path: whoever has it sees the ticket's place."""


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
