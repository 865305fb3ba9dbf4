"""The organiser's hand and the clock's: define, doors, moves, announcements, undo, tick."""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.capacity import weigh
from tentqueue.domain.dispatch import chase_called
from tentqueue.domain.model import Lane, LaneState, Ticket, TicketState
from tentqueue.domain.shift import breaks_due, send_off
from tentqueue.domain.tent import Tent, Trace, minutes
from tentqueue.domain.treatment import clean_due, release_forgotten
from tentqueue.domain.turn import Turn, decides
from tentqueue.domain.waiting import expire_hopeless, expire_screenings, release_due

LONGEST_ANNOUNCEMENT = 160


@decides(do.DefineEvent)
def define_event(turn: Turn, command: do.DefineEvent) -> None:
    """Open the event, or change its definition; the same definition again changes nothing."""
    if turn.tent.event != command.event:
        turn.happen(ev.EventDefined(turn.now, command.event))
    tick_doors(turn)


@decides(do.OpenLane)
def open_lane(turn: Turn, command: do.OpenLane) -> None:
    """Take joins and call, whatever the clock says."""
    _set(turn, command, LaneState.OPEN)


@decides(do.PauseLane)
def pause_lane(turn: Turn, command: do.PauseLane) -> None:
    """Neither joins nor calls until opened again."""
    _set(turn, command, LaneState.PAUSED)


@decides(do.CloseLane)
def close_lane(turn: Turn, command: do.CloseLane) -> None:
    """No more joins; those in line are still called."""
    _set(turn, command, LaneState.CLOSED)


def _set(turn: Turn, command: do.OfLane, state: LaneState) -> None:
    if turn.tent.lane(command.lane).state is not state:
        turn.happen(ev.LaneChanged(turn.now, command.lane, state, "organiser", by_hand=True))


@decides(do.MoveTicket)
def move(turn: Turn, command: do.MoveTicket) -> None:
    """Put a waiting ticket before another; the reason stays in the journal (rule 15)."""
    ticket = turn.tent.ticket(command.ticket)
    if not command.reason.strip():
        raise errors.ReasonNeeded("Say in a few words why this runner moves.", field="reason")
    if ticket.state is not TicketState.WAITING:
        raise errors.NotPossibleNow("Only runners who wait can be moved.", state=ticket.state)
    order = _order_before(turn.tent, ticket, command.before)
    turn.happen(
        ev.TicketMoved(turn.now, ticket.code, order, command.before, command.reason.strip())
    )


def _order_before(tent: Tent, ticket: Ticket, before: str | None) -> tuple[float, float]:
    line = [t for t in tent.line(ticket.lane) if t.code != ticket.code]
    codes = [t.code for t in line]
    if before is not None and before not in codes:
        raise errors.UnknownTicket(
            "That ticket does not wait in this lane.", field="before", ticket=before
        )
    if not line:
        return ticket.order
    place = codes.index(before) if before is not None else 0
    behind = line[place].order
    if place == 0 or line[place - 1].order[0] < behind[0]:
        return (behind[0], behind[1] - 1)
    return (behind[0], (line[place - 1].order[1] + behind[1]) / 2)


@decides(do.Announce)
def announce(turn: Turn, command: do.Announce) -> None:
    """Show a sentence on the board."""
    text = command.text.strip()
    if len(text) > LONGEST_ANNOUNCEMENT:
        raise errors.TextTooLong(
            "At most {longest} letters fit on the board.",
            field="text",
            longest=LONGEST_ANNOUNCEMENT,
        )
    if text != turn.tent.announcement:
        turn.happen(ev.Announced(turn.now, text))


@decides(do.Undo)
def undo(turn: Turn, command: do.Undo) -> None:
    """Take an entry back, if nobody it touched has moved on since (rule 26)."""
    trace = _undoable(turn.tent, command)
    if trace.before is None or trace.after is None or _moved_on(turn.tent, trace):
        raise errors.UndoTooLate(
            "Too late: that runner or table has moved on. Steer by hand instead.",
            number=trace.entry.number,
        )
    turn.happen(ev.CommandUndone(turn.now, trace.entry.number))


def _undoable(tent: Tent, command: do.Undo) -> Trace:
    for trace in reversed(tent.recent):
        mine = command.by is None or trace.entry.actor == command.by
        wanted = command.number is None or trace.entry.number == command.number
        if mine and wanted and trace.entry.undoable:
            return trace
    raise errors.NothingToUndo("There is nothing of yours to undo.")


def _moved_on(tent: Tent, trace: Trace) -> bool:
    before, after = trace.before, trace.after
    assert before is not None
    assert after is not None
    tickets = any(
        _now(tent, code) is not _now(after, code)
        for code in {*before.open, *after.open}
        if before.open.get(code) is not after.open.get(code)
    )
    therapists = any(
        tent.therapists.get(key) is not new
        for key, new in after.therapists.items()
        if before.therapists.get(key) is not new
    )
    return tickets or therapists


def _now(tent: Tent, code: str) -> Ticket | None:
    return tent.open.get(code) or tent.closed.get(code)


@decides(do.NoteTurnedAway)
def note_turned_away(turn: Turn, command: do.NoteTurnedAway) -> None:
    """Write down how many were refused; nothing about who (rule 32)."""
    turn.happen(ev.RunnersTurnedAway(turn.now, command.lane, command.reason, command.count))


@decides(do.Tick)
def tick(turn: Turn, _: do.Tick) -> None:
    """Let time do its work: doors, holds, re-calls, releases, shifts, breaks, expiries."""
    tick_doors(turn)
    release_due(turn)
    expire_screenings(turn)
    chase_called(turn)
    release_forgotten(turn)
    clean_due(turn)
    send_off(turn)
    breaks_due(turn)
    expire_hopeless(turn)
    weigh(turn)


def tick_doors(turn: Turn) -> None:
    """Open and close lanes by the clock, where no hand has set them."""
    for lane in list(turn.tent.lanes.values()):
        state, reason = _by_the_clock(turn, lane)
        if not lane.by_hand and (lane.state, lane.reason) != (state, reason):
            turn.happen(ev.LaneChanged(turn.now, lane.name, state, reason))


def _by_the_clock(turn: Turn, lane: Lane) -> tuple[LaneState, str]:
    last_call = lane.closes_at - minutes(turn.tent.lane_rules(lane.name).last_call_minutes)
    if turn.now < lane.opens_at:
        return LaneState.CLOSED, "not_open_yet"
    if turn.now >= lane.closes_at:
        return LaneState.CLOSED, "closing_time"
    if turn.now >= last_call:
        return LaneState.CLOSED, "last_call_over"
    if lane.state is LaneState.FULL:
        return LaneState.FULL, lane.reason or "all_time_promised"
    as_it_was = lane.reason if lane.state is LaneState.OPEN else None
    return LaneState.OPEN, as_it_was or "opening_time"
