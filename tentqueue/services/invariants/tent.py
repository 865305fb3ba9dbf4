"""One tent, by itself: nobody is treated twice at once, no table or therapist has two runners, and
tickets and therapists agree (invariant 3). Knows no history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tentqueue.domain.model import Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import Therapist, TherapistState
from tentqueue.services.invariants.broken import Broken

_AT_TABLES = (TicketState.CALLED, TicketState.IN_TREATMENT)
_ALONE = (TherapistState.AVAILABLE, TherapistState.OFF, TherapistState.BREAK)
_WITH_RUNNER = {
    TherapistState.IN_TREATMENT: TicketState.IN_TREATMENT,
    TherapistState.CALLED: TicketState.CALLED,
}


def check_tent(tent: Tent) -> Iterator[Broken]:
    """Find what is wrong with one version of the tent."""
    yield from _one_runner_each(tent)
    for ticket in tent.open.values():
        yield from _ticket(tent, ticket)
    for therapist in tent.therapists.values():
        yield from _therapist(tent, therapist)


def _one_runner_each(tent: Tent) -> Iterator[Broken]:
    treated = [t for t in tent.open.values() if t.state is TicketState.IN_TREATMENT]
    for table, runners in Counter(t.table for t in treated).items():
        if runners > 1:
            yield Broken(3, f"{runners} treatments at table {table}", tent.version)
    for therapist, runners in Counter(t.therapist for t in treated).items():
        if runners > 1:
            yield Broken(3, f"{therapist} treats {runners} runners", tent.version)


def _ticket(tent: Tent, ticket: Ticket) -> Iterator[Broken]:
    code = ticket.code
    if not ticket.is_open or tent.closed.get(code) is not None:
        yield Broken(4, f"{code} is both open and over", tent.version)
    if ticket.state not in _AT_TABLES:
        if ticket.therapist is not None:
            yield Broken(3, f"{code} is {ticket.state} and has a therapist", tent.version)
    elif ticket.therapist is not None:
        therapist = tent.therapists.get(ticket.therapist)
        if therapist is None or code not in (therapist.ticket, therapist.next):
            yield Broken(3, f"{ticket.therapist} does not know of {code}", tent.version)
        elif ticket.table != therapist.table:
            yield Broken(3, f"{code} is sent to another table than its therapist's", tent.version)
    elif ticket.state is TicketState.IN_TREATMENT:
        yield Broken(3, f"{code} is treated by nobody", tent.version)


def _therapist(tent: Tent, therapist: Therapist) -> Iterator[Broken]:
    wanted = _WITH_RUNNER.get(therapist.state)
    if wanted is not None:
        ticket = tent.open.get(therapist.ticket or "")
        if ticket is None or ticket.state is not wanted or ticket.therapist != therapist.id:
            yield Broken(3, f"{therapist.id} is {therapist.state} without a runner", tent.version)
    if therapist.next is not None:
        coming = tent.open.get(therapist.next)
        if coming is None or coming.therapist != therapist.id:
            yield Broken(3, f"{therapist.id} waits for a runner who was not sent", tent.version)
    if therapist.state in _ALONE and (therapist.ticket or therapist.next):
        yield Broken(3, f"{therapist.id} is {therapist.state} and has a runner", tent.version)
