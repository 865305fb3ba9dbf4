"""What the remaining therapists can still do: lanes that fill up and open again, load shedding.

Counts therapist minutes, never heads (rules 21, 22).
"""

from __future__ import annotations

from math import inf

from tentqueue.domain import events as ev
from tentqueue.domain.model import Lane, LaneName, LaneState
from tentqueue.domain.planning.facts import TentFacts
from tentqueue.domain.planning.plan import Plan, play
from tentqueue.domain.seen import facts_of
from tentqueue.domain.tent import minutes
from tentqueue.domain.turn import Turn

LEEWAY = 0.05
"""A full lane opens again only when this share of the therapists' time has come free."""


def weigh(turn: Turn) -> None:
    """Fill, reopen and shed by what the plan says; lanes without a plan are left alone."""
    if not turn.tent.open or not any(t.on_duty for t in turn.tent.therapists.values()):
        return
    facts = facts_of(turn.tent, turn.now, coming=True)
    plan = play(facts)
    for lane in list(turn.tent.lanes.values()):
        _fill(turn, lane, promised_share(facts, plan, lane.name))
    _shed(turn, facts, plan)


def promised_share(facts: TentFacts, plan: Plan, lane: LaneName) -> float:
    """Share of a lane's remaining therapist minutes that is promised; 0 without shifts."""
    whole = sum(max(0.0, table.last.get(lane.value, 0.0) - facts.now) for table in plan.tables) / 60
    if whole == inf or whole <= 0:
        return 0.0
    return 1.0 - plan.minutes_left(lane.value) / whole


def _fill(turn: Turn, lane: Lane, share: float) -> None:
    """Close a lane whose time is promised, and open it when capacity returns."""
    limit = turn.tent.rules.capacity_factor
    if lane.by_hand:
        return
    if lane.state is LaneState.OPEN and share > limit and turn.tent.line(lane.name):
        turn.happen(ev.LaneChanged(turn.now, lane.name, LaneState.FULL, "all_time_promised"))
    elif lane.state is LaneState.FULL and share < limit - LEEWAY:
        turn.happen(ev.LaneChanged(turn.now, lane.name, LaneState.OPEN, "time_came_free"))


def _shed(turn: Turn, facts: TentFacts, plan: Plan) -> None:
    """Shorten recovery while its wait is too long, where the organiser allows it (rule 22)."""
    lane, rules = turn.tent.lanes.get(LaneName.RECOVERY), turn.tent.rules
    if lane is None or not rules.shed_allowed:
        return
    wait = plan.next_start(LaneName.RECOVERY.value, facts.now) - facts.now
    too_long = rules.shed_wait_minutes * 60
    if lane.shed_minutes is None and too_long < wait < inf:
        _shorten(turn, rules.shed_minutes)
    elif lane.shed_minutes is not None and wait < too_long / 2:
        turn.happen(ev.LoadShed(turn.now, lane.name, None))


def _shorten(turn: Turn, length: int) -> None:
    turn.happen(ev.LoadShed(turn.now, LaneName.RECOVERY, length))
    for ticket in turn.tent.line(LaneName.RECOVERY):
        if ticket.treatment_for > minutes(length):
            turn.happen(ev.LengthChanged(turn.now, ticket.code, length, "long_wait"))
