"""Into the line and out of it: join, screening, finish, hold, more time, leave. Never calls anybody."""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.admission import admit, alternatives
from tentqueue.domain.model import (
    HoldReason,
    Instant,
    LaneName,
    LaneState,
    ReferralCategory,
    RunnerClass,
    Screening,
    Ticket,
    TicketState,
)
from tentqueue.domain.race_event import Wave
from tentqueue.domain.tent import Tent, minutes, seconds
from tentqueue.domain.treatment import refer_open
from tentqueue.domain.turn import Turn, decides

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
    _one_active_ticket(tent, command, now)
    wave = _wave(tent, command)
    ticket = _ticket(tent, command, wave, now)
    admit(tent, ticket, now)
    turn.happen(ev.RunnerJoined(now, ticket))
    if command.screening is Screening.REFER:
        turn.happen(ev.RunnerReferred(now, ticket.code, ReferralCategory.FEELING_ILL))


def _one_active_ticket(tent: Tent, command: do.JoinLane, now: Instant) -> None:
    last = tent.ticket_of_bib(command.bib_tag) if command.bib_tag else None
    if last is None or last.ended_at is None and not last.is_open:
        return
    if last.is_open:
        raise errors.AlreadyQueued(
            f"This bib is already in line with ticket {last.code}. Open that ticket, or ask at the desk.",
            ticket=last.code,
            lane=last.lane,
        )
    again_at = (last.ended_at or now) + minutes(tent.rules.again_after_minutes)
    counts = last.state in (TicketState.DONE, TicketState.REFERRED)
    if counts and last.lane is command.lane and now < again_at:
        raise errors.AgainTooSoon(
            "One treatment an hour, so that everybody gets one. Come back later, or book the next day.",
            again_at=again_at.isoformat(),
        )


def _wave(tent: Tent, command: do.JoinLane) -> Wave | None:
    waves = ", ".join(w.id for w in tent.event.waves)
    if command.wave is not None:
        wave = tent.event.wave(command.wave)
        if wave is None:
            raise errors.UnknownWave(
                f"No wave is called that. Choose one of: {waves}.", field="wave"
            )
        return wave
    if command.lane is not LaneName.WARMUP:
        return None
    if len(tent.event.waves) == 1:
        return tent.event.waves[0]
    raise errors.WaveNeeded(
        f"A warm-up needs your start wave. Choose one of: {waves}.", field="wave"
    )


def _ticket(tent: Tent, command: do.JoinLane, wave: Wave | None, now: Instant) -> Ticket:
    lane, length = tent.lane(command.lane), _length(tent, command)
    number = lane.issued + 1
    deadline = (
        wave.starts_at - minutes(tent.rules.warmup_buffer_minutes)
        if wave and command.lane is LaneName.WARMUP
        else None
    )
    ready_at, hold = _readiness(tent, command, now)
    state = TicketState.HELD if hold else TicketState.WAITING
    return Ticket(
        id=command.ticket,
        code=f"{command.lane.letter}{number:03d}",
        lane=command.lane,
        state=state,
        joined_at=now,
        ready_at=ready_at,
        minutes=length,
        order=_order(tent, command, deadline or ready_at or now),
        wave=wave.id if wave else None,
        deadline_at=deadline,
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
        hold=hold,
        hold_until=ready_at if hold else None,
        finished_at=command.finished_at,
    )


def _length(tent: Tent, command: do.JoinLane) -> int:
    rules = tent.lane_rules(command.lane)
    length = rules.minutes if command.minutes is None else command.minutes
    if not rules.short_minutes <= length <= rules.max_minutes:
        raise errors.MinutesOutOfRange(
            f"Choose between {rules.short_minutes} and {rules.max_minutes} minutes.",
            field="minutes",
        )
    return length


def _order(tent: Tent, command: do.JoinLane, turn_at: Instant) -> tuple[float, float]:
    """Deadline for warm-ups, readiness for the others, less the credit of the class (rule 15)."""
    credit = 0
    if command.runner_class is RunnerClass.WHEELCHAIR:
        credit = min(tent.rules.wheelchair_credit_minutes, tent.rules.max_credit_minutes)
    return (seconds(turn_at) - 60 * credit, float(tent.version + 1))


def _readiness(
    tent: Tent, command: do.JoinLane, now: Instant
) -> tuple[Instant | None, HoldReason | None]:
    """From when the ticket may be called, and why not now (rules 1, 4)."""
    if command.lane is LaneName.WARMUP:
        return now, _unscreened(tent, command)
    if command.lane is LaneName.NEXTDAY:
        return _appointment(tent, command, now), HoldReason.APPOINTMENT
    if command.finished_at is None:
        before_start = bool(tent.event.waves) and now < min(w.starts_at for w in tent.event.waves)
        if command.before_finish or before_start:
            return None, HoldReason.FINISH
    ready_at = ready_after(tent, command.finished_at or now, now)
    return ready_at, HoldReason.COOLDOWN if ready_at > now else _unscreened(tent, command)


def _unscreened(tent: Tent, command: do.JoinLane) -> HoldReason | None:
    needed = tent.rules.screening_required and command.screening is Screening.UNASKED
    return HoldReason.SCREENING if needed else None


def ready_after(tent: Tent, finished_at: Instant, now: Instant) -> Instant:
    """When a runner who finished then may be called (rule 4). Raises: FinishTooFar."""
    starts = [w.starts_at for w in tent.event.waves]
    if (
        finished_at > now + CLOCK_TOLERANCE
        or finished_at < now - DAY
        or (starts and finished_at < min(starts))
    ):
        raise errors.FinishTooFar(
            "Give a finish time between the first start and now.", field="finished_at"
        )
    return finished_at + tent.rules.cooldown_for


def _appointment(tent: Tent, command: do.JoinLane, now: Instant) -> Instant:
    """Next-day times start 18 h after the finish (rule 1) and inside the lane's hours."""
    lane = tent.lane(LaneName.NEXTDAY)
    finished = command.finished_at or now
    earliest = max(lane.opens_at, finished + timedelta(hours=tent.rules.nextday_after_hours))
    wanted = command.appointment_at or earliest
    if wanted < earliest or wanted >= lane.closes_at:
        raise errors.WaveTooClose(
            "Choose a time from 18 hours after your finish, while the lane is open.",
            earliest=earliest.isoformat(),
            closes_at=lane.closes_at.isoformat(),
            alternatives=[],
        )
    return wanted


@decides(do.ScreenRunner)
def screen(turn: Turn, command: do.ScreenRunner) -> None:
    """Take the outcome of the six questions; a red flag refers at once (rule 6)."""
    ticket = _still_open(turn.tent, command.ticket)
    turn.happen(ev.RunnerScreened(turn.now, ticket.code, command.screening, tuple(command.avoid)))
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
    if ticket.is_open:
        turn.happen(ev.RunnerLeft(turn.now, ticket.code))


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


@decides(do.GiveMoreTime)
def give_more_time(turn: Turn, command: do.GiveMoreTime) -> None:
    """Ten minutes more, once (rule 16)."""
    ticket = _still_open(turn.tent, command.ticket)
    if ticket.delayed:
        raise errors.MoreTimeUsed("You had more time already. Come to the tent, or leave the line.")
    if ticket.state not in (TicketState.WAITING, TicketState.CALLED):
        raise errors.NotPossibleNow(
            "More time is for runners who wait or are called.", state=ticket.state
        )
    until = turn.now + minutes(turn.tent.rules.more_time_minutes)
    _fits(turn.tent, ticket, until)
    turn.happen(ev.MoreTimeGiven(turn.now, ticket.code, until))


def _fits(tent: Tent, ticket: Ticket, start_at: Instant) -> None:
    short = minutes(tent.lane_rules(ticket.lane).short_minutes)
    if ticket.deadline_at is not None and start_at + short > ticket.deadline_at:
        raise errors.WaveTooClose(
            "Your start is too close for more time. Come now, or leave the line.",
            alternatives=alternatives(tent, ticket),
        )


@decides(do.ConfirmHere)
def confirm_here(turn: Turn, command: do.ConfirmHere) -> None:
    """The runner stands in the tent: a missed call brings them back near the front (rule 16)."""
    ticket = _still_open(turn.tent, command.ticket)
    if ticket.here_at is None:
        turn.happen(ev.RunnerArrived(turn.now, ticket.code))
    if ticket.hold is HoldReason.MISSED:
        turn.happen(
            ev.TicketReleased(
                turn.now, ticket.code, behind_front(turn.tent, ticket), "back_after_missed_call"
            )
        )
    elif ticket.hold is HoldReason.MORE_TIME:
        turn.happen(ev.TicketReleased(turn.now, ticket.code))


def behind_front(tent: Tent, ticket: Ticket) -> tuple[float, float]:
    """Order behind the first two of the lane, or the ticket's own if that is later."""
    line = tent.line(ticket.lane)
    places = tent.rules.back_at_front
    if len(line) < places or places == 0:
        return ticket.order
    first = line[places - 1].order
    return max(ticket.order, (first[0], first[1] + 0.5))


@decides(do.RecordFinish)
def record_finish(turn: Turn, command: do.RecordFinish) -> None:
    """A finish from the timing system makes held tickets callable in time; others ignore it."""
    ticket = turn.tent.ticket_of_bib(command.bib_tag)
    if ticket is None or ticket.hold is not HoldReason.FINISH:
        return
    ready_at = ready_after(turn.tent, command.finished_at, turn.now)
    turn.happen(ev.FinishRecorded(turn.now, ticket.code, command.finished_at, ready_at))


@decides(do.HoldTicket)
def hold(turn: Turn, command: do.HoldTicket) -> None:
    """Staff set a ticket aside for a while."""
    ticket = _still_open(turn.tent, command.ticket)
    if ticket.state is TicketState.IN_TREATMENT:
        raise errors.NotPossibleNow("The treatment has begun. Finish it first.", state=ticket.state)
    turn.happen(
        ev.TicketHeld(turn.now, ticket.code, HoldReason.STAFF, turn.now + minutes(command.minutes))
    )


def _still_open(tent: Tent, wanted: str) -> Ticket:
    ticket = tent.ticket(wanted)
    if not ticket.is_open:
        raise errors.NotPossibleNow(
            "This ticket is closed. Take a new one.", state=ticket.state, ticket=ticket.code
        )
    return ticket


def release_due(turn: Turn) -> None:
    """Let go of holds whose time has come; a missed call not answered by then is a no-show."""
    for ticket in turn.tent.in_state(TicketState.HELD):
        if ticket.hold_until is None or ticket.hold_until > turn.now:
            continue
        if ticket.hold is HoldReason.MISSED:
            turn.happen(ev.RunnerNoShow(turn.now, ticket.code))
        elif turn.tent.rules.screening_required and ticket.screening is Screening.UNASKED:
            turn.happen(ev.TicketHeld(turn.now, ticket.code, HoldReason.SCREENING, None))
        else:
            turn.happen(ev.TicketReleased(turn.now, ticket.code))


def expire_screenings(turn: Turn) -> None:
    """Answers older than an hour no longer count: the therapist asks again (rule 6)."""
    valid_for = minutes(turn.tent.rules.screening_valid_minutes)
    for ticket in turn.tent.open.values():
        waits = ticket.state in (TicketState.WAITING, TicketState.HELD)
        if waits and ticket.screened_at is not None and ticket.screened_at + valid_for <= turn.now:
            turn.happen(ev.RunnerScreened(turn.now, ticket.code, Screening.UNASKED, ticket.avoid))


def expire_hopeless(turn: Turn) -> None:
    """Close what can't be served any more: its wave is too close, or its lane long closed (rules 3, 21)."""
    for ticket in list(turn.tent.open.values()):
        if (
            ticket.state in (TicketState.IN_TREATMENT, TicketState.REFERRED)
            or ticket.here_at
            and ticket.state is TicketState.CALLED
        ):
            continue
        reason = _hopeless(turn.tent, ticket, turn.now)
        if reason:
            turn.happen(ev.TicketExpired(turn.now, ticket.code, reason))


def _hopeless(tent: Tent, ticket: Ticket, now: Instant) -> str | None:
    rules, lane = tent.lane_rules(ticket.lane), tent.lanes[ticket.lane]
    if ticket.deadline_at is not None:
        return "wave_too_close" if now + minutes(rules.short_minutes) > ticket.deadline_at else None
    over = lane.state is LaneState.CLOSED and now >= lane.closes_at + minutes(
        rules.last_call_minutes
    )
    return "lane_closed" if over else None
