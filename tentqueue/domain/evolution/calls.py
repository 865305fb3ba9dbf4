"""What a call does, and its end without a treatment."""

from __future__ import annotations

from tentqueue.domain import events as ev
from tentqueue.domain.evolution.lessons import learn_missed
from tentqueue.domain.evolution.registry import UNCALLED, close, evolves, free
from tentqueue.domain.model import HoldReason, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import TherapistState


@evolves(ev.RunnerCalled)
def _(tent: Tent, event: ev.RunnerCalled) -> Tent:
    ticket = tent.ticket(event.code)
    called = ticket.but(
        state=TicketState.CALLED,
        called_at=event.at,
        respond_by=event.respond_by,
        recalled_at=None,
        calls=ticket.calls + 1,
        therapist=event.therapist,
        table=event.table,
        reason=event.reason,
        hold=None,
        hold_until=None,
    )
    return _seat(tent.with_ticket(called), event.code, event.therapist, event)


def _seat(tent: Tent, code: str, wanted: str | None, event: ev.Event) -> Tent:
    """Give a called runner to a therapist: at once if the table is free, else as the next."""
    if wanted is None:
        return tent
    therapist = tent.therapists[wanted]
    if therapist.state is TherapistState.AVAILABLE:
        return tent.with_therapist(
            therapist.but(state=TherapistState.CALLED, ticket=code, since=event.at)
        )
    return tent.with_therapist(therapist.but(next=code))


@evolves(ev.TableGiven)
def _(tent: Tent, event: ev.TableGiven) -> Tent:
    ticket = tent.ticket(event.code)
    freed = free(tent, ticket, event)
    given = ticket.but(therapist=event.therapist, table=event.table)
    return _seat(freed.with_ticket(given), event.code, event.therapist, event)


@evolves(ev.RunnerRecalled)
def _(tent: Tent, event: ev.RunnerRecalled) -> Tent:
    ticket = tent.ticket(event.code)
    return tent.with_ticket(
        ticket.but(recalled_at=event.at, respond_by=event.respond_by, calls=ticket.calls + 1)
    )


@evolves(ev.CallMissed)
def _(tent: Tent, event: ev.CallMissed) -> Tent:
    ticket = tent.ticket(event.code)
    held = ticket.but(
        state=TicketState.HELD,
        hold=HoldReason.MISSED,
        hold_until=event.until,
        misses=ticket.misses + 1,
        **UNCALLED,
    )
    return free(tent, ticket, event).with_ticket(held)


@evolves(ev.RunnerNoShow)
def _(tent: Tent, event: ev.RunnerNoShow) -> Tent:
    ticket = tent.ticket(event.code)
    gone = close(learn_missed(tent), event, TicketState.NO_SHOW, misses=ticket.misses + 1)
    return gone.but(counts=gone.counts.but(no_shows=gone.counts.no_shows + 1))
