"""Into the line and out of it: join, screening, leave, erase. Never calls anybody."""

from __future__ import annotations

from datetime import timedelta
from math import inf

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.admission import admit
from tentqueue.domain.again import one_at_a_time
from tentqueue.domain.appointments import book
from tentqueue.domain.model import (
    HoldReason,
    Instant,
    LaneName,
    ReferralCategory,
    RunnerClass,
    Screening,
    Ticket,
    TicketState,
)
from tentqueue.domain.paper import next_number
from tentqueue.domain.planning.facts import due_at
from tentqueue.domain.race_event import Wave
from tentqueue.domain.tent import Tent, minutes, seconds, still_open
from tentqueue.domain.treatment import refer_open
from tentqueue.domain.turn import Turn, decides
from tentqueue.domain.writing_up import in_the_past

CLOCK_TOLERANCE = timedelta(minutes=2)
DAY = timedelta(hours=24)


@decides(do.JoinLane)
def join(turn: Turn, command: do.JoinLane) -> None:
    """Give a runner a place, held until they may be called (rules 3 to 6, 18, 21)."""
    tent, now = turn.tent, turn.now
    tent.lane(command.lane)
    if not command.consent:
        raise errors.ConsentNeeded(
            "Ask the runner to agree to the treatment first, then join again."
        )
    one_at_a_time(tent, command, now)
    wave = _wave(tent, command)
    if command.joined_at is not None:
        in_the_past(command.joined_at, now, "joined_at")
    fresh = _ticket(tent, command, wave, now)
    fresh = fresh.but(order=_order(tent, fresh))
    # Whoever wrote the line on paper has let the runner in.
    ticket = admit(tent, fresh, now) if command.joined_at is None else fresh
    turn.happen(ev.RunnerJoined(now, ticket))
    if command.screening is Screening.REFER:
        turn.happen(ev.RunnerReferred(now, ticket.code, ReferralCategory.FEELING_ILL))


def _wave(tent: Tent, command: do.JoinLane) -> Wave | None:
    waves = ", ".join(w.id for w in tent.event.waves)
    if command.wave is not None:
        wave = tent.event.wave(command.wave)
        if wave is None:
            raise errors.UnknownWave(
                "No wave is called that. Choose one of: {waves}.", field="wave", waves=waves
            )
        return wave
    if command.lane is not LaneName.WARMUP:
        return None
    if len(tent.event.waves) == 1:
        return tent.event.waves[0]
    raise errors.WaveNeeded(
        "A warm-up needs your start wave. Choose one of: {waves}.", field="wave", waves=waves
    )


def _ticket(tent: Tent, command: do.JoinLane, wave: Wave | None, now: Instant) -> Ticket:
    length = _length(tent, command)
    number = _number(tent, command)
    ready_at, hold = _readiness(tent, command, now)
    state = TicketState.HELD if hold else TicketState.WAITING
    return Ticket(
        id=command.ticket,
        code=f"{command.lane.letter}{number:03d}",
        lane=command.lane,
        state=state,
        joined_at=command.joined_at or now,
        ready_at=ready_at,
        minutes=length,
        order=(0.0, 0.0),
        wave=wave.id if wave else None,
        deadline_at=_deadline(tent, command.lane, wave),
        bib_tag=command.bib_tag,
        screening=command.screening,
        screened_at=None if command.screening is Screening.UNASKED else now,
        areas=tuple(command.areas),
        avoid=tuple(command.avoid),
        runner_class=command.runner_class,
        age_group=command.age_group,
        guardian_consent=command.guardian_consent,
        prefers=command.prefers,
        at_tent=command.at_tent,
        taken_by=command.taken_by,
        hold=hold,
        hold_until=ready_at if hold else None,
        finished_at=command.finished_at,
    )


def _deadline(tent: Tent, lane: LaneName, wave: Wave | None) -> Instant | None:
    """When a warm-up must have ended: some minutes before its wave starts (rule 3)."""
    if wave is None or lane is not LaneName.WARMUP:
        return None
    return wave.starts_at - minutes(tent.rules.warmup_buffer_minutes)


def _number(tent: Tent, command: do.JoinLane) -> int:
    """The next number of the lane, or the one printed on the ticket the runner was handed."""
    if command.paper is None:
        return next_number(tent.lane(command.lane).issued)
    if command.paper[0] != command.lane.letter:
        raise errors.PaperTaken(
            "That paper is for another lane. Take one of this lane's sheet.", ticket=command.paper
        )
    if command.paper in tent.open or command.paper in tent.closed:
        raise errors.PaperTaken(
            "Somebody joined with that paper already. Take a fresh one.", ticket=command.paper
        )
    return int(command.paper[1:])


def _length(tent: Tent, command: do.JoinLane) -> int:
    rules = tent.lane_rules(command.lane)
    shed = tent.lane(command.lane).shed_minutes
    length = (shed or rules.minutes) if command.minutes is None else command.minutes
    if not rules.short_minutes <= length <= rules.max_minutes:
        raise errors.MinutesOutOfRange(
            "Choose between {shortest} and {longest} min.",
            field="minutes",
            shortest=rules.short_minutes,
            longest=rules.max_minutes,
        )
    return length


def _order(tent: Tent, ticket: Ticket) -> tuple[float, float]:
    """The place in line, less the credit of the class (rules 14, 15)."""
    joined = seconds(ticket.joined_at)
    ready = seconds(ticket.ready_at) if ticket.ready_at else joined
    deadline = seconds(ticket.deadline_at) if ticket.deadline_at else inf
    credit = 0
    if ticket.runner_class is RunnerClass.WHEELCHAIR:
        credit = min(tent.rules.wheelchair_credit_minutes, tent.rules.max_credit_minutes)
    due = due_at(ticket.lane.value, joined, ready, deadline)
    return (due - 60 * credit, float(tent.version + 1))


def _readiness(
    tent: Tent, command: do.JoinLane, now: Instant
) -> tuple[Instant | None, HoldReason | None]:
    """From when the ticket may be called, and why not now (rules 1, 4)."""
    if command.lane is LaneName.WARMUP:
        return command.joined_at or now, _unscreened(tent, command)
    if command.lane is LaneName.NEXTDAY:
        at = book(tent, command.appointment_at, now, command.finished_at)
        return at, HoldReason.APPOINTMENT
    if command.finished_at is None:
        before_start = bool(tent.event.waves) and now < min(w.starts_at for w in tent.event.waves)
        if command.before_finish or before_start:
            return None, HoldReason.FINISH
    # The wait counts from joining: who finished long ago does not pass those in line.
    joined_at = command.joined_at or now
    ready_at = max(joined_at, ready_after(tent, command.finished_at or joined_at, now))
    return ready_at, HoldReason.COOLDOWN if ready_at > now else _unscreened(tent, command)


def _unscreened(tent: Tent, command: do.JoinLane) -> HoldReason | None:
    needed = tent.rules.screening_required and command.screening is Screening.UNASKED
    return HoldReason.SCREENING if needed else None


def ready_after(tent: Tent, finished_at: Instant, now: Instant) -> Instant:
    """When a runner who finished then may be called (rule 4). Raises: FinishTooFar."""
    if not now - DAY <= finished_at <= now + CLOCK_TOLERANCE:
        raise errors.FinishTooFar(
            "Give a finish time of today, not after now.", field="finished_at"
        )
    return finished_at + tent.rules.cooldown_for


@decides(do.ScreenRunner)
def screen(turn: Turn, command: do.ScreenRunner) -> None:
    """Take the outcome of the six questions; a red flag refers at once (rule 6)."""
    ticket = still_open(turn.tent, command.ticket)
    # A tablet that is not told what to avoid must not wipe it by saying that all is fine.
    avoid = ticket.avoid if command.avoid is None else tuple(command.avoid)
    turn.happen(ev.RunnerScreened(turn.now, ticket.code, command.screening, avoid))
    if command.screening is Screening.REFER:
        refer_open(turn, ticket, ReferralCategory.FEELING_ILL)
    elif ticket.hold is HoldReason.SCREENING:
        turn.happen(ev.TicketReleased(turn.now, ticket.code))


@decides(do.LeaveLine)
def leave(turn: Turn, command: do.LeaveLine) -> None:
    """Give the place up; twice is harmless."""
    ticket = turn.tent.ticket(command.ticket)
    if ticket.state is TicketState.IN_TREATMENT:
        raise errors.NotPossibleNow(
            "The treatment has begun. Tell your therapist to stop.", state=ticket.state
        )
    if command.left_at is not None:
        in_the_past(command.left_at, turn.now, "left_at")
    if ticket.is_open:
        turn.happen(ev.RunnerLeft(command.left_at or turn.now, ticket.code))


@decides(do.EraseTicket)
def erase(turn: Turn, command: do.EraseTicket) -> None:
    """Forget the runner: out of the line, and nothing personal kept (rule 31)."""
    ticket = turn.tent.ticket(command.ticket)
    if ticket.state is TicketState.IN_TREATMENT:
        raise errors.NotPossibleNow(
            "Wait until the treatment is over, then erase.", state=ticket.state
        )
    if ticket.is_open:
        turn.happen(ev.RunnerLeft(turn.now, ticket.code, "erased"))
    turn.happen(ev.TicketErased(turn.now, ticket.code))
