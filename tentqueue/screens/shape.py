"""How values look in a view: instants, estimates and waits as JSON values. Never personal data."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tentqueue.domain.estimate import Told, told
from tentqueue.domain.model import Instant, LaneName, Ticket, TicketState
from tentqueue.domain.newcomers import LONGEST
from tentqueue.domain.planning.ranges import Range
from tentqueue.domain.tent import Tent, seconds

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast

View = dict[str, Any]
"""JSON values only, each field named in the function that builds it."""

COMING = frozenset({TicketState.HELD, TicketState.WAITING})
"""Who has a place and no call yet."""
AT_TABLE = frozenset({TicketState.CALLED, TicketState.IN_TREATMENT})
"""Who is at a table or on the way to one."""
SHORT_LINE = 100
"""Open tickets up to which a place is counted."""


def iso(at: Instant | None) -> str | None:
    """ISO 8601 with offset, to the second."""
    return None if at is None else at.isoformat(timespec="seconds")


def iso_now(at: Instant) -> str:
    """ISO 8601 with offset, to the millisecond: what clients set their clocks by (rule 29)."""
    return at.isoformat(timespec="milliseconds")


def told_of(ticket: Ticket, forecast: Forecast) -> Told | None:
    """What is told of the call; a newcomer's range while the forecast is older than the ticket."""
    estimate = forecast.of(ticket.code)
    if estimate is not None or ticket.state is not TicketState.WAITING:
        return None if estimate is None else estimate.told
    low, high = forecast.wait(ticket.lane)
    if low >= LONGEST or not high:
        return None  # Nobody is at work in this lane: any range would be made up.
    joined = seconds(ticket.joined_at)
    early, late = joined + 60 * low, joined + 60 * high
    return told(Range(early, late, late), "steady").told


def estimate_shape(range_told: Told | None) -> View | None:
    """A range of times as JSON."""
    if range_told is None:
        return None
    from_at, to_at, reason = range_told
    return {"from": _iso_step(from_at), "to": _iso_step(to_at), "reason": reason}


_iso_step = lru_cache(maxsize=2048)(iso)
"""Hundreds of tickets share a few dozen instants, five minutes apart."""


def place_of(tent: Tent, ticket: Ticket, forecast: Forecast) -> int | None:
    """The place in line, 1 is next; worked out here while the forecast is older than the ticket."""
    known = forecast.place(ticket.code)
    if known is not None or ticket.state is not TicketState.WAITING:
        return known
    if len(tent.open) > SHORT_LINE:
        return _behind_the_last(ticket, forecast)
    lane, order, waiting = ticket.lane, ticket.order, TicketState.WAITING
    return 1 + sum(
        t.order < order for t in tent.open.values() if t.lane is lane and t.state is waiting
    )


def _behind_the_last(ticket: Ticket, forecast: Forecast) -> int | None:
    """Behind a runner whose place is known, with those who joined in between: counting a long line
    for each join is too slow."""
    letter, number, back = ticket.code[0], int(ticket.code[1:]), 1
    while back < number:
        place = forecast.place(f"{letter}{number - back:03d}")
        if place is not None:
            return place + back
        back *= 2
    return None


def wait_shape(lane: LaneName, forecast: Forecast) -> View:
    """The wait a newcomer would be told, in minutes."""
    low, high = forecast.wait(lane)
    return {"from_minutes": low, "to_minutes": high}
