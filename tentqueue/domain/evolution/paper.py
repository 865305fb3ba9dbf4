"""What a line of the paper sheet does to the tent (rule 28)."""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import events as ev
from tentqueue.domain.evolution.registry import IDLE, evolves, free
from tentqueue.domain.model import Ticket, TicketState
from tentqueue.domain.tent import Counts, Tent
from tentqueue.domain.therapist import TherapistState


@evolves(ev.TreatmentWrittenUp)
def _(tent: Tent, event: ev.TreatmentWrittenUp) -> Tent:
    ticket = tent.ticket(event.code)
    done = ticket.but(
        state=TicketState.DONE,
        started_at=event.started_at,
        here_at=ticket.here_at or event.started_at,
        ended_at=event.at,
        planned_end_at=event.started_at + ticket.treatment_for,
        therapist=event.therapist,
        table=event.table,
        hold=None,
        hold_until=None,
        reason="finished",
    )
    freed = _worked(_freed(tent, ticket, event), ticket, event)
    return freed.with_ticket(done).but(counts=_counted(tent.counts, ticket))


def _freed(tent: Tent, ticket: Ticket, event: ev.TreatmentWrittenUp) -> Tent:
    """Free the table the screens still thought busy with this runner."""
    if ticket.state is not TicketState.IN_TREATMENT:
        return free(tent, ticket, event)
    therapist = tent.therapists[ticket.therapist or ""]
    idle = therapist.but(state=TherapistState.AVAILABLE, since=tent.now, **IDLE)
    if therapist.next is not None:
        idle = idle.but(state=TherapistState.CALLED, ticket=therapist.next, next=None)
    return tent.with_therapist(idle)


def _worked(tent: Tent, ticket: Ticket, event: ev.TreatmentWrittenUp) -> Tent:
    """Add the treatment to the therapist's day; one the clock ended is only put right."""
    therapist = tent.therapists[event.therapist]
    known = ticket.state is TicketState.DONE
    counted = timedelta()
    if known and ticket.started_at is not None and ticket.ended_at is not None:
        counted = ticket.ended_at - ticket.started_at
    return tent.with_therapist(
        therapist.but(
            treated=therapist.treated + (not known),
            treatments_since_break=therapist.treatments_since_break + (not known),
            hands_on_for=therapist.hands_on_for + (event.at - event.started_at) - counted,
        )
    )


def _counted(counts: Counts, ticket: Ticket) -> Counts:
    """Treated, and no longer a no-show; one the clock ended was counted then."""
    if ticket.state is TicketState.DONE:
        return counts
    treated = {**counts.treated, ticket.lane: counts.treated.get(ticket.lane, 0) + 1}
    missed = ticket.state is TicketState.NO_SHOW
    return counts.but(treated=treated, no_shows=counts.no_shows - missed)
