"""What each event does to the tent. Total and pure: an event that happened always applies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tentqueue.domain import events as ev
from tentqueue.domain.model import (
    HoldReason,
    Lane,
    LaneName,
    LaneState,
    Screening,
    Therapist,
    TherapistState,
    Ticket,
    TicketState,
)
from tentqueue.domain.race_event import LanePlan, RaceEvent
from tentqueue.domain.tent import Counts, Tent

E = TypeVar("E", bound=ev.Event)
_EVOLVE: dict[type[ev.Event], Callable[[Tent, Any], Tent]] = {}

IDLE = {"ticket": None, "until": None}
UNCALLED: dict[str, Any] = {
    "called_at": None,
    "respond_by": None,
    "recalled": False,
    "therapist": None,
    "table": None,
}


def evolve(tent: Tent, event: ev.Event) -> Tent:
    """Return the tent after `event`."""
    return _EVOLVE[type(event)](tent, event)


def evolves(kind: type[E]) -> Callable[[Callable[[Tent, E], Tent]], Callable[[Tent, E], Tent]]:
    """Register what an event of `kind` does."""

    def register(change: Callable[[Tent, E], Tent]) -> Callable[[Tent, E], Tent]:
        _EVOLVE[kind] = change
        return change

    return register


def _close(tent: Tent, event: ev.OfTicket, state: TicketState, **changes: Any) -> Tent:
    ticket = tent.ticket(event.code)
    freed = _free(tent, ticket, event)
    return freed.with_ticket(
        ticket.but(state=state, ended_at=event.at, hold=None, hold_until=None, **changes)
    )


def _free(tent: Tent, ticket: Ticket, event: ev.Event) -> Tent:
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


@evolves(ev.EventDefined)
def _(tent: Tent, event: ev.EventDefined) -> Tent:
    lanes = {
        name: _lane(tent.lanes.get(name), name, plan) for name, plan in event.event.lanes.items()
    }
    gone = {
        name: lane.but(state=LaneState.CLOSED)
        for name, lane in tent.lanes.items()
        if name not in lanes
    }
    return tent.but(
        event=_keeping(tent, event.event),
        lanes=lanes | gone,
        therapists=_therapists(tent, event.event),
    )


def _keeping(tent: Tent, event: RaceEvent) -> RaceEvent:
    """A lane that has tickets can't vanish: its plan stays."""
    missing = {name: tent.event.lanes[name] for name in tent.lanes if name not in event.lanes}
    if not missing:
        return event
    return RaceEvent(**{**event.__dict__, "lanes": event.lanes | missing})


def _lane(lane: Lane | None, name: LaneName, plan: LanePlan) -> Lane:
    if lane is None:
        return Lane(name, LaneState.CLOSED, plan.opens_at, plan.closes_at, reason="not_open_yet")
    return lane.but(opens_at=plan.opens_at, closes_at=plan.closes_at)


def _therapists(tent: Tent, event: RaceEvent) -> dict[str, Therapist]:
    known = {t.id: t for t in event.therapists}
    for old in tent.therapists.values():
        new = known.get(old.id)
        if new is None and old.on_duty:
            known[old.id] = old
        elif new is not None:
            profile = {
                name: getattr(new, name)
                for name in ("name", "role", "lanes", "shifts", "languages", "gender")
            }
            table = new.table if old.state is TherapistState.OFF else old.table
            known[old.id] = old.but(**profile, table=table)
    return known


@evolves(ev.RunnerJoined)
def _(tent: Tent, event: ev.RunnerJoined) -> Tent:
    ticket, lane = event.ticket, tent.lanes[event.ticket.lane]
    joined = tent.with_ticket(ticket).with_lane(
        lane.but(issued=max(lane.issued, int(ticket.code[1:])))
    )
    bibs = joined.bibs if ticket.bib_tag is None else joined.bibs.put(ticket.bib_tag, ticket.code)
    return joined.but(ids=joined.ids.put(ticket.id, ticket.code), bibs=bibs)


@evolves(ev.RunnerScreened)
def _(tent: Tent, event: ev.RunnerScreened) -> Tent:
    ticket = tent.ticket(event.code)
    return tent.with_ticket(
        ticket.but(screening=event.screening, screened_at=event.at, avoid=tuple(event.avoid))
    )


@evolves(ev.FinishRecorded)
def _(tent: Tent, event: ev.FinishRecorded) -> Tent:
    ticket = tent.ticket(event.code)
    order = (event.ready_at.timestamp(), ticket.order[1])
    return tent.with_ticket(
        ticket.but(
            finished_at=event.finished_at,
            ready_at=event.ready_at,
            order=order,
            hold=HoldReason.COOLDOWN,
            hold_until=event.ready_at,
        )
    )


@evolves(ev.TicketHeld)
def _(tent: Tent, event: ev.TicketHeld) -> Tent:
    ticket = tent.ticket(event.code)
    held = ticket.but(
        state=TicketState.HELD, hold=event.hold, hold_until=event.until, here_at=None, **UNCALLED
    )
    return _free(tent, ticket, event).with_ticket(held)


@evolves(ev.TicketReleased)
def _(tent: Tent, event: ev.TicketReleased) -> Tent:
    ticket = tent.ticket(event.code)
    order = ticket.order if event.order is None else tuple(event.order)
    return tent.with_ticket(
        ticket.but(
            state=TicketState.WAITING,
            hold=None,
            hold_until=None,
            order=order,
            ready_at=ticket.ready_at or event.at,
            reason=event.reason,
        )
    )


@evolves(ev.MoreTimeGiven)
def _(tent: Tent, event: ev.MoreTimeGiven) -> Tent:
    ticket = tent.ticket(event.code)
    later = ticket.but(
        state=TicketState.HELD,
        hold=HoldReason.MORE_TIME,
        hold_until=event.until,
        delayed=True,
        here_at=None,
        **UNCALLED,
    )
    return _free(tent, ticket, event).with_ticket(later)


@evolves(ev.RunnerArrived)
def _(tent: Tent, event: ev.RunnerArrived) -> Tent:
    return tent.with_ticket(tent.ticket(event.code).but(here_at=event.at))


@evolves(ev.RunnerLeft)
def _(tent: Tent, event: ev.RunnerLeft) -> Tent:
    left = _close(tent, event, TicketState.LEFT, reason=event.reason)
    return left.but(counts=left.counts.but(left=left.counts.left + 1))


@evolves(ev.TicketExpired)
def _(tent: Tent, event: ev.TicketExpired) -> Tent:
    return _close(tent, event, TicketState.EXPIRED, reason=event.reason)


@evolves(ev.TicketErased)
def _(tent: Tent, event: ev.TicketErased) -> Tent:
    ticket = tent.ticket(event.code)
    bibs = tent.bibs if ticket.bib_tag is None else tent.bibs.without(ticket.bib_tag)
    blank = ticket.but(
        bib_tag=None, areas=(), avoid=(), screening=Screening.UNASKED, screened_at=None
    )
    return tent.but(bibs=bibs).with_ticket(blank)


@evolves(ev.RunnerCalled)
def _(tent: Tent, event: ev.RunnerCalled) -> Tent:
    ticket = tent.ticket(event.code)
    called = ticket.but(
        state=TicketState.CALLED,
        called_at=event.at,
        respond_by=event.respond_by,
        recalled=False,
        calls=ticket.calls + 1,
        therapist=event.therapist,
        table=event.table,
        reason=event.reason,
        hold=None,
        hold_until=None,
    )
    return _seat(tent.with_ticket(called), event.code, event.therapist, event)


def _seat(tent: Tent, code: str, wanted: str | None, event: ev.Event) -> Tent:
    """Give a called runner to a therapist: at once if the table is free, else as the next."""
    if wanted is None:
        return tent
    therapist = tent.therapists[wanted]
    if therapist.state is TherapistState.AVAILABLE:
        return tent.with_therapist(
            therapist.but(state=TherapistState.CALLED, ticket=code, since=event.at)
        )
    return tent.with_therapist(therapist.but(next=code))


@evolves(ev.TableGiven)
def _(tent: Tent, event: ev.TableGiven) -> Tent:
    ticket = tent.ticket(event.code)
    freed = _free(tent, ticket, event)
    given = ticket.but(therapist=event.therapist, table=event.table)
    return _seat(freed.with_ticket(given), event.code, event.therapist, event)


@evolves(ev.RunnerRecalled)
def _(tent: Tent, event: ev.RunnerRecalled) -> Tent:
    ticket = tent.ticket(event.code)
    return tent.with_ticket(
        ticket.but(recalled=True, respond_by=event.respond_by, calls=ticket.calls + 1)
    )


@evolves(ev.CallWithdrawn)
def _(tent: Tent, event: ev.CallWithdrawn) -> Tent:
    ticket = tent.ticket(event.code)
    back = ticket.but(state=TicketState.WAITING, reason=event.reason, **UNCALLED)
    return _free(tent, ticket, event).with_ticket(back)


@evolves(ev.CallMissed)
def _(tent: Tent, event: ev.CallMissed) -> Tent:
    ticket = tent.ticket(event.code)
    held = ticket.but(
        state=TicketState.HELD,
        hold=HoldReason.MISSED,
        hold_until=event.until,
        misses=ticket.misses + 1,
        **UNCALLED,
    )
    return _free(tent, ticket, event).with_ticket(held)


@evolves(ev.RunnerNoShow)
def _(tent: Tent, event: ev.RunnerNoShow) -> Tent:
    gone = _close(tent, event, TicketState.NO_SHOW, misses=tent.ticket(event.code).misses + 1)
    return gone.but(counts=gone.counts.but(no_shows=gone.counts.no_shows + 1))


@evolves(ev.TreatmentStarted)
def _(tent: Tent, event: ev.TreatmentStarted) -> Tent:
    ticket, therapist = tent.ticket(event.code), tent.therapists[event.therapist]
    started = ticket.but(
        state=TicketState.IN_TREATMENT,
        started_at=event.at,
        here_at=ticket.here_at or event.at,
        planned_end_at=event.planned_end_at,
        therapist=event.therapist,
        table=event.table,
    )
    freed = tent if ticket.therapist == event.therapist else _free(tent, ticket, event)
    busy = therapist.but(
        state=TherapistState.IN_TREATMENT,
        ticket=event.code,
        since=event.at,
        until=event.planned_end_at,
        next=None if therapist.next == event.code else therapist.next,
    )
    return freed.with_ticket(started).with_therapist(busy)


@evolves(ev.TreatmentExtended)
def _(tent: Tent, event: ev.TreatmentExtended) -> Tent:
    ticket = tent.ticket(event.code).but(planned_end_at=event.planned_end_at)
    therapist = tent.therapists[ticket.therapist or ""]
    return tent.with_ticket(ticket).with_therapist(therapist.but(until=event.planned_end_at))


@evolves(ev.TreatmentFinished)
def _(tent: Tent, event: ev.TreatmentFinished) -> Tent:
    ticket = tent.ticket(event.code)
    done = ticket.but(state=TicketState.DONE, ended_at=event.at, reason=event.reason)
    treated = {**tent.counts.treated, ticket.lane: tent.counts.treated.get(ticket.lane, 0) + 1}
    after = tent.with_ticket(done).but(counts=tent.counts.but(treated=treated))
    return _changeover(after, ticket, event)


def _changeover(
    tent: Tent, ticket: Ticket, event: ev.TreatmentFinished | ev.RunnerReferred
) -> Tent:
    """Hands off: the table is cleaned until `clean_at` (rule 12)."""
    therapist = tent.therapists[ticket.therapist or ""]
    hands_on = event.at - (ticket.started_at or event.at)
    return tent.with_therapist(
        therapist.but(
            state=TherapistState.CHANGEOVER,
            since=event.at,
            until=event.clean_at,
            treated=therapist.treated + 1,
            treatments_since_break=therapist.treatments_since_break + 1,
            hands_on_for=therapist.hands_on_for + hands_on,
        )
    )


@evolves(ev.RunnerReferred)
def _(tent: Tent, event: ev.RunnerReferred) -> Tent:
    gone = _close(tent, event, TicketState.REFERRED, referral=event.category)
    counted = gone.but(counts=gone.counts.but(referred=gone.counts.referred + 1))
    ticket = tent.ticket(event.code)
    if ticket.state is not TicketState.IN_TREATMENT or ticket.therapist is None:
        return counted
    return _changeover(counted, ticket, event)


@evolves(ev.LengthChanged)
def _(tent: Tent, event: ev.LengthChanged) -> Tent:
    return tent.with_ticket(tent.ticket(event.code).but(minutes=event.minutes))


@evolves(ev.TicketMoved)
def _(tent: Tent, event: ev.TicketMoved) -> Tent:
    return tent.with_ticket(
        tent.ticket(event.code).but(order=tuple(event.order), reason=event.reason)
    )


@evolves(ev.TherapistArrived)
def _(tent: Tent, event: ev.TherapistArrived) -> Tent:
    return tent.with_therapist(
        tent.therapists[event.therapist].but(
            state=TherapistState.AVAILABLE,
            since=event.at,
            on_duty_at=event.at,
            worked_since_at=event.at,
            treatments_since_break=0,
            break_due=False,
            leaving=False,
            next=None,
            **IDLE,
        )
    )


@evolves(ev.TableCleaned)
def _(tent: Tent, event: ev.TableCleaned) -> Tent:
    therapist = tent.therapists[event.therapist]
    if therapist.next is None:
        return tent.with_therapist(
            therapist.but(state=TherapistState.AVAILABLE, since=event.at, **IDLE)
        )
    return tent.with_therapist(
        therapist.but(
            state=TherapistState.CALLED,
            since=event.at,
            until=None,
            ticket=therapist.next,
            next=None,
        )
    )


@evolves(ev.BreakDue)
def _(tent: Tent, event: ev.BreakDue) -> Tent:
    return tent.with_therapist(tent.therapists[event.therapist].but(break_due=True))


@evolves(ev.BreakStarted)
def _(tent: Tent, event: ev.BreakStarted) -> Tent:
    return tent.with_therapist(
        tent.therapists[event.therapist].but(
            state=TherapistState.BREAK,
            since=event.at,
            until=event.until,
            ticket=None,
            break_due=False,
        )
    )


@evolves(ev.BreakEnded)
def _(tent: Tent, event: ev.BreakEnded) -> Tent:
    return tent.with_therapist(
        tent.therapists[event.therapist].but(
            state=TherapistState.AVAILABLE,
            since=event.at,
            worked_since_at=event.at,
            treatments_since_break=0,
            **IDLE,
        )
    )


@evolves(ev.LeaveDue)
def _(tent: Tent, event: ev.LeaveDue) -> Tent:
    return tent.with_therapist(tent.therapists[event.therapist].but(leaving=True))


@evolves(ev.TherapistLeft)
def _(tent: Tent, event: ev.TherapistLeft) -> Tent:
    return tent.with_therapist(
        tent.therapists[event.therapist].but(
            state=TherapistState.OFF,
            since=event.at,
            leaving=False,
            break_due=False,
            next=None,
            **IDLE,
        )
    )


@evolves(ev.LaneChanged)
def _(tent: Tent, event: ev.LaneChanged) -> Tent:
    lane = tent.lanes[event.lane]
    return tent.with_lane(lane.but(state=event.state, reason=event.reason, by_hand=event.by_hand))


@evolves(ev.Announced)
def _(tent: Tent, event: ev.Announced) -> Tent:
    return tent.but(announcement=event.text)


@evolves(ev.CommandUndone)
def _(tent: Tent, event: ev.CommandUndone) -> Tent:
    trace = next(t for t in tent.recent if t.entry.number == event.number)
    assert trace.before is not None and trace.after is not None
    back = _restore_tickets(tent, trace.before, trace.after, event)
    changed = {
        k: v for k, v in trace.before.therapists.items() if trace.after.therapists.get(k) is not v
    }
    lanes = {
        name: lane.but(state=old.state, reason=old.reason, by_hand=old.by_hand)
        for name, lane in back.lanes.items()
        if (old := trace.before.lanes.get(name)) is not None
    }
    kept = tuple(t for t in back.recent if t.entry.number != event.number)
    announcement = (
        trace.before.announcement
        if trace.before.announcement != trace.after.announcement
        else back.announcement
    )
    return back.but(
        therapists=back.therapists | changed,
        lanes=lanes,
        recent=kept,
        announcement=announcement,
        counts=_uncount(back.counts, trace.before.counts, trace.after.counts),
    )


def _restore_tickets(tent: Tent, before: Tent, after: Tent, event: ev.Event) -> Tent:
    back = tent
    for code in {*before.open, *after.open}:
        old, new = before.open.get(code), after.open.get(code)
        if old is new:
            continue
        if old is None and new is not None:
            back = back.with_ticket(
                new.but(state=TicketState.LEFT, ended_at=event.at, reason="undone")
            )
        elif old is not None:
            back = back.but(closed=back.closed.without(code)).with_ticket(old)
    return back


def _uncount(now: Counts, before: Counts, after: Counts) -> Counts:
    treated = {
        lane: n - after.treated.get(lane, 0) + before.treated.get(lane, 0)
        for lane, n in now.treated.items()
    }
    return Counts(
        treated,
        now.referred - after.referred + before.referred,
        now.no_shows - after.no_shows + before.no_shows,
        now.left - after.left + before.left,
    )
