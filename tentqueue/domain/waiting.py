"""While they wait: holds, more time, here, finish times, expiry. Never calls anybody."""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.admission import alternatives
from tentqueue.domain.intake import ready_after
from tentqueue.domain.model import HoldReason, Instant, LaneState, Screening, Ticket, TicketState
from tentqueue.domain.tent import Tent, minutes, still_open
from tentqueue.domain.turn import Turn, decides


@decides(do.GiveMoreTime)
def give_more_time(turn: Turn, command: do.GiveMoreTime) -> None:
    """Ten minutes more, once (rule 16)."""
    ticket = still_open(turn.tent, command.ticket)
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


def ends_near_start(tent: Tent, ticket: Ticket, ends_at: Instant) -> bool:
    """Whether a warm-up that ends then leaves little time before the runner's wave (rule 3)."""
    wave = tent.event.wave(ticket.wave) if ticket.wave and ticket.deadline_at else None
    return wave is not None and wave.starts_at - ends_at < minutes(tent.rules.warmup_warn_minutes)


@decides(do.ConfirmHere)
def confirm_here(turn: Turn, command: do.ConfirmHere) -> None:
    """The runner stands in the tent: a missed call brings them back near the front (rule 16)."""
    ticket = still_open(turn.tent, command.ticket)
    if _has_finished(turn, ticket):
        # Without a finish time the wait counts from the runner's own word (rule 4).
        ready_at = ready_after(turn.tent, turn.now, turn.now)
        turn.happen(ev.FinishRecorded(turn.now, ticket.code, turn.now, ready_at))
        return
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


def _has_finished(turn: Turn, ticket: Ticket) -> bool:
    """Whether the word counts as a finish: not before the first wave has started."""
    starts = [wave.starts_at for wave in turn.tent.event.waves]
    return ticket.hold is HoldReason.FINISH and (not starts or turn.now >= min(starts))


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
    ticket = still_open(turn.tent, command.ticket)
    if ticket.state is TicketState.IN_TREATMENT:
        raise errors.NotPossibleNow("The treatment has begun. Finish it first.", state=ticket.state)
    turn.happen(
        ev.TicketHeld(turn.now, ticket.code, HoldReason.STAFF, turn.now + minutes(command.minutes))
    )


def release_due(turn: Turn) -> None:
    """Let go of holds whose time has come; a missed call not answered by then is a no-show."""
    lead = timedelta(seconds=turn.tent.rules.call_before_ready_seconds)
    for ticket in turn.tent.in_state(TicketState.HELD):
        ahead = lead if ticket.hold is HoldReason.COOLDOWN else timedelta()
        if ticket.hold_until is None or ticket.hold_until - ahead > turn.now:
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
    """Close what can't be served any more: wave too close, lane long closed (rules 3, 21)."""
    for ticket in list(turn.tent.open.values()):
        if ticket.state is TicketState.IN_TREATMENT or _has_table(turn.tent, ticket):
            continue
        reason = _hopeless(turn.tent, ticket, turn.now)
        if reason:
            turn.happen(ev.TicketExpired(turn.now, ticket.code, reason))


def _has_table(tent: Tent, ticket: Ticket) -> bool:
    """Whether the runner stands at a free table of their own: the therapist says how long."""
    therapist = tent.therapists.get(ticket.therapist or "")
    return ticket.here_at is not None and therapist is not None and therapist.ticket == ticket.code


def too_close(tent: Tent, ticket: Ticket, now: Instant) -> bool:
    """Whether not even the shortest warm-up fits before the runner's wave any more (rule 3)."""
    short = minutes(tent.lane_rules(ticket.lane).short_minutes)
    return ticket.deadline_at is not None and now + short > ticket.deadline_at


def _hopeless(tent: Tent, ticket: Ticket, now: Instant) -> str | None:
    rules, lane = tent.lane_rules(ticket.lane), tent.lanes[ticket.lane]
    if ticket.deadline_at is not None:
        return "wave_too_close" if too_close(tent, ticket, now) else None
    if ticket.here_at is not None and ticket.state is TicketState.CALLED:
        return None
    over = lane.state is LaneState.CLOSED and now >= lane.closes_at + minutes(
        rules.last_call_minutes
    )
    return "lane_closed" if over else None
