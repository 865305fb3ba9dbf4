"""What happens at a table, and in a therapist's day."""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import events as ev
from tentqueue.domain.evolution.lessons import learn_length, learn_range
from tentqueue.domain.evolution.registry import IDLE, close, evolves, free
from tentqueue.domain.model import Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import Shift, TherapistState


@evolves(ev.TreatmentStarted)
def _(tent: Tent, event: ev.TreatmentStarted) -> Tent:
    ticket, therapist = tent.ticket(event.code), tent.therapists[event.therapist]
    started = ticket.but(
        state=TicketState.IN_TREATMENT,
        started_at=event.at,
        here_at=ticket.here_at or event.at,
        planned_end_at=event.planned_end_at,
        therapist=event.therapist,
        table=event.table,
    )
    freed = tent if ticket.therapist == event.therapist else free(tent, ticket, event)
    busy = therapist.but(
        state=TherapistState.IN_TREATMENT,
        ticket=event.code,
        since=event.at,
        until=event.planned_end_at,
        next=None if therapist.next == event.code else therapist.next,
    )
    return learn_range(freed, ticket, event.at).with_ticket(started).with_therapist(busy)


@evolves(ev.TreatmentExtended)
def _(tent: Tent, event: ev.TreatmentExtended) -> Tent:
    ticket = tent.ticket(event.code).but(planned_end_at=event.planned_end_at)
    therapist = tent.therapists[ticket.therapist or ""]
    return tent.with_ticket(ticket).with_therapist(therapist.but(until=event.planned_end_at))


@evolves(ev.TreatmentFinished)
def _(tent: Tent, event: ev.TreatmentFinished) -> Tent:
    ticket = tent.ticket(event.code)
    done = ticket.but(state=TicketState.DONE, ended_at=event.at, reason=event.reason)
    treated = {**tent.counts.treated, ticket.lane: tent.counts.treated.get(ticket.lane, 0) + 1}
    after = tent.with_ticket(done).but(counts=tent.counts.but(treated=treated))
    return learn_length(_changeover(after, ticket, event), ticket, event)


def _changeover(
    tent: Tent, ticket: Ticket, event: ev.TreatmentFinished | ev.RunnerReferred
) -> Tent:
    """Hands off: the table is cleaned until `clean_at` (rule 12)."""
    therapist = tent.therapists[ticket.therapist or ""]
    hands_on = event.at - (ticket.started_at or event.at)
    return tent.with_therapist(
        therapist.but(
            state=TherapistState.CHANGEOVER,
            since=event.at,
            until=event.clean_at,
            treated=therapist.treated + 1,
            treatments_since_break=therapist.treatments_since_break + 1,
            hands_on_for=therapist.hands_on_for + hands_on,
        )
    )


@evolves(ev.RunnerReferred)
def _(tent: Tent, event: ev.RunnerReferred) -> Tent:
    gone = close(tent, event, TicketState.REFERRED, referral=event.category)
    counted = gone.but(counts=gone.counts.but(referred=gone.counts.referred + 1))
    ticket = tent.ticket(event.code)
    if ticket.state is not TicketState.IN_TREATMENT or ticket.therapist is None:
        return counted
    return _changeover(counted, ticket, event)


@evolves(ev.TherapistArrived)
def _(tent: Tent, event: ev.TherapistArrived) -> Tent:
    therapist = tent.therapists[event.therapist]
    if therapist.begins_a_day(event.at):
        therapist = therapist.but(hands_on_for=timedelta(), treated=0)
    return tent.with_therapist(
        therapist.but(
            state=TherapistState.AVAILABLE,
            since=event.at,
            on_duty_at=event.at,
            worked_since_at=event.at,
            treatments_since_break=0,
            break_due=False,
            leaving=False,
            next=None,
            **IDLE,
        )
    )


@evolves(ev.TableCleaned)
def _(tent: Tent, event: ev.TableCleaned) -> Tent:
    therapist = tent.therapists[event.therapist]
    if therapist.next is None:
        return tent.with_therapist(
            therapist.but(state=TherapistState.AVAILABLE, since=event.at, **IDLE)
        )
    return tent.with_therapist(
        therapist.but(
            state=TherapistState.CALLED,
            since=event.at,
            until=None,
            ticket=therapist.next,
            next=None,
        )
    )


@evolves(ev.BreakDue)
def _(tent: Tent, event: ev.BreakDue) -> Tent:
    return tent.with_therapist(tent.therapists[event.therapist].but(break_due=True))


@evolves(ev.BreakStarted)
def _(tent: Tent, event: ev.BreakStarted) -> Tent:
    therapist = tent.therapists[event.therapist]
    taken = therapist.breaks and therapist.breaks[0].earliest_at <= event.at
    return tent.with_therapist(
        therapist.but(
            state=TherapistState.BREAK,
            since=event.at,
            until=event.until,
            ticket=None,
            break_due=False,
            breaks=therapist.breaks[1:] if taken else therapist.breaks,
        )
    )


@evolves(ev.BreakEnded)
def _(tent: Tent, event: ev.BreakEnded) -> Tent:
    return tent.with_therapist(
        tent.therapists[event.therapist].but(
            state=TherapistState.AVAILABLE,
            since=event.at,
            worked_since_at=event.at,
            treatments_since_break=0,
            **IDLE,
        )
    )


@evolves(ev.LeaveDue)
def _(tent: Tent, event: ev.LeaveDue) -> Tent:
    return tent.with_therapist(tent.therapists[event.therapist].but(leaving=True))


@evolves(ev.TherapistLeft)
def _(tent: Tent, event: ev.TherapistLeft) -> Tent:
    return tent.with_therapist(
        tent.therapists[event.therapist].but(
            state=TherapistState.OFF,
            since=event.at,
            leaving=False,
            break_due=False,
            next=None,
            **IDLE,
        )
    )


@evolves(ev.ShiftChanged)
def _(tent: Tent, event: ev.ShiftChanged) -> Tent:
    therapist = tent.therapists[event.therapist]
    before = [shift for shift in therapist.shifts if shift.ends_at <= event.at]
    # The one of now, or the next, is the one that was changed.
    to_come = sorted(
        (shift for shift in therapist.shifts if shift.ends_at > event.at),
        key=lambda shift: shift.starts_at,
    )
    shifts = (*before, Shift(event.starts_at, event.ends_at), *to_come[1:])
    return tent.with_therapist(therapist.but(shifts=shifts))


@evolves(ev.TableChanged)
def _(tent: Tent, event: ev.TableChanged) -> Tent:
    therapist = tent.therapists[event.therapist]
    return tent.with_therapist(therapist.but(table=event.table))
