"""The invariants of every history, checked in one place for all tests that make histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tentqueue.domain import Tent, fold
from tentqueue.domain.model import TherapistState, Ticket, TicketState
from tentqueue.domain.tent import Entry

CLOSED = set(TicketState) - {
    TicketState.HELD,
    TicketState.WAITING,
    TicketState.CALLED,
    TicketState.IN_TREATMENT,
}


def check_tent(tent: Tent) -> None:
    """One tent: at most one runner a therapist and table, both sides agreeing; codes unique."""
    seated = [t for t in tent.open.values() if t.state is TicketState.IN_TREATMENT]
    tables = Counter(t.table for t in seated)
    assert all(n == 1 for n in tables.values()), f"two treatments at one table: {tables}"
    for ticket in tent.open.values():
        assert ticket.is_open, ticket
        assert tent.closed.get(ticket.code) is None, ticket
        _agrees(tent, ticket)
    for therapist in tent.therapists.values():
        if therapist.state is TherapistState.IN_TREATMENT:
            assert tent.open[therapist.ticket or ""].therapist == therapist.id
        if therapist.state is TherapistState.CALLED:
            assert tent.open[therapist.ticket or ""].state is TicketState.CALLED
        if therapist.state in (TherapistState.AVAILABLE, TherapistState.OFF, TherapistState.BREAK):
            assert therapist.ticket is None, therapist
            assert therapist.next is None, therapist
    ids = [t.id for t in (*tent.open.values(), *tent.closed.values())]
    assert len(ids) == len(set(ids)), "one ticket id twice"


def _agrees(tent: Tent, ticket: Ticket) -> None:
    if ticket.state not in (TicketState.CALLED, TicketState.IN_TREATMENT):
        assert ticket.therapist is None, ticket
    elif ticket.therapist is not None:
        therapist = tent.therapists[ticket.therapist]
        assert ticket.code in (therapist.ticket, therapist.next), (ticket, therapist)
        assert ticket.table == therapist.table


def check_history(start: Tent, entries: Sequence[Entry], end: Tent) -> None:
    """A history: numbers rise by one, time never runs back, codes are never used again, and the
    fold of the journal is the tent."""
    tent, seen = start, set[str]()
    for entry in entries:
        assert entry.number == tent.version + 1
        assert entry.at >= tent.now or tent.version == 0
        before, tent = tent, fold(tent, entry)
        check_tent(tent)
        fresh = set(tent.open) - set(before.open) - set(before.closed)
        assert not fresh & seen, f"codes used again: {fresh & seen}"
        seen |= fresh
        undone = any(type(e).__name__ == "CommandUndone" for e in entry.events)
        reopened = {c for c in before.closed if c in tent.open}
        assert undone or not reopened, f"closed tickets came back: {reopened}"
    assert tent.open == end.open
    assert tent.therapists == end.therapists
    assert tent.lanes == end.lanes
    assert dict(tent.closed) == dict(end.closed)
