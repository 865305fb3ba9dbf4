"""Lets a crowd in and out a few at a time, so that whoever presses a button comes in between.

It refuses nobody and knows nobody: who may come in is asked behind it.
"""

from __future__ import annotations

import gevent
from gevent.lock import BoundedSemaphore

_ROUND_S = 1e-6
"""Any time at all: the event loop looks at every socket before a timer goes off. `sleep(0)` would
not do, all who wait go on in the same round."""


class Lobby:
    """Where those who come or go wait for their turn, first come, first served."""

    def __init__(self, at_once: int) -> None:
        self._doors = BoundedSemaphore(at_once)

    def enter(self) -> None:
        """Wait for a turn: so many go on in one round of the event loop, others in later ones."""
        with self._doors:
            gevent.sleep(_ROUND_S)
