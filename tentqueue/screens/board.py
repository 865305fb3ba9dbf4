"""What everyone may see: codes, tables and waits. Never an area, a reason to do with a runner, a
referral or a name (rules 7 and 23, both fixed): nothing here reads those fields."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tentqueue.domain.model import Instant, Lane, LaneName, Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.screens.shape import View, iso, iso_now, wait_shape

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast

NEXT_SHOWN = 8
RECENT_FOR = timedelta(minutes=3)


def board_view(tent: Tent, forecast: Forecast, now: Instant) -> View:
    """Build the board: calls, tables, next codes, waits and the announcement."""
    called = sorted(tent.in_state(TicketState.CALLED), key=_called, reverse=True)
    treated = sorted(tent.in_state(TicketState.IN_TREATMENT), key=lambda t: t.table or 0)
    lines = {lane: tent.line(lane) for lane in tent.lanes}
    return {
        "event": tent.event.slug,
        "name": tent.event.name,
        "timezone": tent.event.timezone,
        "join_path": f"/{tent.event.slug}",
        "version": tent.version,
        "now": iso_now(now),
        "calling": [{"code": t.code, "table": t.table, "since": iso(t.called_at)} for t in called],
        "in_treatment": [
            {"code": t.code, "table": t.table, "until": iso(t.planned_end_at)} for t in treated
        ],
        "recent": recent_calls(called + treated, now),
        "next": next_codes([t for line in lines.values() for t in line[:NEXT_SHOWN]], forecast),
        "lanes": [_lane(tent, lane, lines[lane.name], forecast) for lane in tent.lanes.values()],
        "announcement": tent.announcement,
    }


def recent_calls(tickets: list[Ticket], now: Instant) -> list[View]:
    """The calls still worth showing, newest first; `call` rises with each call of a ticket, so that
    a board shows and speaks each one once and loses none (rule 23)."""
    fresh = [
        t
        for t in tickets
        if t.called_at is not None
        and (t.state is TicketState.CALLED or now - t.called_at <= RECENT_FOR)
    ]
    return [
        {"code": t.code, "table": t.table, "since": iso(t.called_at), "call": t.calls}
        for t in sorted(fresh, key=_called, reverse=True)
    ]


def next_codes(tickets: list[Ticket], forecast: Forecast) -> list[str]:
    """The codes likely to be called next over all lanes, soonest first.

    `tickets` come lane by lane, each in its line's order, and nobody is shown out of that order:
    likely times are rounded experience, the line is a promise.
    """
    latest: dict[LaneName, float] = {}
    keyed: list[tuple[float, str]] = []
    for ticket in tickets:
        estimate = forecast.of(ticket.code)
        likely = estimate.likely if estimate else float("inf")
        latest[ticket.lane] = max(likely, latest.get(ticket.lane, likely))
        keyed.append((latest[ticket.lane], ticket.code))
    return [code for _, code in sorted(keyed, key=lambda pair: pair[0])[:NEXT_SHOWN]]


def _called(ticket: Ticket) -> tuple[str, int, str]:
    return iso(ticket.called_at) or "", ticket.calls, ticket.code


def _lane(tent: Tent, lane: Lane, line: list[Ticket], forecast: Forecast) -> View:
    return {
        "lane": lane.name.value,
        "name": lane.name.value,
        "letter": lane.name.letter,
        "state": lane.state.value,
        "reason": lane.reason,
        "waiting": len(line),
        "wait": wait_shape(lane.name, forecast),
        "next": [t.code for t in line[:NEXT_SHOWN]],
        "opens_at": iso(lane.opens_at),
        "closes_at": iso(lane.closes_at),
    }
