"""One event's step from tent to tent: only legal transitions (invariant 4), codes given out once
(6), and no jump in a line without a reason (7). Knows nothing of what came before the step."""

from __future__ import annotations

from collections.abc import Iterator

from tentqueue.domain import events as ev
from tentqueue.domain.model import RunnerClass, Ticket, TicketState
from tentqueue.domain.planning.facts import due_at
from tentqueue.domain.tent import SYSTEM, Tent, seconds
from tentqueue.services.invariants.broken import Broken

_HELD, _WAITING, _CALLED, _TREATED = (
    TicketState.HELD,
    TicketState.WAITING,
    TicketState.CALLED,
    TicketState.IN_TREATMENT,
)
_GONE = (TicketState.LEFT, TicketState.REFERRED, TicketState.EXPIRED)
LEGAL: dict[TicketState, frozenset[TicketState]] = {
    _HELD: frozenset({_WAITING, TicketState.NO_SHOW, *_GONE}),
    _WAITING: frozenset({_HELD, _CALLED, *_GONE}),
    _CALLED: frozenset({_HELD, _WAITING, _TREATED, TicketState.NO_SHOW, *_GONE}),
    _TREATED: frozenset({TicketState.DONE, TicketState.REFERRED}),
}
"""Where a ticket may go from each state; from where it is over nowhere, but for an undo."""
_FROM_PAPER = frozenset({*LEGAL, TicketState.NO_SHOW, TicketState.EXPIRED})
"""From where a line of the paper sheet may say that the runner was treated (rule 28)."""
_ARRANGES = (
    ev.FinishRecorded,
    ev.TicketReleased,
    ev.TicketMoved,
    ev.TicketErased,
    ev.CommandUndone,
)
"""Events that may change a place in line."""
_TOLD = (ev.TicketMoved, ev.MadeUpRemoved, ev.RunnerCalled, ev.TableGiven, ev.LaneChanged)


def check_step(before: Tent, event: ev.Event, after: Tent, actor: str) -> Iterator[Broken]:
    """Find what is wrong with one event."""
    for code in _touched(before, event, after):
        yield from _ticket_step(_find(before, code), event, _find(after, code), code)
    yield from _reasons(event, actor)
    for name, lane in before.lanes.items():
        if name in after.lanes and after.lanes[name].issued < lane.issued:
            yield Broken(6, f"codes of {name} would be given out again")
    if isinstance(event, ev.RunnerJoined):
        yield from _place(after, event.ticket)


def _touched(before: Tent, event: ev.Event, after: Tent) -> set[str]:
    code = getattr(event, "code", None)
    touched = {str(code)} if code is not None else set()
    if before.open is not after.open:
        old, new = before.open, after.open
        touched |= {c for c in old.keys() | new.keys() if old.get(c) is not new.get(c)}
    return touched


def _find(tent: Tent, code: str) -> Ticket | None:
    return tent.open.get(code) or tent.closed.get(code)


def _ticket_step(
    old: Ticket | None, event: ev.Event, new: Ticket | None, code: str
) -> Iterator[Broken]:
    kind = type(event).__name__
    if new is None:
        yield Broken(1, f"{code} vanished by {kind}")
    elif isinstance(event, ev.RunnerJoined):
        if old is not None:
            yield Broken(6, f"code {code} was given out twice")
        if new.state not in (_HELD, _WAITING):
            yield Broken(4, f"{code} joined as {new.state}")
    elif old is None:
        yield Broken(4, f"{code} came by {kind}, not by joining")
    else:
        yield from _change(old, event, new)


def _change(old: Ticket, event: ev.Event, new: Ticket) -> Iterator[Broken]:
    kind, undone = type(event).__name__, isinstance(event, ev.CommandUndone)
    moved = old.state is not new.state
    legal = LEGAL.get(old.state, frozenset())
    if isinstance(event, ev.TreatmentWrittenUp) and old.state in _FROM_PAPER:
        legal = frozenset({TicketState.DONE})
    if moved and not undone and new.state not in legal:
        yield Broken(4, f"{old.code} went from {old.state} to {new.state} by {kind}")
    if (old.id, old.lane) != (new.id, new.lane):
        yield Broken(1, f"{old.code} became somebody else's by {kind}")
    if old.order != new.order and not isinstance(event, _ARRANGES):
        yield Broken(7, f"{old.code} changed its place by {kind}")


def _reasons(event: ev.Event, actor: str) -> Iterator[Broken]:
    if isinstance(event, _TOLD) and not event.reason.strip():
        yield Broken(7, f"{type(event).__name__} without a reason")
    if isinstance(event, ev.TicketReleased) and event.order is not None and not event.reason:
        yield Broken(7, f"{event.code} came back to another place without a reason")
    if isinstance(event, ev.TicketMoved) and actor in ("", SYSTEM):
        yield Broken(7, f"{event.code} was moved by nobody")
    if isinstance(event, ev.MadeUpRemoved) and actor in ("", SYSTEM):
        yield Broken(7, f"{len(event.codes)} tickets were taken out by nobody")


def _place(tent: Tent, ticket: Ticket) -> Iterator[Broken]:
    """Nobody starts further ahead than the credit of their class lets them (rules 14, 15)."""
    joined = seconds(ticket.joined_at)
    ready = seconds(ticket.ready_at) if ticket.ready_at else joined
    deadline = seconds(ticket.deadline_at) if ticket.deadline_at else float("inf")
    credit = tent.rules.max_credit_minutes if ticket.runner_class is not RunnerClass.NONE else 0
    # A wiped ticket's instants are coarse (rule 31).
    if ticket.id.startswith("wiped-") or ticket.order == (0.0, 0.0):
        return
    if ticket.order[0] < due_at(ticket.lane.value, joined, ready, deadline) - 60 * credit - 1:
        yield Broken(7, f"{ticket.code} joined ahead of its turn")
