"""Looks for garbage while nobody waits. A search walks through the line of every tent that is kept
for undo: with 2,000 in line 50 to 270 ms, in which nobody is answered. It frees nothing early: what
is in no cycle goes at once, as ever.
"""

from __future__ import annotations

import gc
import time

import gevent

LOOK_EVERY_S = 0.5
WORTH_IT = 10_000
"""Objects made and not gone since the last search; a tent is made of values without cycles."""
TOO_MANY = 300_000
"""As many wait for no quiet moment: 2,000 phones have come and gone. A search takes some 40 ms."""
BUSY = 0.1
"""Share of a core from which on somebody may be waiting."""
ALL_AFTER = 20
"""Searches among the young before all there is is searched."""


def depth_of_search(young: int, searches: int, busy: float) -> int | None:
    """How deep to search now: 1 among the young, 2 everywhere, None not at all.

    `young` objects are new, `searches` have been made among them since the last one everywhere, and
    the process used the share `busy` of a core just now.
    """
    if young >= TOO_MANY:
        return 1
    if young < WORTH_IT or busy > BUSY:
        return None
    return 2 if searches >= ALL_AFTER else 1


def keep_tidy() -> gevent.Greenlet:
    """Search in quiet moments from now on, until the greenlet is killed."""
    # What was loaded at the start stays, and hardly any of it is garbage; nobody need walk through
    # it, now or later.
    gc.freeze()
    gc.disable()
    return gevent.spawn(_tidy)


def _tidy() -> None:
    try:
        while True:
            used, began = time.process_time(), time.perf_counter()
            gevent.sleep(LOOK_EVERY_S)
            busy = (time.process_time() - used) / (time.perf_counter() - began)
            young, _, searches = gc.get_count()
            depth = depth_of_search(young, searches, busy)
            if depth is not None:
                gc.collect(depth)
    finally:
        gc.enable()
