"""At the table: start, extend, finish, clean, refer. Never chooses who comes next."""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import AgeGroup, Instant, ReferralCategory, Ticket, TicketState
from tentqueue.domain.shift import after_changeover
from tentqueue.domain.tent import Tent, minutes
from tentqueue.domain.therapist import Role, Therapist, TherapistState
from tentqueue.domain.turn import Turn, decides


@decides(do.StartTreatment)
def start(turn: Turn, command: do.StartTreatment) -> None:
    """Hands on, at the table the runner was called to (rules 8, 14)."""
    ticket = _called_to(turn.tent, command.ticket, command.therapist, TicketState.CALLED)
    if ticket.therapist is None:
        raise errors.NotPossibleNow(
            "No table is free for this runner yet. Wait for the call.", state=ticket.state
        )
    therapist = turn.tent.therapists[ticket.therapist]
    if therapist.state is not TherapistState.CALLED:
        raise errors.NotPossibleNow(
            "The table is not free yet. Finish and clean it first.", state=therapist.state
        )
    if ticket.ready_at is not None and ticket.ready_at > turn.now:
        raise errors.NotPossibleNow(
            "This runner finished a moment ago. Let them walk and drink first.",
            ready_at=ticket.ready_at.isoformat(),
        )
    _guarded(ticket, therapist, command)
    turn.happen(
        ev.TreatmentStarted(
            turn.now, ticket.code, therapist.id, therapist.table, _planned_end(ticket, turn.now)
        )
    )


def _guarded(ticket: Ticket, therapist: Therapist, command: do.StartTreatment) -> None:
    """Minors: a guardian's consent, under 16 in person; never alone with a student (rule 8)."""
    if ticket.age_group is AgeGroup.ADULT:
        return
    if therapist.role is Role.STUDENT:
        raise errors.SupervisorNeeded(
            "A runner under 18 is never alone with a student. Hand over to a licensed therapist."
        )
    if ticket.age_group is AgeGroup.UNDER_16 and not command.guardian_present:
        raise errors.GuardianNeeded("Under 16: the guardian must be here. Ask them in, then start.")
    if not ticket.guardian_consent and not command.guardian_present:
        raise errors.GuardianNeeded(
            "Under 18: a guardian's consent is needed. Have staff record it, then start."
        )


def _planned_end(ticket: Ticket, now: Instant) -> Instant:
    end = now + ticket.treatment_for
    return (
        end
        if ticket.deadline_at is None or ticket.deadline_at <= now
        else min(end, ticket.deadline_at)
    )


def _called_to(tent: Tent, wanted: str, presser: str | None, state: TicketState) -> Ticket:
    """Find a ticket in `state` that belongs to who pressed; desk and organiser press for anyone."""
    ticket = tent.ticket(wanted)
    if ticket.state is not state:
        raise errors.NotPossibleNow(
            "{ticket} has moved on. Look at the screen again.",
            state=ticket.state,
            ticket=ticket.code,
        )
    if presser is not None and ticket.therapist != presser:
        raise errors.CalledToAnother(
            "Ticket {ticket} was called to another table.", ticket=ticket.code, table=ticket.table
        )
    return ticket


@decides(do.ExtendTreatment)
def extend(turn: Turn, command: do.ExtendTreatment) -> None:
    """A few minutes more, up to the lane's longest (rule 1)."""
    ticket = _called_to(turn.tent, command.ticket, command.therapist, TicketState.IN_TREATMENT)
    assert ticket.planned_end_at is not None
    assert ticket.started_at is not None
    until = ticket.planned_end_at + minutes(command.minutes)
    longest = turn.tent.lane_rules(ticket.lane).max_minutes
    if command.minutes < 1 or until > ticket.started_at + minutes(longest):
        raise errors.MinutesOutOfRange(
            "At most {longest} min in this lane. Finish, then call the next.",
            field="minutes",
            longest=longest,
        )
    if ticket.deadline_at is not None and until > ticket.deadline_at:
        raise errors.WaveTooClose(
            "The runner's start is too close for more minutes.", alternatives=[]
        )
    turn.happen(ev.TreatmentExtended(turn.now, ticket.code, until))


@decides(do.FinishTreatment)
def finish(turn: Turn, command: do.FinishTreatment) -> None:
    """Hands off; the table is free once it is clean (rule 12)."""
    ticket = _called_to(turn.tent, command.ticket, command.therapist, TicketState.IN_TREATMENT)
    finish_now(turn, ticket, "finished")


def finish_now(turn: Turn, ticket: Ticket, reason: str) -> None:
    """End a treatment and begin the changeover."""
    assert ticket.therapist is not None
    turn.happen(
        ev.TreatmentFinished(
            turn.now, ticket.code, ticket.therapist, _clean_at(turn, ticket), reason
        )
    )


def _clean_at(turn: Turn, ticket: Ticket) -> Instant:
    return turn.now + minutes(turn.tent.lane_rules(ticket.lane).changeover_minutes)


@decides(do.CleanTable)
def clean(turn: Turn, command: do.CleanTable) -> None:
    """The table is clean before its time."""
    ticket = turn.tent.ticket(command.ticket)
    therapist = turn.tent.therapists.get(ticket.therapist or "")
    cleaning = (
        therapist is not None
        and therapist.state is TherapistState.CHANGEOVER
        and therapist.ticket == ticket.code
    )
    if therapist is None or not cleaning:
        raise errors.NotPossibleNow(
            "This table is not in its changeover. Look at the screen again.", state=ticket.state
        )
    if command.therapist is not None and command.therapist != therapist.id:
        raise errors.CalledToAnother(
            "Ticket {ticket} was treated at another table.", ticket=ticket.code, table=ticket.table
        )
    after_changeover(turn, therapist)


@decides(do.ReferRunner)
def refer(turn: Turn, command: do.ReferRunner) -> None:
    """To medical in one tap, from any moment; only the category is kept (rule 7)."""
    ticket = turn.tent.ticket(command.ticket)
    if not ticket.is_open:
        raise errors.NotPossibleNow(
            "This ticket is closed already.", state=ticket.state, ticket=ticket.code
        )
    if command.therapist is not None and ticket.therapist != command.therapist:
        raise errors.CalledToAnother(
            "Ticket {ticket} was called to another table.", ticket=ticket.code, table=ticket.table
        )
    refer_open(turn, ticket, command.category)


def refer_open(turn: Turn, ticket: Ticket, category: ReferralCategory) -> None:
    """Close an open ticket as referred and free its table."""
    clean_at = _clean_at(turn, ticket) if ticket.state is TicketState.IN_TREATMENT else None
    turn.happen(ev.RunnerReferred(turn.now, ticket.code, category, clean_at))


def release_forgotten(turn: Turn) -> None:
    """A Finish forgotten for a quarter of an hour frees the table (rule 13)."""
    late = minutes(turn.tent.rules.overdue_release_minutes)
    for ticket in turn.tent.in_state(TicketState.IN_TREATMENT):
        if ticket.planned_end_at is not None and ticket.planned_end_at + late <= turn.now:
            finish_now(turn, ticket, "released")


def clean_due(turn: Turn) -> None:
    """Tables whose changeover is over are clean."""
    for therapist in list(turn.tent.therapists.values()):
        over = therapist.until is not None and therapist.until <= turn.now
        if therapist.state is TherapistState.CHANGEOVER and over:
            after_changeover(turn, therapist)
