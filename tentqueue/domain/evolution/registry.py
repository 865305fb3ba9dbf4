"""Which function says what an event does, and what several of them do alike.

It knows no event of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tentqueue.domain import events as ev
from tentqueue.domain.model import Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import TherapistState

E = TypeVar("E", bound=ev.Event)
_EVOLVE: dict[type[ev.Event], Callable[[Tent, Any], Tent]] = {}

IDLE = {"ticket": None, "until": None}
UNCALLED: dict[str, Any] = {
    "called_at": None,
    "respond_by": None,
    "recalled_at": None,
    "therapist": None,
    "table": None,
}


def evolve(tent: Tent, event: ev.Event) -> Tent:
    """Return the tent after `event`.

    What is decided is folded next, from the same tent: the answer is worked out once.
    """
    known: tuple[ev.Event, Tent] | None = tent.__dict__.get("_next")
    if known is None or known[0] is not event:
        known = tent.__dict__["_next"] = event, _EVOLVE[type(event)](tent, event)
    return known[1]


def evolves(kind: type[E]) -> Callable[[Callable[[Tent, E], Tent]], Callable[[Tent, E], Tent]]:
    """Register what an event of `kind` does."""

    def register(change: Callable[[Tent, E], Tent]) -> Callable[[Tent, E], Tent]:
        _EVOLVE[kind] = change
        return change

    return register


def close(tent: Tent, event: ev.OfTicket, state: TicketState, **changes: Any) -> Tent:
    """End a ticket in `state`, and free the table that waited for it."""
    ticket = tent.ticket(event.code)
    freed = free(tent, ticket, event)
    return freed.with_ticket(
        ticket.but(state=state, ended_at=event.at, hold=None, hold_until=None, **changes)
    )


def free(tent: Tent, ticket: Ticket, event: ev.Event) -> Tent:
    """Free the table a called runner would have had; a treatment's table stays as it is."""
    if ticket.therapist is None or ticket.state is not TicketState.CALLED:
        return tent
    therapist = tent.therapists.get(ticket.therapist)
    if therapist is None:
        return tent
    if therapist.next == ticket.code:
        return tent.with_therapist(therapist.but(next=None))
    if therapist.ticket != ticket.code:
        return tent
    return tent.with_therapist(
        therapist.but(state=TherapistState.AVAILABLE, since=event.at, **IDLE)
    )
