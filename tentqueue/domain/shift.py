"""A therapist's day: arrive, break, come back, go home; hands-on limits. Never cuts a treatment."""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import Instant, Ticket
from tentqueue.domain.tent import Tent, minutes
from tentqueue.domain.therapist import Role, Therapist, TherapistState
from tentqueue.domain.turn import Turn, decides

STAYS_FOR = timedelta(minutes=30)
"""Who is on duty longer than this after the shift works by choice, without an end."""
UNSEEN_FOR = timedelta(minutes=60)
"""Who has had no runner for this long, outside every shift, went home without a tap."""
LONGEST_DUTY = timedelta(hours=12)
"""Who came outside every shift is taken to be here for no longer."""
BUSY = (TherapistState.IN_TREATMENT, TherapistState.CHANGEOVER)


@decides(do.BeAvailable)
def be_available(turn: Turn, command: do.BeAvailable) -> None:
    """On duty, or back from a break; pressed while working it changes nothing."""
    therapist = turn.tent.therapist(command.therapist)
    if therapist.state in (TherapistState.OFF, TherapistState.BREAK):
        _enough_for_today(turn, therapist)
    if therapist.state is TherapistState.OFF:
        _one_therapist_a_table(turn.tent, therapist)
        turn.happen(ev.TherapistArrived(turn.now, therapist.id))
    elif therapist.state is TherapistState.BREAK:
        turn.happen(ev.BreakEnded(turn.now, therapist.id))
    elif therapist.state is TherapistState.CHANGEOVER:
        after_changeover(turn, therapist)


def _enough_for_today(turn: Turn, therapist: Therapist) -> None:
    limit = turn.tent.rules.hands_on_limit_minutes
    if therapist.hands_on_for >= minutes(limit) and not therapist.begins_a_day(turn.now):
        raise errors.HandsOnLimit(
            "{hours} hours of hands-on work are the limit for a day. Thank you; go and rest.",
            hours=limit // 60,
        )


def _one_therapist_a_table(tent: Tent, therapist: Therapist) -> None:
    for other in tent.therapists.values():
        if other.id != therapist.id and other.table == therapist.table and other.on_duty:
            raise errors.NotPossibleNow(
                "{name} works at table {table}. They must go off first.",
                state=other.state,
                name=other.name,
                table=other.table,
            )


@decides(do.TakeBreak)
def take_break(turn: Turn, command: do.TakeBreak) -> None:
    """A break now, or as soon as the treatment and its changeover end (rule 11)."""
    therapist = turn.tent.therapist(command.therapist)
    if therapist.state is TherapistState.OFF:
        raise errors.NotPossibleNow(
            "A break is for therapists on duty. Press available first.", state=therapist.state
        )
    if therapist.state in BUSY:
        _hand_over(turn, therapist, "therapist_on_break")
        turn.happen(ev.BreakDue(turn.now, therapist.id, "asked"))
    elif therapist.state is not TherapistState.BREAK:
        _hand_over(turn, therapist, "therapist_on_break")
        begin_break(turn, therapist.id, "asked", command.minutes)


def begin_break(turn: Turn, therapist: str, reason: str, length: int | None = None) -> None:
    """Begin a break of `length` minutes, or as long as the rules say."""
    until = turn.now + minutes(turn.tent.rules.break_minutes if length is None else length)
    turn.happen(ev.BreakStarted(turn.now, therapist, until, reason))


@decides(do.GoHome)
def go_home(turn: Turn, command: do.GoHome) -> None:
    """Off duty, now or as soon as the treatment ends."""
    therapist = turn.tent.therapist(command.therapist)
    if therapist.state is TherapistState.OFF:
        return
    _hand_over(turn, therapist, "therapist_went_home")
    if therapist.state is TherapistState.IN_TREATMENT:
        turn.happen(ev.LeaveDue(turn.now, therapist.id))
    else:
        turn.happen(ev.TherapistLeft(turn.now, therapist.id))


def _hand_over(turn: Turn, therapist: Therapist, reason: str) -> None:
    """Runners called to this table stay called; dispatch finds them another."""
    called = [therapist.next]
    if therapist.state is TherapistState.CALLED:
        called.append(therapist.ticket)
    for code in called:
        if code is not None:
            turn.happen(ev.TableGiven(turn.now, code, None, None, reason))


def after_changeover(turn: Turn, therapist: Therapist) -> None:
    """The table is clean: home, break, the runner called ahead, or free."""
    if therapist.leaving:
        _hand_over(turn, therapist, "therapist_went_home")
        turn.happen(ev.TherapistLeft(turn.now, therapist.id))
        return
    reason = break_reason(turn.tent, therapist, turn.now)
    if reason is not None:
        _hand_over(turn, therapist, "therapist_on_break")
        begin_break(turn, therapist.id, reason)
        return
    turn.happen(ev.TableCleaned(turn.now, therapist.id))


def break_reason(tent: Tent, therapist: Therapist, now: Instant) -> str | None:
    """Why a break must come before the next treatment, or None (rule 11)."""
    rules = tent.rules
    if therapist.break_due:
        return "asked"
    if therapist.treatments_since_break >= rules.break_after_treatments:
        return "treatments"
    worked = now - (therapist.worked_since_at or now)
    if worked >= minutes(rules.break_required_minutes) and therapist.treatments_since_break:
        return "time"
    return None


def may_work(tent: Tent, therapist: Therapist) -> bool:
    """Whether a runner may be sent to this therapist at all (rules 10, 11)."""
    if therapist.hands_on_for >= minutes(tent.rules.hands_on_limit_minutes):
        return False
    if therapist.break_due or therapist.leaving:
        return False
    return therapist.role is Role.LICENSED or tent.supervised()


def breaks_due(turn: Turn) -> None:
    """Idle therapists whose break is due begin it; nobody walks to them yet."""
    for therapist in list(turn.tent.therapists.values()):
        if therapist.state is TherapistState.AVAILABLE and (
            why := break_reason(turn.tent, therapist, turn.now)
        ):
            begin_break(turn, therapist.id, why)


def send_off(turn: Turn) -> None:
    """Who went home without a tap is off duty: no runner walks to an empty table, no student counts
    on a supervisor who is not there, and the next day begins with "I'm here"."""
    for therapist in list(turn.tent.therapists.values()):
        if _is_idle(therapist) and turn.now >= _gone_at(therapist):
            turn.happen(ev.TherapistLeft(turn.now, therapist.id, "unseen"))


def _is_idle(therapist: Therapist) -> bool:
    resting = therapist.state in (TherapistState.AVAILABLE, TherapistState.BREAK)
    return resting and therapist.next is None


def _gone_at(therapist: Therapist) -> Instant:
    """From when on an idle therapist is taken to be gone: an hour outside every shift, at one
    stretch. A pause between two shifts is shorter, and who comes early waits for the first."""
    came_at = therapist.on_duty_at
    idle_at = therapist.until or therapist.since
    assert came_at is not None
    assert idle_at is not None
    gone_at = max(idle_at, came_at + LONGEST_DUTY)
    own = sorted((s for s in therapist.shifts if s.ends_at > came_at), key=lambda s: s.starts_at)
    if own and own[0].starts_at < gone_at:
        gone_at = max(idle_at, own[0].ends_at)
    for shift in own:
        if gone_at < shift.ends_at and shift.starts_at < gone_at + UNSEEN_FOR:
            gone_at = shift.ends_at
    return gone_at + UNSEEN_FOR


def ends_in_shift(tent: Tent, ticket: Ticket, therapist: Therapist, at: Instant) -> bool:
    """Whether a treatment begun at `at` ends before the therapist goes home, overtime included."""
    end_at = shift_ends_at(therapist, at)
    if end_at is None:
        return True
    planned = minutes(tent.lane_rules(ticket.lane).minutes)
    return at + planned <= end_at + minutes(tent.rules.overtime_minutes)


def shift_ends_at(therapist: Therapist, at: Instant) -> Instant | None:
    """End of the shift that covers `at`, comes next, or ended within half an hour; else None."""
    coming = [s.ends_at for s in therapist.shifts if s.ends_at + STAYS_FOR > at]
    return min(coming) if coming else None
