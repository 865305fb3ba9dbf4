"""Whose turn, with whom: calls, calls ahead, re-calls, missed calls.

A discipline is one function.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import HoldReason, Instant, Ticket, TicketState
from tentqueue.domain.planning.discipline import Decision, Tuning, soon_free
from tentqueue.domain.planning.discipline import decide as choose
from tentqueue.domain.seen import tables_of, ticket_facts, with_runners
from tentqueue.domain.shift import begin_break, ends_in_shift, may_work
from tentqueue.domain.tent import Tent, minutes, seconds
from tentqueue.domain.therapist import Therapist, TherapistState
from tentqueue.domain.turn import Turn, decides
from tentqueue.domain.waiting import behind_front, too_close

TOLERATED = 0.35
"""The tables of a lane may lack this much of a runner before one more is called: up to three calls
that are nearly sure to be answered are enough for three tables."""
GREETING_FOR = timedelta(seconds=90)
"""A free table waits at least this long for the runner who was called ahead to it."""
_TAKES_NEXT = (TherapistState.AVAILABLE, TherapistState.IN_TREATMENT, TherapistState.CHANGEOVER)


def assign(turn: Turn) -> None:
    """Give free and soon free tables their best runners (rules 14, 17), then breaks in lulls."""
    tent = turn.tent
    if not tent.open or not any(t.on_duty for t in tent.therapists.values()):
        return
    tuning = Tuning(extra=tent.rules.extra_calls - TOLERATED)
    tables = tables_of(tent, turn.now)
    # Most commands of a busy hour find no table near its end: the line need not be looked at.
    if soon_free(tables, tuning):
        for decision in choose(with_runners(tables, tent, turn.now), tuning):
            _CARRY_OUT[decision.act](turn, decision)
    _give_tables(turn)


def _call(turn: Turn, decision: Decision) -> None:
    """Call the runner: to the table meant if nobody else has it, else to the tent."""
    ticket = turn.tent.open[decision.ticket or ""]
    therapist = turn.tent.therapists[decision.therapist or ""]
    if ticket.state is TicketState.WAITING:
        call(turn, ticket, therapist if _takes_next(therapist) else None, decision.reason)


def _seat(turn: Turn, decision: Decision) -> None:
    """Whoever stands in the tent takes the idle table, from one who is still walking if need be."""
    ticket = turn.tent.open[decision.ticket or ""]
    therapist = turn.tent.therapists[decision.therapist or ""]
    if ticket.therapist == therapist.id:
        return
    if therapist.ticket is not None:
        turn.happen(ev.TableGiven(turn.now, therapist.ticket, None, None, "somebody_is_here"))
    if ticket.state is TicketState.WAITING:
        call(turn, ticket, turn.tent.therapists[therapist.id], decision.reason)
    else:
        _give(turn, ticket, therapist, decision.reason)


def _lull(turn: Turn, decision: Decision) -> None:
    """A break while nobody waits for this therapist (rule 11)."""
    therapist = turn.tent.therapists[decision.therapist or ""]
    if therapist.state is TherapistState.AVAILABLE:
        begin_break(turn, therapist.id, decision.reason)


_CARRY_OUT: dict[str, Callable[[Turn, Decision], None]] = {
    "call": _call,
    "seat": _seat,
    "break": _lull,
}


def _takes_next(therapist: Therapist) -> bool:
    """Whether a runner may be sent to this table: free, or soon free and nobody called to it."""
    if therapist.break_due or therapist.leaving or therapist.next is not None:
        return False
    return therapist.state in _TAKES_NEXT


def _give_tables(turn: Turn) -> None:
    """Runners called to the tent get a table as soon as one is theirs: free ones first."""
    _leave_ended_shifts(turn)
    for ticket in turn.tent.in_state(TicketState.CALLED):
        if ticket.therapist is None:
            tables = [t for t in turn.tent.therapists.values() if _suits(turn, ticket, t)]
            if tables:
                _give(turn, ticket, min(tables, key=_soonest), "table_found")


def _suits(turn: Turn, ticket: Ticket, therapist: Therapist) -> bool:
    only = ticket_facts(turn.tent, ticket).only
    wanted = ticket.lane in therapist.lanes and (only is None or therapist.id in only)
    works = _takes_next(therapist) and may_work(turn.tent, therapist)
    fits = ends_in_shift(turn.tent, ticket, therapist, turn.now)
    return wanted and works and fits and not too_close(turn.tent, ticket, turn.now)


def _leave_ended_shifts(turn: Turn) -> None:
    """Who was called to a table whose therapist goes home before the end gets another."""
    for ticket in turn.tent.in_state(TicketState.CALLED):
        therapist = turn.tent.therapists.get(ticket.therapist or "")
        if therapist and not ends_in_shift(turn.tent, ticket, therapist, turn.now):
            turn.happen(ev.TableGiven(turn.now, ticket.code, None, None, "shift_ends"))


def _soonest(therapist: Therapist) -> tuple[bool, float, float]:
    until = 0.0 if therapist.until is None else seconds(therapist.until)
    idle = therapist.state is TherapistState.AVAILABLE
    return (not idle, until, therapist.hands_on_for.total_seconds())


def _give(turn: Turn, ticket: Ticket, therapist: Therapist, reason: str) -> None:
    turn.happen(ev.TableGiven(turn.now, ticket.code, therapist.id, therapist.table, reason))


def call(turn: Turn, ticket: Ticket, therapist: Therapist | None, reason: str) -> None:
    """Call a runner to a table, or with None to the tent."""
    respond_by = turn.now + timedelta(seconds=turn.tent.rules.respond_seconds)
    who, table = (None, None) if therapist is None else (therapist.id, therapist.table)
    turn.happen(ev.RunnerCalled(turn.now, ticket.code, who, table, respond_by, reason))


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
            "Ticket {ticket} was called to another table.", ticket=ticket.code, table=ticket.table
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
        if _given_up(turn.tent, ticket, turn.now):
            _missed(turn, ticket)
        elif not ticket.recalled and _waited(ticket, turn.now) >= turn.tent.rules.recall_seconds:
            turn.happen(ev.RunnerRecalled(turn.now, ticket.code, ticket.respond_by))


def _given_up(tent: Tent, ticket: Ticket, now: Instant) -> bool:
    """A runner called ahead may stand there unseen: nobody is missed before their table is free."""
    therapist = tent.therapists.get(ticket.therapist or "")
    if therapist is None or therapist.since is None or therapist.next == ticket.code:
        return (
            tent.rules.arrivals_seen and ticket.respond_by is not None and ticket.respond_by <= now
        )
    return max(ticket.respond_by or now, therapist.since + GREETING_FOR) <= now


def _waited(ticket: Ticket, now: Instant) -> float:
    return (now - (ticket.called_at or now)).total_seconds()
