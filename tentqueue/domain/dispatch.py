"""Whose turn, with whom: calls, calls ahead, re-calls, missed calls.

A discipline is one function.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import (
    AgeGroup,
    HoldReason,
    Instant,
    LaneName,
    LaneState,
    Role,
    Therapist,
    TherapistState,
    Ticket,
    TicketState,
)
from tentqueue.domain.shift import break_reason, may_work
from tentqueue.domain.tent import Tent, minutes
from tentqueue.domain.turn import Turn, decides
from tentqueue.domain.waiting import behind_front

GREETING_FOR = timedelta(seconds=60)
"""A free table waits at least this long for the runner who was called ahead to it."""
LONGEST_OVERRUN = timedelta(minutes=20)
CALLING = (LaneName.WARMUP, LaneName.NEXTDAY, LaneName.RECOVERY)


def assign(turn: Turn) -> None:
    """Give each free table its best runner, then call ahead for tables soon free (rules 14, 17)."""
    tables = _tables(turn)
    if not tables:
        return
    lines = {lane: turn.tent.line(lane) for lane in CALLING if _calls(turn.tent, lane)}
    for therapist, free_at in tables:
        ticket = choose(turn.tent, therapist, free_at, lines)
        if ticket is not None:
            lines[ticket.lane].remove(ticket)
            call(turn, ticket, therapist)


def _calls(tent: Tent, lane: LaneName) -> bool:
    return lane in tent.lanes and tent.lanes[lane].state is not LaneState.PAUSED


def _tables(turn: Turn) -> list[tuple[Therapist, Instant]]:
    """Tables a runner may be called to, with the time each is free: soonest, then least tired."""
    soon = turn.now + timedelta(seconds=turn.tent.rules.call_ahead_seconds)
    free = (
        (t, free_at(turn.tent, t, turn.now))
        for t in turn.tent.therapists.values()
        if may_work(turn.tent, t)
    )
    ready = [(t, at) for t, at in free if at is not None and at <= soon]
    return sorted(ready, key=lambda pair: (pair[1], pair[0].hands_on_for, pair[0].id))


def free_at(tent: Tent, therapist: Therapist, now: Instant) -> Instant | None:
    """When this table takes its next runner; None if one is called or a break comes first."""
    if therapist.next is not None:
        return None
    if therapist.state is TherapistState.AVAILABLE:
        return now
    if therapist.state is TherapistState.CHANGEOVER and therapist.until:
        return None if break_reason(tent, therapist, therapist.until) else max(now, therapist.until)
    if (
        therapist.state is not TherapistState.IN_TREATMENT
        or therapist.until is None
        or therapist.ticket is None
    ):
        return None
    tired = therapist.but(treatments_since_break=therapist.treatments_since_break + 1)
    if break_reason(tent, tired, therapist.until):
        return None
    changeover = tent.lane_rules(tent.ticket(therapist.ticket).lane).changeover_minutes
    # An overdue treatment is not about to end: nobody is called to stand beside it.
    return None if therapist.until < now else therapist.until + minutes(changeover)


def choose(
    tent: Tent, therapist: Therapist, at: Instant, lines: dict[LaneName, list[Ticket]]
) -> Ticket | None:
    """The discipline: warm-ups by deadline first, then appointments, then recovery by readiness."""
    for lane in CALLING:
        if lane in therapist.lanes:
            best = next((t for t in lines.get(lane, ()) if suits(tent, t, therapist, at)), None)
            if best is not None:
                return best
    return None


def suits(tent: Tent, ticket: Ticket, therapist: Therapist, at: Instant) -> bool:
    """Whether this therapist may treat this runner from `at` (rules 3, 8, 10)."""
    if ticket.age_group is not AgeGroup.ADULT and therapist.role is Role.STUDENT:
        return False
    if (
        ticket.prefers is not None
        and therapist.gender is not None
        and ticket.prefers is not therapist.gender
    ):
        return False
    shortest = minutes(tent.lane_rules(ticket.lane).short_minutes)
    if ticket.deadline_at is not None and at + shortest > ticket.deadline_at:
        return False
    home_at = therapist.shift_end(tent.now)
    return home_at is None or at + ticket.treatment_for <= home_at + minutes(5)


def call(turn: Turn, ticket: Ticket, therapist: Therapist, reason: str = "next_in_line") -> None:
    """Call a runner to a table."""
    respond_by = turn.now + timedelta(seconds=turn.tent.rules.respond_seconds)
    turn.happen(
        ev.RunnerCalled(turn.now, ticket.code, therapist.id, therapist.table, respond_by, reason)
    )


@decides(do.RecallRunner)
def recall(turn: Turn, command: do.RecallRunner) -> None:
    """Call again by hand; a runner who missed the call comes back to the front of the line."""
    ticket = turn.tent.ticket(command.ticket)
    _belongs(ticket, command.therapist)
    if ticket.state is TicketState.CALLED:
        _call_again(turn, ticket)
    elif ticket.hold in (HoldReason.MISSED, HoldReason.STAFF, HoldReason.MORE_TIME):
        turn.happen(
            ev.TicketReleased(
                turn.now, ticket.code, behind_front(turn.tent, ticket), "recalled_by_staff"
            )
        )
    else:
        raise errors.NotPossibleNow(
            "Only a runner who was called can be called again.", state=ticket.state
        )


def _call_again(turn: Turn, ticket: Ticket) -> None:
    half = timedelta(seconds=turn.tent.rules.recall_seconds)
    respond_by = max(ticket.respond_by or turn.now, turn.now + half)
    turn.happen(ev.RunnerRecalled(turn.now, ticket.code, respond_by))


@decides(do.MarkNoShow)
def mark_no_show(turn: Turn, command: do.MarkNoShow) -> None:
    """The called runner is not here: aside the first time, a no-show the second (rule 16)."""
    ticket = turn.tent.ticket(command.ticket)
    _belongs(ticket, command.therapist)
    if ticket.state is TicketState.CALLED:
        _missed(turn, ticket)
    elif ticket.hold is HoldReason.MISSED:
        turn.happen(ev.RunnerNoShow(turn.now, ticket.code))
    else:
        raise errors.NotPossibleNow(
            "Only a runner who was called can be a no-show.", state=ticket.state
        )


def _belongs(ticket: Ticket, presser: str | None) -> None:
    if presser is not None and ticket.therapist != presser:
        raise errors.CalledToAnother(
            f"Ticket {ticket.code} was called to another table.", table=ticket.table
        )


def _missed(turn: Turn, ticket: Ticket) -> None:
    if ticket.misses:
        turn.happen(ev.RunnerNoShow(turn.now, ticket.code))
        return
    until = turn.now + minutes(turn.tent.rules.missed_hold_minutes)
    turn.happen(ev.CallMissed(turn.now, ticket.code, until))


def chase_called(turn: Turn) -> None:
    """Call again at half time; who has not come by the end has missed the call (rule 16)."""
    for ticket in turn.tent.in_state(TicketState.CALLED):
        if ticket.here_at is not None or ticket.respond_by is None or ticket.called_at is None:
            continue
        if _given_up_at(turn.tent, ticket, ticket.respond_by) <= turn.now:
            _missed(turn, ticket)
        elif not ticket.recalled and _waited(ticket, turn.now) >= turn.tent.rules.recall_seconds:
            turn.happen(ev.RunnerRecalled(turn.now, ticket.code, ticket.respond_by))


def _given_up_at(tent: Tent, ticket: Ticket, respond_by: Instant) -> Instant:
    """A runner called ahead may stand there unseen: a busy table misses nobody."""
    therapist = tent.therapists.get(ticket.therapist or "")
    if therapist is None or therapist.since is None:
        return respond_by
    if therapist.state is not TherapistState.CALLED:
        return respond_by + LONGEST_OVERRUN
    return max(respond_by, therapist.since + GREETING_FOR)


def _waited(ticket: Ticket, now: Instant) -> float:
    return (now - (ticket.called_at or now)).total_seconds()


def withdraw_from(turn: Turn, codes: Iterable[str], reason: str) -> None:
    """Send called runners back to their place in line."""
    for code in codes:
        turn.happen(ev.CallWithdrawn(turn.now, code, reason))
