"""What a serving process asks of the interpreter and of the machine: a quick start, quick turns,
many open files.

It opens nothing itself.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

import gevent

LARGEST_CROWD = 10_000
"""Connections at once; more wait in the system's queue."""
_OPEN_MAX = 10_240
_SWITCH_S = 0.0005
"""How long the event loop and the database's writer keep the interpreter from each other. With
Python's 5 ms a lone durable command takes a fifth to two thirds longer (1.2 to 1.7 ms against 1.9
to 2.5 in the middle)."""


def start_quickly() -> None:
    """Search for no garbage while the house is put together; `tidying.keep_tidy` takes it from
    there. A search walks through all that is loaded, and nothing of that goes again."""
    gc.disable()


def share_time() -> None:
    """Keep the event loop and the database's writer from holding each other up, and spare it what
    only a debugger asks for: where each greenlet was spawned, a sixth of a phone's objects."""
    sys.setswitchinterval(_SWITCH_S)
    gevent.config.track_greenlet_tree = False


def allow_many_files() -> None:
    """A websocket is a file handle; the usual limit of 1,024 would end there."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = LARGEST_CROWD + 1_000
    ceiling = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft == resource.RLIM_INFINITY:
        return
    # macOS tells no hard limit and refuses more than OPEN_MAX all the same.
    for most in (ceiling, min(ceiling, _OPEN_MAX)):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
            return
