"""What somebody who joins now would be told: the wait, the last safe join, a place in the plan.

It lets nobody in: `admission.py` does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf

from tentqueue.domain.model import HoldReason, Instant, LaneName, LaneState, Ticket, TicketState
from tentqueue.domain.planning.facts import TentFacts, TherapistFacts, TicketFacts
from tentqueue.domain.planning.plan import Plan, play
from tentqueue.domain.planning.ranges import last_safe_join, range_of, spread
from tentqueue.domain.seen import facts_of, ticket_facts
from tentqueue.domain.tent import Tent, instant, minutes, seconds

STEP_S = 300.0
"""Waits are told in steps of five minutes (rule 19)."""
LONGEST = 240
"""Minutes beyond which a wait is not told any more: nobody will be called."""


def waits_of(tent: Tent, facts: TentFacts, plan: Plan) -> dict[LaneName, tuple[int, int]]:
    """What somebody who joins now, ready at once, would wait, by lane: minutes in steps of 5."""
    return {lane: _wait(tent, facts, plan, lane) for lane in tent.lanes}


def _wait(tent: Tent, facts: TentFacts, plan: Plan, lane: LaneName) -> tuple[int, int]:
    start = plan.next_start(lane.value, facts.now)
    if start == inf:
        return (LONGEST, LONGEST) if tent.line(lane) else (0, 0)
    newcomer = TicketFacts(key="", lane=lane.value, joined=facts.now, ready=facts.now)
    known = Plan(plan.made_at, plan.walk, {"": start}, plan.tail, plan.tables)
    said = range_of(facts, known, newcomer, spread(facts, tent.bands))
    return (_floor5(said.early - facts.now), _ceil5(said.late - facts.now))


def wait_with_more(tent: Tent, now: Instant, more: int) -> dict[LaneName, tuple[int, int]]:
    """What a newcomer would wait, by lane, if `more` therapists for every lane began now."""
    facts = facts_of(tent, max(now, tent.now), coming=True)
    lanes = frozenset(lane.value for lane in tent.lanes)
    helpers = tuple(
        TherapistFacts(f"helper {n}", lanes, "idle", facts.now, inf, since=facts.now)
        for n in range(more)
    )
    helped = replace(facts, therapists=(*facts.therapists, *helpers))
    return waits_of(tent, helped, play(helped))


def safe_joins_of(tent: Tent, facts: TentFacts, plan: Plan) -> dict[str, Instant | None]:
    """Each wave's last safe join (rule 21); None: too late, or the lane takes nobody."""
    lane = tent.lanes.get(LaneName.WARMUP)
    if lane is None:
        return {}
    safe: dict[str, Instant | None] = {}
    for wave in tent.event.waves:
        deadline = wave.starts_at - minutes(tent.rules.warmup_buffer_minutes)
        shut = lane.state in (LaneState.FULL, LaneState.PAUSED) or deadline <= tent.now
        at = None if shut else last_safe_join(facts, plan, seconds(deadline))
        safe[wave.id] = None if at is None else _down(instant(at))
    return safe


def newcomer_plan(tent: Tent, ticket: Ticket, now: Instant) -> tuple[TentFacts, Plan, TicketFacts]:
    """The facts and the plan with one more ticket in its place in line."""
    in_line = ticket
    if ticket.hold is HoldReason.SCREENING:
        in_line = ticket.but(state=TicketState.WAITING, hold=None, hold_until=None)
    facts = facts_of(tent.with_ticket(in_line), now, coming=True)
    return facts, play(facts), ticket_facts(tent, in_line)


def _down(at: Instant) -> Instant:
    return at - timedelta(seconds=at.timestamp() % STEP_S)


def _floor5(span: float) -> int:
    return min(LONGEST, int(max(0.0, span) // STEP_S) * 5)


def _ceil5(span: float) -> int:
    return min(LONGEST, -int(-max(0.0, span) // STEP_S) * 5)
