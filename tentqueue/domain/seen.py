"""What the policy sees of the tent: tickets and therapists as facts, in epoch seconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf
from operator import attrgetter

from tentqueue.domain.model import (
    AgeGroup,
    HoldReason,
    Instant,
    LaneName,
    LaneState,
    Ticket,
    TicketState,
)
from tentqueue.domain.planning.facts import (
    Break,
    DispatchRules,
    TentFacts,
    TherapistFacts,
    TicketFacts,
)
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.rules import LANE_DEFAULTS
from tentqueue.domain.shift import STAYS_FOR, may_work, shift_ends_at
from tentqueue.domain.tent import Tent, seconds
from tentqueue.domain.therapist import Role, Therapist, TherapistState

_COMING = (HoldReason.COOLDOWN, HoldReason.MORE_TIME, HoldReason.STAFF)
_STATES = {
    TherapistState.AVAILABLE: "idle",
    TherapistState.CALLED: "idle",
    TherapistState.IN_TREATMENT: "treating",
    TherapistState.CHANGEOVER: "changeover",
    TherapistState.BREAK: "break",
}
_ORDER, _FACTS = attrgetter("order"), attrgetter("_facts")
LANES = (LaneName.RECOVERY, LaneName.NEXTDAY, LaneName.WARMUP)
"""Lanes in the order in which they go while no wave presses."""


def facts_of(tent: Tent, now: Instant, *, coming: bool = False) -> TentFacts:
    """Everything the policy may know at `now`; with `coming`, those held for a known time too."""
    return with_runners(tables_of(tent, now), tent, now, coming=coming)


def tables_of(tent: Tent, now: Instant) -> TentFacts:
    """The therapists alone: enough to see that no table is soon free, however long the line."""
    return TentFacts(
        now=seconds(now),
        waiting={},
        called=(),
        near=(),
        therapists=tuple(_therapist(tent, t, now) for t in tent.therapists.values()),
        rules=dispatch_rules(tent.event),
        learnt=tent.learnt,
    )


def with_runners(tables: TentFacts, tent: Tent, now: Instant, *, coming: bool = False) -> TentFacts:
    """The same facts with everybody who waits or is called."""
    held = _held(tent) if coming else None
    waiting = {lane.value: _line(tent, lane, held) for lane in LANES if lane in tent.lanes}
    called = tuple(_called(tent, t, now) for t in tent.in_state(TicketState.CALLED))
    near = tuple(t for line in waiting.values() for t in line if t.near_until > tables.now)
    return replace(tables, waiting=waiting, called=called, near=near)


def _held(tent: Tent) -> list[Ticket]:
    """Everybody who is held for a known time."""
    return [t for t in tent.in_state(TicketState.HELD) if t.hold in _COMING and t.hold_until]


def _line(tent: Tent, lane: LaneName, held: list[Ticket] | None) -> tuple[TicketFacts, ...]:
    if tent.lanes[lane].state is LaneState.PAUSED and held is None:
        return ()
    line = _facts_each(tent, tent.line(lane))
    coming = [ticket_facts(tent, t) for t in held or () if t.lane is lane]
    if coming:
        line = sorted(line + coming, key=_ORDER)
    return tuple(line)


def _facts_each(tent: Tent, tickets: list[Ticket]) -> list[TicketFacts]:
    try:
        # Of thousands all but those of the last command have been worked out: a third of the time.
        return list(map(_FACTS, tickets))
    except AttributeError:
        return [ticket_facts(tent, t) for t in tickets]


def _called(tent: Tent, ticket: Ticket, now: Instant) -> TicketFacts:
    """A called runner. Unless arrivals are reported, silence says nothing of a busy table."""
    facts = ticket_facts(tent, ticket)
    if tent.rules.arrivals_seen or ticket.here_at is not None:
        return facts
    therapist = tent.therapists.get(ticket.therapist or "")
    if therapist is None or therapist.ticket != ticket.code or therapist.since is None:
        return replace(facts, called_at=seconds(now), recalled_at=inf)
    called_at = max(facts.called_at, seconds(therapist.since))
    return replace(facts, called_at=called_at, recalled_at=inf)


def ticket_facts(tent: Tent, ticket: Ticket) -> TicketFacts:
    """A ticket as facts; worked out once for each value a ticket takes."""
    known: TicketFacts | None = ticket.__dict__.get("_facts")
    if known is None:
        known = _ticket(tent, ticket)
        ticket.__dict__["_facts"] = known
    return known


def _ticket(tent: Tent, ticket: Ticket) -> TicketFacts:
    lingers = ticket.at_tent and ticket.calls == 0
    here = ticket.here_at is not None and ticket.state is TicketState.WAITING
    linger_until = seconds(ticket.joined_at) + tent.rules.linger_seconds
    return TicketFacts(
        key=ticket.code,
        lane=ticket.lane.value,
        joined=seconds(ticket.joined_at),
        ready=seconds(ticket.hold_until or ticket.ready_at or ticket.joined_at),
        deadline=inf if ticket.deadline_at is None else seconds(ticket.deadline_at),
        calls=ticket.calls,
        called_at=-inf if ticket.called_at is None else seconds(ticket.called_at),
        recalled_at=inf if ticket.recalled_at is None else seconds(ticket.recalled_at),
        present_since=None if ticket.here_at is None else seconds(ticket.here_at),
        near_until=inf if here else linger_until if lingers else -inf,
        only=_only(tent, ticket),
        order=ticket.order,
        held=ticket.state is TicketState.HELD,
    )


def _only(tent: Tent, ticket: Ticket) -> frozenset[str] | None:
    """Whom a runner may be sent to: minors to licensed therapists, wishes where both opted in."""
    minor = ticket.age_group is not AgeGroup.ADULT
    if not minor and ticket.prefers is None:
        return None
    return frozenset(
        t.id
        for t in tent.therapists.values()
        if not (minor and t.role is Role.STUDENT)
        and (ticket.prefers is None or t.gender is None or t.gender is ticket.prefers)
    )


def _therapist(tent: Tent, therapist: Therapist, now: Instant) -> TherapistFacts:
    """A therapist as facts; worked out once for each value, until its shift is over."""
    supervised = therapist.role is Role.LICENSED or tent.supervised()
    known = therapist.__dict__.get("_facts")
    if known is not None and known[0] == supervised and now < known[1]:
        facts: TherapistFacts = known[2]
        return facts
    facts = _therapist_facts(tent, therapist, now, supervised)
    # A break wanted at once moves with the time; everything else stands until the shift ends.
    if not therapist.break_due and therapist.until is not None:
        end_at = shift_ends_at(therapist, now)
        good_until = end_at + STAYS_FOR if end_at is not None else now + timedelta(hours=1)
        therapist.__dict__["_facts"] = (supervised, good_until, facts)
    return facts


def _therapist_facts(
    tent: Tent, therapist: Therapist, now: Instant, supervised: bool
) -> TherapistFacts:
    start, end = _shift(therapist, now)
    code = therapist.ticket
    ticket = (
        tent.open.get(code) if code and therapist.state is TherapistState.IN_TREATMENT else None
    )
    lane = ticket.lane if ticket else LaneName.RECOVERY
    return TherapistFacts(
        key=therapist.id,
        lanes=frozenset(name.value for name in therapist.lanes),
        state=_state(tent, therapist, end),
        shift_start=start,
        shift_end=end,
        since=seconds(therapist.since) if therapist.since else 0.0,
        until=seconds(therapist.until) if therapist.until else 0.0,
        lane=lane.value,
        breaks=_breaks(tent, therapist, now),
        worked=therapist.hands_on_for.total_seconds(),
        supervised=supervised,
    )


def _state(tent: Tent, therapist: Therapist, shift_end: float) -> str:
    if therapist.state is TherapistState.OFF:
        return "away" if therapist.on_duty_at is None and shift_end < inf else "gone"
    if therapist.leaving or not (may_work(tent, therapist) or therapist.break_due):
        return "gone"
    return _STATES[therapist.state]


def _shift(therapist: Therapist, now: Instant) -> tuple[float, float]:
    """The shift that covers `now` or comes next; on duty without shifts: no end in sight."""
    end_at = shift_ends_at(therapist, now)
    if end_at is None:
        return seconds(now), inf
    return next(
        (seconds(s.starts_at), seconds(end_at)) for s in therapist.shifts if s.ends_at == end_at
    )


def _breaks(tent: Tent, therapist: Therapist, now: Instant) -> tuple[Break, ...]:
    """The break wanted at once, the planned ones, and the one that rule 11 will require."""
    length = tent.rules.break_minutes * 60.0
    if therapist.break_due:
        return (Break(seconds(now), seconds(now), length),)
    planned = tuple(
        Break(seconds(b.earliest_at), seconds(b.latest_at), b.minutes * 60.0)
        for b in therapist.breaks
    )
    return planned or _required_break(tent, therapist, now)


def _required_break(tent: Tent, therapist: Therapist, now: Instant) -> tuple[Break, ...]:
    if therapist.worked_since_at is None:
        return ()
    since, rules = seconds(therapist.worked_since_at), tent.rules
    length = rules.break_minutes * 60.0
    latest = since + rules.break_required_minutes * 60
    treating = therapist.state is TherapistState.IN_TREATMENT
    if therapist.treatments_since_break + treating >= rules.break_after_treatments:
        latest = min(latest, seconds(therapist.until or now))
    return (Break(since + rules.break_suggest_minutes * 60, latest, length),)


def dispatch_rules(event: RaceEvent) -> DispatchRules:
    """The organiser's numbers that the policy reads, in seconds; worked out once an event."""
    known: DispatchRules | None = event.__dict__.get("_dispatch_rules")
    if known is None:
        known = event.__dict__["_dispatch_rules"] = _dispatch_rules(event)
    return known


def _dispatch_rules(event: RaceEvent) -> DispatchRules:
    own = {name: plan.rules for name, plan in event.lanes.items()}
    rules = event.rules
    lanes = {lane.value: own.get(lane, LANE_DEFAULTS[lane.value]) for lane in LANES}
    return DispatchRules(
        planned={lane: each.minutes * 60.0 for lane, each in lanes.items()},
        changeover={lane: each.changeover_minutes * 60.0 for lane, each in lanes.items()},
        call_grace=float(rules.call_grace_seconds),
        standby_cap=rules.standby_cap,
        overtime=rules.overtime_minutes * 60.0,
    )
