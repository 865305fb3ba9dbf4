"""What a runner is told: a range for the start, the chance of being in time, yes or no.

It changes no order and no plan.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import exp, inf
from typing import TYPE_CHECKING, NamedTuple

from tentqueue.domain.planning.bands import BANDS, CHANCE, EDGES, FEW
from tentqueue.domain.planning.facts import RECOVERY, WARMUP
from tentqueue.domain.planning.tables import mean_length, on_duty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tentqueue.domain.planning.facts import TentFacts, TicketFacts
    from tentqueue.domain.planning.plan import Plan

PASSED = 0.5
"""Seconds by which a start moves back for each second until a runner in recovery is due: in a rush
the tables are all wanted, and half of those who join until then are due sooner."""
FAR = 7200.0
"""What is said of a start that the plan never reaches."""
_ROWS = {lane: (BANDS[lane, False], BANDS[lane, True]) for lane in (WARMUP, RECOVERY)}
"""A lane's bands: of those who have to walk, and of those who stand at the tent."""


@dataclass(frozen=True, slots=True)
class Doors:
    """When a newcomer is let in, and with which words (rule 21)."""

    refuse_below: float = 0.2
    """Chance of a warm-up in time below which it is refused, with an offer."""
    promise_from: float = 0.75
    longest_wait: float = 900.0
    """Expected recovery wait beyond which the lane is full: 15 min expected keeps 20 for most."""


class Range(NamedTuple):
    """The 10, 50 and 90 % points of a start, unrounded."""

    early: float
    likely: float
    late: float


@dataclass(frozen=True, slots=True)
class Bands:
    """How wide ranges are now: wider after a miss, narrower after a hit, steady when 80 % hold.

    Adaptive conformal inference (Gibbs and Candes, 2021), on a logarithmic scale.
    """

    width: float = 1.0

    def outcome(self, said: Range, actual: float) -> Bands:
        """Return the bands after a start that had been told as `said`."""
        if said.late - said.early < 5:
            return self
        held = said.early <= actual <= said.late
        return Bands(min(1.6, max(0.6, self.width * (0.99 if held else 1.04))))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a join: taken or not, promised or only hoped, a warm-up's chance."""

    accept: bool
    range: Range
    promise: bool
    p_ok: float | None


def spread(facts: TentFacts, bands: Bands) -> dict[str, float]:
    """How much wider ranges are than the table of bands, by lane.

    With few tables one long treatment matters more.
    """
    return {
        lane: bands.width * (1.0 + FEW / max(1, on_duty(facts, lane))) ** 0.5
        for lane in facts.waiting
    }


def expected_start(plan: Plan, ticket: TicketFacts) -> float:
    """The plan's start, and later by those still to come who will be due before this runner.

    A plan knows only who has joined; a runner who still cools down is passed by others.
    """
    start = plan.starts.get(ticket.key, inf)
    if ticket.lane == RECOVERY and ticket.order[0] > plan.made_at:
        return start + PASSED * plan.rush * (ticket.order[0] - plan.made_at)
    return start


def range_of(
    facts: TentFacts, plan: Plan, ticket: TicketFacts, wider: Mapping[str, float]
) -> Range:
    """10, 50 and 90 % points of this ticket's start (rule 19); `wider` comes from `spread`."""
    # Not min() and max(): this runs for each of thousands of runners after each command.
    now, ready, lane = facts.now, ticket.ready, ticket.lane
    base = ready if ready > now else now
    start, furthest = expected_start(plan, ticket), base + FAR
    start = start if start < furthest else furthest
    rows = _ROWS.get(lane, _ROWS[RECOVERY])[ticket.near_until > now]
    return _about(base, start, rows[bisect_right(EDGES, start - base)], wider[lane])


def _about(base: float, start: float, row: tuple[float, float, float], scale: float) -> Range:
    """The points about a start, none before `base`."""
    low, mid, high = row
    likely = start + mid
    early, late = likely + low * scale, likely + high * scale
    return Range(
        early if early > base else base,
        likely if likely > base else base,
        late if late > base else base,
    )


class Alike(NamedTuple):
    """What starts in a row are told alike."""

    range: Range
    """Of the first of them; the others' ends lie in the same steps."""
    shift: float
    """The likely start less the plan's, seconds."""
    until: float
    """The plan's start from which on more, or less, is told."""


def is_plain(facts: TentFacts, ticket: TicketFacts) -> bool:
    """Whether a range depends on the plan's start alone: ready, not yet at the tent, and nobody
    who joins later will be due sooner."""
    now = facts.now
    return ticket.ready <= now and ticket.near_until <= now and ticket.order[0] <= now


def alike(facts: TentFacts, lane: str, start: float, scale: float, step: float) -> Alike:
    """The range of a plain ticket that the plan starts here, and until when those after it are
    told the same in steps of so many seconds, outward. `scale` comes from `spread`."""
    now, furthest = facts.now, facts.now + FAR
    row = bisect_right(EDGES, min(start, furthest) - now)
    low, mid, high = _ROWS.get(lane, _ROWS[RECOVERY])[False][row]
    said = _about(now, min(start, furthest), (low, mid, high), scale)
    until = min(
        now + EDGES[row] if row < len(EDGES) else furthest,
        (said.early // step + 1) * step - mid - low * scale,
        -(-said.late // step) * step - mid - high * scale,
    )
    return Alike(said, mid, until if start < furthest else inf)


def ranges(facts: TentFacts, plan: Plan, bands: Bands = Bands()) -> dict[str, Range]:
    """The range of every waiting ticket."""
    wider = spread(facts, bands)
    return {t.key: range_of(facts, plan, t, wider) for line in facts.waiting.values() for t in line}


def signs(slack: float, wait: float, near: bool) -> tuple[float, ...]:
    """What the chance is read from, minutes: far from the deadline more slack adds little."""
    bends = [
        min(max(slack - at, 0.0), width) for at, width in ((0.0, 5.0), (5.0, 10.0), (15.0, 30.0))
    ]
    return (1.0, min(slack, 0.0), *bends, min(wait, 40.0), float(near))


def chance_in_time(facts: TentFacts, start: float, ticket: TicketFacts) -> float:
    """Calibrated chance that a warm-up expected to start then ends by its deadline."""
    if start == inf:
        return 0.02
    slack = (ticket.deadline - start - mean_length(facts, WARMUP)) / 60
    wait = max(0.0, start - facts.now) / 60
    return chance_of(signs(slack, wait, ticket.near_until > facts.now))


def chance_of(seen: tuple[float, ...]) -> float:
    """The chance that goes with these signs (logistic)."""
    score = sum(weight * sign for weight, sign in zip(CHANCE, seen, strict=True))
    return 1 / (1 + exp(-max(-30.0, min(30.0, score))))


def admit(
    facts: TentFacts,
    plan: Plan,
    ticket: TicketFacts,
    bands: Bands = Bands(),
    doors: Doors = Doors(),
) -> Answer:
    """Whether to take this newcomer, already in the plan, and what to tell them (rules 3, 21)."""
    said, start = range_of(facts, plan, ticket, spread(facts, bands)), plan.start_of(ticket.key)
    if ticket.lane == WARMUP:
        p = chance_in_time(facts, start, ticket)
        if p < doors.refuse_below:
            return Answer(False, said, False, p)
        return Answer(True, said, p >= doors.promise_from, p)
    full = start - max(facts.now, ticket.ready) > doors.longest_wait
    return Answer(not full, said, not full, None)


def last_safe_join(
    facts: TentFacts, plan: Plan, deadline: float, doors: Doors = Doors()
) -> float | None:
    """Latest instant to join for a warm-up ending by `deadline`, were the line as now.

    None: too late already.
    """
    wait = plan.next_start(WARMUP, facts.now + plan.walk) - facts.now
    low, high = facts.now, deadline
    if wait == inf or not _safe(facts, wait, low, deadline, doors):
        return None
    while high - low > 15:
        middle = (low + high) / 2
        low, high = (middle, high) if _safe(facts, wait, middle, deadline, doors) else (low, middle)
    return low


def _safe(facts: TentFacts, wait: float, joined: float, deadline: float, doors: Doors) -> bool:
    slack = (deadline - joined - wait - mean_length(facts, WARMUP)) / 60
    return chance_of(signs(slack, wait / 60, near=False)) >= doors.promise_from
