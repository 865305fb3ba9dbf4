"""Made-up tickets: which they are, and out of the line with all of them at once. Never goes by what
a join says of itself where a program took it: a program says anything."""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import Screening, Ticket, TicketState
from tentqueue.domain.taking import TakenBy
from tentqueue.domain.tent import Tent
from tentqueue.domain.turn import Turn, decides

IN_LINE = (TicketState.WAITING, TicketState.HELD)


def made_up(tent: Tent, command: do.RemoveMadeUp) -> list[Ticket]:
    """The tickets that would go. Who is called or treated stays, and whoever staff let in."""
    return [ticket for ticket in in_line(tent) if _is_made_up(ticket, command)]


def in_line(tent: Tent) -> list[Ticket]:
    """Everybody who waits or is held."""
    return [ticket for ticket in tent.open.values() if ticket.state in IN_LINE]


def _is_made_up(ticket: Ticket, command: do.RemoveMadeUp) -> bool:
    if command.since is not None and ticket.joined_at < command.since:
        return False
    if command.until is not None and ticket.joined_at > command.until:
        return False
    if ticket.taken_by is TakenBy.PAGE:
        return command.pages_too and _gave_no_sign(ticket)
    return ticket.taken_by is TakenBy.PROGRAM


def _gave_no_sign(ticket: Ticket) -> bool:
    came = ticket.here_at is not None or ticket.calls > 0
    return not came and ticket.bib_tag is None and ticket.screening is Screening.UNASKED


@decides(do.RemoveMadeUp)
def remove_made_up(turn: Turn, command: do.RemoveMadeUp) -> None:
    """Take them out in one entry, so that one undo brings all of them back."""
    if not command.reason.strip():
        raise errors.ReasonNeeded("Say in a few words why these tickets go.", field="reason")
    codes = tuple(ticket.code for ticket in made_up(turn.tent, command))
    if codes:
        turn.happen(ev.MadeUpRemoved(turn.now, codes, command.reason.strip()))
