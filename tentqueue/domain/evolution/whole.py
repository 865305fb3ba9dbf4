"""What happens to the whole tent: its definition, doors, announcement, and undo."""

from __future__ import annotations

from dataclasses import replace

from tentqueue.domain import events as ev
from tentqueue.domain.evolution.registry import evolves
from tentqueue.domain.model import Lane, LaneName, LaneState, Moved, TicketState
from tentqueue.domain.race_event import LanePlan, RaceEvent
from tentqueue.domain.tent import Counts, Tent
from tentqueue.domain.therapist import Therapist, TherapistState


@evolves(ev.EventDefined)
def _(tent: Tent, event: ev.EventDefined) -> Tent:
    lanes = {
        name: _lane(tent.lanes.get(name), name, plan) for name, plan in event.event.lanes.items()
    }
    gone = {
        # By hand, or the clock would open it again with the plan that is kept for its tickets.
        name: lane.but(state=LaneState.CLOSED, reason="organiser", by_hand=True)
        for name, lane in tent.lanes.items()
        if name not in lanes
    }
    # What was worked out of tickets under the old definition is worked out anew.
    return tent.but(
        open=tent.open.each(lambda ticket: ticket.but()),
        event=_keeping(tent, event.event),
        lanes=lanes | gone,
        therapists=_therapists(tent, event.event),
    )


def _keeping(tent: Tent, event: RaceEvent) -> RaceEvent:
    """A lane that has tickets can't vanish: its plan stays."""
    missing = {name: tent.event.lanes[name] for name in tent.lanes if name not in event.lanes}
    if not missing:
        return event
    return replace(event, lanes=event.lanes | missing)


def _lane(lane: Lane | None, name: LaneName, plan: LanePlan) -> Lane:
    if lane is None:
        return Lane(name, LaneState.CLOSED, plan.opens_at, plan.closes_at, reason="not_open_yet")
    return lane.but(opens_at=plan.opens_at, closes_at=plan.closes_at)


def _therapists(tent: Tent, event: RaceEvent) -> dict[str, Therapist]:
    known = {t.id: t for t in event.therapists}
    for old in tent.therapists.values():
        new = known.get(old.id)
        if new is None and old.on_duty:
            known[old.id] = old.but()
        elif new is not None:
            profile = {
                name: getattr(new, name)
                for name in ("name", "role", "lanes", "shifts", "breaks", "languages", "gender")
            }
            table = new.table if old.state is TherapistState.OFF else old.table
            known[old.id] = old.but(**profile, table=table)
    return known


@evolves(ev.LaneChanged)
def _(tent: Tent, event: ev.LaneChanged) -> Tent:
    lane = tent.lanes[event.lane]
    return tent.with_lane(lane.but(state=event.state, reason=event.reason, by_hand=event.by_hand))


@evolves(ev.LoadShed)
def _(tent: Tent, event: ev.LoadShed) -> Tent:
    return tent.with_lane(tent.lanes[event.lane].but(shed_minutes=event.minutes))


@evolves(ev.Announced)
def _(tent: Tent, event: ev.Announced) -> Tent:
    return tent.but(announcement=event.text)


@evolves(ev.EstimateMoved)
def _(tent: Tent, event: ev.EstimateMoved) -> Tent:
    moved = Moved(event.at, event.minutes, event.reason)
    return tent.with_lane(tent.lanes[event.lane].but(moved=moved))


@evolves(ev.RunnersTurnedAway)
def _(tent: Tent, event: ev.RunnersTurnedAway) -> Tent:
    return tent  # Only the report counts them.


@evolves(ev.CommandUndone)
def _(tent: Tent, event: ev.CommandUndone) -> Tent:
    trace = next(t for t in tent.recent if t.entry.number == event.number)
    if trace.before is None or trace.after is None:
        # Only journals of older versions have it: a restore's lost number, which changed nothing.
        return tent
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
        learnt=trace.before.learnt,
        counts=_uncount(back.counts, trace.before.counts, trace.after.counts),
    )


def _restore_tickets(tent: Tent, before: Tent, after: Tent, event: ev.Event) -> Tent:
    back = tent
    for code in {*before.open, *after.open}:
        old, new = before.open.get(code), after.open.get(code)
        if old is new:
            continue
        if old is None:
            assert new is not None
            back = back.with_ticket(
                new.but(state=TicketState.LEFT, ended_at=event.at, reason="undone")
            )
        else:
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
