"""The paper sheet typed in again (rule 28): what happened while the screens were off.

Never changes what the screens already know: a line that contradicts them is refused and says why.
"""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import Instant, Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import Therapist, TherapistState
from tentqueue.domain.turn import Turn, decides

SHEET_FOR = timedelta(hours=24)
"""How long a sheet can be typed in."""
TOLERANCE = timedelta(minutes=2)
"""The clock on the tent's pole and the server's differ."""
LONGEST = timedelta(hours=3)
_CLOSED_BY_CLOCK = (TicketState.NO_SHOW, TicketState.EXPIRED)


def in_the_past(at: Instant, now: Instant, field: str) -> None:
    """Let a time pass that can stand on a sheet. Raises: WrongTime."""
    if not now - SHEET_FOR <= at <= now + TOLERANCE:
        raise errors.WrongTime("Give a time of the last day, not after now.", field=field)


@decides(do.WriteUpTreatment)
def write_up(turn: Turn, command: do.WriteUpTreatment) -> None:
    """Note a treatment that the screens did not see, over or still going on."""
    tent = turn.tent
    ticket = _of_the_sheet(tent, command.ticket)
    started_at = _times(turn, ticket, command)
    therapist = _at(tent, ticket, command.table, started_at)
    if command.finished_at is None:
        _go_on(turn, ticket, therapist, started_at)
    else:
        turn.happen(
            ev.TreatmentWrittenUp(
                command.finished_at, ticket.code, therapist.id, therapist.table, started_at
            )
        )


def _of_the_sheet(tent: Tent, wanted: str) -> Ticket:
    """Find a ticket that may have been treated on paper: in line, or given up by the clock."""
    ticket = tent.ticket(wanted)
    released = ticket.state is TicketState.DONE and ticket.reason == "released"
    if ticket.is_open or released or ticket.state in _CLOSED_BY_CLOCK:
        return ticket
    raise errors.NotPossibleNow(
        "{ticket} is closed already. Cross the line out.", state=ticket.state, ticket=ticket.code
    )


def _times(turn: Turn, ticket: Ticket, command: do.WriteUpTreatment) -> Instant:
    """Look the times over; returns when it was started. Raises: WrongTime."""
    started_at = command.started_at or ticket.started_at
    if started_at is None:
        raise errors.WrongTime("Write when it was started too.", field="started_at")
    in_the_past(started_at, turn.now, "started_at")
    if command.finished_at is not None:
        in_the_past(command.finished_at, turn.now, "finished_at")
        if not timedelta() < command.finished_at - started_at <= LONGEST:
            raise errors.WrongTime(
                "Finished must come after started. Look at the line again.", field="finished_at"
            )
    return started_at


def _at(tent: Tent, ticket: Ticket, table: int | None, started_at: Instant) -> Therapist:
    """Who worked at the table of the line: the ticket's own therapist, who had a shift then, or
    who is there now. Raises: TableNeeded, NotPossibleNow for another table than the screens saw.
    """
    own = tent.therapists.get(ticket.therapist or "")
    if own is not None and table in (None, own.table):
        return own
    if own is not None and ticket.started_at is not None:
        raise errors.NotPossibleNow(
            "{ticket} was started at table {table}. Look at the line again.",
            state=ticket.state,
            ticket=ticket.code,
            table=own.table,
        )
    there = [t for t in tent.therapists.values() if t.table == table]
    if not there:
        raise errors.TableNeeded("Write the number of the table it was at.", field="table")
    return min(there, key=lambda t: _unlikely(t, started_at))


def _unlikely(therapist: Therapist, at: Instant) -> tuple[bool, bool]:
    had_shift = any(s.starts_at <= at < s.ends_at for s in therapist.shifts)
    return (not had_shift, not therapist.on_duty)


def _go_on(turn: Turn, ticket: Ticket, therapist: Therapist, started_at: Instant) -> None:
    """Still on the table: the screens take the treatment over, with the minutes that are left."""
    if ticket.state is TicketState.IN_TREATMENT or not ticket.is_open:
        raise errors.NotPossibleNow(
            "The screens know that. Write when it was finished.", state=ticket.state
        )
    if therapist.state not in (TherapistState.AVAILABLE, TherapistState.CALLED):
        raise errors.NotPossibleNow(
            "Table {table} is not free. Type what was finished there first, or put its therapist"
            " on duty.",
            state=therapist.state,
            table=therapist.table,
        )
    if therapist.ticket not in (None, ticket.code):
        turn.happen(ev.TableGiven(turn.now, therapist.ticket, None, None, "somebody_is_here"))
    if ticket.state is TicketState.HELD:
        turn.happen(ev.TicketReleased(turn.now, ticket.code))
    _seat(turn, ticket, therapist)
    planned = started_at + ticket.treatment_for
    turn.happen(
        ev.TreatmentStarted(started_at, ticket.code, therapist.id, therapist.table, planned)
    )


def _seat(turn: Turn, ticket: Ticket, therapist: Therapist) -> None:
    """The call that was made by voice."""
    where = (turn.now, ticket.code, therapist.id, therapist.table)
    if ticket.state is not TicketState.CALLED:
        turn.happen(ev.RunnerCalled(*where, turn.now, "from_paper"))
    elif ticket.therapist != therapist.id:
        turn.happen(ev.TableGiven(*where, "from_paper"))
