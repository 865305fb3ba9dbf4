"""Table-minutes that stood idle while somebody waiting could have used them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tentqueue.simulation.people import Guest, Hand
from tentqueue.simulation.world import World

Minutes = npt.NDArray[Any]


def idle_while_waiting(world: World) -> float:
    """Idle table-minutes that waiting runners could have filled, minute by minute.

    Each minute is a small transport problem: tables of one skill serve their own lane first, those
    of both skills take what is left.
    """
    grid = np.arange(world.opens, world.closes, 60)
    waiting = {name: _waiting(world, name, len(grid)) for name in ("pre", "post")}
    kinds: tuple[tuple[str, ...], ...] = (("pre",), ("post",), ("post", "pre"))
    idle = {kind: np.zeros(len(grid)) for kind in kinds}
    for hand in world.hands.values():
        idle[tuple(sorted(hand.who.skills))] += _idle(world, hand, grid)
    warmups = np.minimum(waiting["pre"], idle["pre",])
    recovery = np.minimum(waiting["post"], idle["post",])
    left = waiting["pre"] - warmups + waiting["post"] - recovery
    return float((warmups + recovery + np.minimum(idle["post", "pre"], left)).sum())


def _waiting(world: World, service: str, size: int) -> Minutes:
    """How many wait, by minute of the day."""
    steps = np.zeros(size + 1)
    for guest in world.guests.values():
        served = guest.refused_at is None and guest.who.reachable
        if served and guest.service == service:
            start, end = max(guest.who.joins, guest.ready), _waits_until(world, guest)
            first, last = (-(-(each - world.opens) // 60) for each in (start, end))
            if end > start and last > first:
                steps[max(0, first)] += 1
                steps[min(size, last)] -= 1
    return np.cumsum(steps)[:size]


def _waits_until(world: World, guest: Guest) -> int:
    """Until the start, or as long as a start would have helped."""
    ends = [guest.gone_at, guest.closed_at, guest.who.leaves, world.closes]
    end = guest.started if guest.started is not None else min(e for e in ends if e is not None)
    if guest.who.deadline is None:
        return end
    return min(end, guest.who.deadline - int(0.9 * world.services["pre"]["nominal_s"]))


def _idle(world: World, hand: Hand, grid: Minutes) -> Minutes:
    """The minutes in which this therapist was on duty and had nothing to do, before the end."""
    free = np.zeros(len(grid), bool)
    for start, end in hand.duty:
        until = world.closes if end is None else end
        first = max(0, -(-((start or 0) - world.opens) // 60))
        free[first : max(0, (until - world.opens) // 60)] = True
    for start, end in _occupied(world, hand):
        first = max(0, (start - world.opens) // 60)
        free[first : max(0, -(-(end - world.opens) // 60))] = False
    shortest = min(world.services[skill]["nominal_s"] for skill in hand.who.skills)
    can_start: Minutes = grid + shortest <= hand.who.ends + world.rules["overtime_s"]
    return free & can_start


def _occupied(world: World, hand: Hand) -> list[tuple[int, int]]:
    treated = [g for g in world.guests.values() if g.table == hand.who.id]
    spans = [
        (g.started or 0, (g.ends or 0) + int(world.services[g.service]["changeover_s"]))
        for g in treated
    ]
    return spans + hand.rests
