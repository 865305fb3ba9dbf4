"""What happens to a ticket in the line: joins, holds, moves, ends."""

from __future__ import annotations

from tentqueue.domain import events as ev
from tentqueue.domain.evolution.lessons import learn_walk
from tentqueue.domain.evolution.registry import UNCALLED, close, evolves, free
from tentqueue.domain.model import HoldReason, RunnerClass, Screening, Ticket, TicketState
from tentqueue.domain.paper import is_paper
from tentqueue.domain.taking import MADE_UP
from tentqueue.domain.tent import Tent


@evolves(ev.RunnerJoined)
def _(tent: Tent, event: ev.RunnerJoined) -> Tent:
    ticket, lane = event.ticket, tent.lanes[event.ticket.lane]
    number = 0 if is_paper(ticket.code) else int(ticket.code[1:])
    bibs = tent.bibs if ticket.bib_tag is None else tent.bibs.put(ticket.bib_tag, ticket.code)
    return tent.with_ticket(ticket).but(
        lanes={**tent.lanes, lane.name: lane.but(issued=max(lane.issued, number))},
        ids=tent.ids.put(ticket.id, ticket.code),
        bibs=bibs,
    )


@evolves(ev.RunnerScreened)
def _(tent: Tent, event: ev.RunnerScreened) -> Tent:
    ticket = tent.ticket(event.code)
    return tent.with_ticket(
        ticket.but(screening=event.screening, screened_at=event.at, avoid=tuple(event.avoid))
    )


@evolves(ev.FinishRecorded)
def _(tent: Tent, event: ev.FinishRecorded) -> Tent:
    ticket = tent.ticket(event.code)
    order = (event.ready_at.timestamp(), ticket.order[1])
    return tent.with_ticket(
        ticket.but(
            finished_at=event.finished_at,
            ready_at=event.ready_at,
            order=order,
            hold=HoldReason.COOLDOWN,
            hold_until=event.ready_at,
        )
    )


@evolves(ev.TicketHeld)
def _(tent: Tent, event: ev.TicketHeld) -> Tent:
    ticket = tent.ticket(event.code)
    held = ticket.but(
        state=TicketState.HELD, hold=event.hold, hold_until=event.until, here_at=None, **UNCALLED
    )
    return free(tent, ticket, event).with_ticket(held)


@evolves(ev.TicketReleased)
def _(tent: Tent, event: ev.TicketReleased) -> Tent:
    ticket = tent.ticket(event.code)
    order = ticket.order if event.order is None else tuple(event.order)
    return tent.with_ticket(
        ticket.but(
            state=TicketState.WAITING,
            hold=None,
            hold_until=None,
            order=order,
            ready_at=ticket.ready_at or event.at,
            reason=event.reason,
        )
    )


@evolves(ev.MoreTimeGiven)
def _(tent: Tent, event: ev.MoreTimeGiven) -> Tent:
    ticket = tent.ticket(event.code)
    later = ticket.but(
        state=TicketState.HELD,
        hold=HoldReason.MORE_TIME,
        hold_until=event.until,
        delayed=True,
        here_at=None,
        **UNCALLED,
    )
    return free(tent, ticket, event).with_ticket(later)


@evolves(ev.RunnerArrived)
def _(tent: Tent, event: ev.RunnerArrived) -> Tent:
    ticket = tent.ticket(event.code)
    return learn_walk(tent, ticket, event.at).with_ticket(ticket.but(here_at=event.at))


@evolves(ev.RunnerLeft)
def _(tent: Tent, event: ev.RunnerLeft) -> Tent:
    left = close(tent, event, TicketState.LEFT, reason=event.reason)
    return left.but(counts=left.counts.but(left=left.counts.left + 1))


@evolves(ev.TicketExpired)
def _(tent: Tent, event: ev.TicketExpired) -> Tent:
    return close(tent, event, TicketState.EXPIRED, reason=event.reason)


@evolves(ev.MadeUpRemoved)
def _(tent: Tent, event: ev.MadeUpRemoved) -> Tent:
    over = {"state": TicketState.EXPIRED, "ended_at": event.at, "hold": None, "hold_until": None}
    closed, still_open = tent.closed, tent.open
    for code in event.codes:
        closed = closed.put(code, still_open[code].but(**over, reason=MADE_UP))
        still_open = still_open.without(code)
    return tent.but(open=still_open, closed=closed)


@evolves(ev.TicketErased)
def _(tent: Tent, event: ev.TicketErased) -> Tent:
    ticket = tent.ticket(event.code)
    bibs = tent.bibs if ticket.bib_tag is None else tent.bibs.without(ticket.bib_tag)
    return tent.but(bibs=bibs).with_ticket(forgotten(ticket))


def forgotten(ticket: Ticket) -> Ticket:
    """The ticket without what tells its runner; a finish to the second would."""
    return ticket.but(
        bib_tag=None,
        areas=(),
        avoid=(),
        screening=Screening.UNASKED,
        screened_at=None,
        prefers=None,
        runner_class=RunnerClass.NONE,
        finished_at=None,
        ready_at=None,
        order=(0.0, 0.0),
    )


@evolves(ev.LengthChanged)
def _(tent: Tent, event: ev.LengthChanged) -> Tent:
    return tent.with_ticket(tent.ticket(event.code).but(minutes=event.minutes))


@evolves(ev.TicketMoved)
def _(tent: Tent, event: ev.TicketMoved) -> Tent:
    return tent.with_ticket(
        tent.ticket(event.code).but(order=tuple(event.order), reason=event.reason)
    )
