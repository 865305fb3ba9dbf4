"""When each table is free, and what fits on it. It never chooses who gets it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from tentqueue.domain.planning.facts import WARMUP
from tentqueue.domain.planning.learning import remaining

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tentqueue.domain.planning.facts import TentFacts, TherapistFacts, TicketFacts

LATE_FOR = 1500.0
"""A therapist missing this long after the shift's start is not counted on any more."""
KEPT_SLACK = 480.0
"""Slack that every waiting warm-up keeps while recovery goes first."""


def mean_length(facts: TentFacts, lane: str) -> float:
    """Expected seconds of a treatment in this lane by the average therapist."""
    return facts.rules.planned[lane] * facts.learnt.factor(lane)


def length(facts: TentFacts, lane: str, therapist: str) -> float:
    """Expected seconds of a treatment in this lane by this therapist."""
    return mean_length(facts, lane) * facts.learnt.speed(therapist)


def free_at(facts: TentFacts, who: TherapistFacts) -> float:
    """Expected instant at which this table takes its next runner; inf when not today."""
    state, now = who.state, facts.now
    if state == "idle":
        at = now
    elif state == "treating":
        left = remaining(length(facts, who.lane, who.key), now - who.since)
        at = now + left + facts.rules.changeover[who.lane]
    elif state == "changeover":
        at = max(now, who.until)
    elif state == "break":
        return max(now, who.until)
    else:
        late = state == "gone" or now >= who.shift_start + LATE_FOR
        return inf if late else max(who.shift_start, now + 300)
    if who.breaks and who.breaks[0].latest <= at:
        at += who.breaks[0].length
    return at


def fits(facts: TentFacts, who: TherapistFacts, lane: str, at: float) -> bool:
    """Whether a planned treatment of this lane, begun then, ends within shift and overtime."""
    return (
        lane in who.lanes and at + facts.rules.planned[lane] <= who.shift_end + facts.rules.overtime
    )


def on_duty(facts: TentFacts, lane: str) -> int:
    """How many therapists of this lane are in the tent."""
    return sum(1 for who in facts.therapists if lane in who.lanes and who.on_duty)


def calm_until(facts: TentFacts, line: Sequence[TicketFacts], tables: int) -> float:
    """Until when other lanes may go first without costing a warm-up its slack (rule 14)."""
    if not line:
        return inf
    mean = mean_length(facts, WARMUP)
    each = (mean + facts.rules.changeover[WARMUP]) / max(1, tables)
    return min(t.deadline - rank * each for rank, t in enumerate(line)) - mean - KEPT_SLACK
