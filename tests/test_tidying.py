"""Garbage is looked for while nobody waits, and at last whether somebody does or not."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import gevent
import pytest

from tentqueue.tidying import (
    ALL_AFTER,
    BUSY,
    LOOK_EVERY_S,
    TOO_MANY,
    WORTH_IT,
    depth_of_search,
    keep_tidy,
)

QUIET, RUSH = BUSY / 2, 0.9


@pytest.fixture
def tidying() -> Iterator[gevent.Greenlet]:
    """Search as a server does; afterwards Python searches by itself again."""
    greenlet = keep_tidy()
    yield greenlet
    greenlet.kill()
    gc.unfreeze()


@pytest.mark.parametrize(
    ("young", "searches", "busy", "depth"),
    [
        (WORTH_IT - 1, 0, QUIET, None),
        (WORTH_IT, 0, QUIET, 1),
        (WORTH_IT, 0, RUSH, None),
        (TOO_MANY - 1, ALL_AFTER, RUSH, None),
        (TOO_MANY, 0, RUSH, 1),
        (WORTH_IT, ALL_AFTER, QUIET, 2),
        (WORTH_IT - 1, ALL_AFTER, QUIET, None),
    ],
)
def test_a_search_waits_for_a_quiet_moment_unless_there_is_too_much(
    young: int, searches: int, busy: float, depth: int | None
) -> None:
    assert depth_of_search(young, searches, busy) == depth


class Loop:
    """Something that only a search for garbage frees."""

    alive = 0

    def __init__(self) -> None:
        self.me = self
        Loop.alive += 1

    def __del__(self) -> None:
        Loop.alive -= 1


def test_nothing_is_searched_in_a_rush_and_all_is_found_after_it(
    tidying: gevent.Greenlet,
) -> None:
    until = time.perf_counter() + 3 * LOOK_EVERY_S
    made = len([Loop() for _ in range(2 * WORTH_IT)])
    while time.perf_counter() < until:
        gevent.sleep(0)
    assert Loop.alive == made
    with gevent.Timeout(10):
        while Loop.alive:
            gevent.sleep(LOOK_EVERY_S / 5)


def test_python_searches_by_itself_again_afterwards(tidying: gevent.Greenlet) -> None:
    gevent.sleep(0)
    assert not gc.isenabled()
    tidying.kill()
    assert gc.isenabled()
