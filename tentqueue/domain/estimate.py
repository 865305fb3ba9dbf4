"""What a waiting runner is told: the plan played forward once, as ranges that lean late (rule 19).

Never changes the tent; a forecast is a value that anybody may throw away and make again.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import timedelta

from tentqueue.domain.model import (
    Instant,
    LaneName,
    LaneState,
    Therapist,
    TherapistState,
    Ticket,
    TicketState,
)
from tentqueue.domain.shift import break_reason, may_work
from tentqueue.domain.tent import Tent, minutes

STEP = timedelta(minutes=5)
LATE_SHARE = 0.35
"""How much later than planned a call may come, as a share of the planned wait."""
EARLY_SHARE = 0.2
HORIZON = timedelta(hours=6)


@dataclass(frozen=True)
class Estimate:
    """A range for a ticket's call; instants, already rounded outward to 5 minutes."""

    from_at: Instant
    likely_at: Instant
    to_at: Instant
    reason: str


@dataclass(frozen=True)
class Forecast:
    """One plan for the whole tent; serves every screen of its version."""

    now: Instant
    estimates: dict[str, Estimate] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    waits: dict[LaneName, timedelta] = field(default_factory=dict)
    safe_joins: dict[str, Instant | None] = field(default_factory=dict)

    def of(self, code: str) -> Estimate | None:
        """Return the range for a ticket that waits, else None."""
        return self.estimates.get(code)

    def place(self, code: str) -> int | None:
        """Return the place in the lane's line, 1 is next; None when not in line."""
        return self.places.get(code)

    def people_ahead(self, code: str) -> int | None:
        """Return how many wait before this ticket in its lane."""
        place = self.places.get(code)
        return None if place is None else place - 1

    def wait(self, lane: LaneName) -> tuple[int, int]:
        """Return the wait of a newcomer as whole minutes, from and to, in steps of 5."""
        likely = self.waits.get(lane, timedelta())
        return (_floor5(likely * (1 - EARLY_SHARE)), _ceil5(likely * (1 + LATE_SHARE)))

    def last_safe_join(self, wave: str) -> Instant | None:
        """Return the latest time to join for a warm-up that ends before this wave's limit."""
        return self.safe_joins.get(wave)


def forecast(tent: Tent, now: Instant) -> Forecast:
    """Play the present order forward on the tables as they will come free."""
    now = max(now, tent.now)
    reason = _reason(tent)
    plan = _Tables(tent, now)
    estimates, places, waits = {}, {}, {}
    for lane in tent.lanes:
        for place, ticket in enumerate(tent.line(lane), 1):
            places[ticket.code] = place
            likely = plan.take(ticket)
            estimates[ticket.code] = _range(now, likely, reason)
        waits[lane] = max(plan.next_free(lane) - now, timedelta())
    for ticket in tent.in_state(TicketState.HELD):
        estimates |= _held(tent, ticket, waits, now)
    return Forecast(now, estimates, places, waits, _safe_joins(tent, waits, now))


class _Tables:
    """When each therapist takes their next runner; soonest first, lanes respected."""

    def __init__(self, tent: Tent, now: Instant) -> None:
        self._tent, self._now = tent, now
        self._heap = [
            (_free_again(tent, t, now), t.id)
            for t in tent.therapists.values()
            if t.on_duty and (may_work(tent, t) or t.break_due)
        ]
        heapq.heapify(self._heap)

    def next_free(self, lane: LaneName) -> Instant:
        free = [at for at, who in self._heap if lane in self._tent.therapists[who].lanes]
        return min(free) if free else self._first_shift(lane)

    def _first_shift(self, lane: LaneName) -> Instant:
        starts = [
            s.starts_at for t in self._tent.therapists.values() if lane in t.lanes for s in t.shifts
        ]
        later = [at for at in starts if at > self._now]
        return max(min(later), self._tent.lanes[lane].opens_at) if later else self._now + HORIZON

    def take(self, ticket: Ticket) -> Instant:
        skipped = []
        while self._heap:
            at, who = heapq.heappop(self._heap)
            if ticket.lane in self._tent.therapists[who].lanes:
                start = max(at, ticket.ready_at or at)
                busy_for = ticket.treatment_for + minutes(
                    self._tent.lane_rules(ticket.lane).changeover_minutes
                )
                skipped.append((start + busy_for, who))
                break
            skipped.append((at, who))
        else:
            start = self._first_shift(ticket.lane)
        for table in skipped:
            heapq.heappush(self._heap, table)
        return start


def _free_again(tent: Tent, therapist: Therapist, now: Instant) -> Instant:
    at = max(now, therapist.until or now)
    if therapist.state is TherapistState.IN_TREATMENT:
        at += minutes(2)
    for code in (
        therapist.next,
        therapist.ticket if therapist.state is TherapistState.CALLED else None,
    ):
        if code is not None and code in tent.open:
            at += tent.open[code].treatment_for + minutes(4)
    if therapist.state is not TherapistState.BREAK and break_reason(tent, therapist, at):
        at += minutes(tent.rules.break_minutes)
    return at


def _range(now: Instant, likely: Instant, reason: str) -> Estimate:
    wait = max(likely - now, timedelta())
    early, late = now + wait * (1 - EARLY_SHARE), now + wait * (1 + LATE_SHARE) + minutes(2)
    return Estimate(_down(early), likely, _up(late), reason)


def _held(
    tent: Tent, ticket: Ticket, waits: dict[LaneName, timedelta], now: Instant
) -> dict[str, Estimate]:
    """A held ticket with a time is called from then on, once the line allows."""
    if ticket.hold_until is None:
        return {}
    likely = max(ticket.hold_until, now + waits.get(ticket.lane, timedelta()))
    return {ticket.code: _range(now, likely, ticket.hold or "held")}


def _safe_joins(
    tent: Tent, waits: dict[LaneName, timedelta], now: Instant
) -> dict[str, Instant | None]:
    if LaneName.WARMUP not in tent.lanes:
        return {}
    wait = waits.get(LaneName.WARMUP, timedelta())
    needed = wait * (1 + LATE_SHARE) + minutes(tent.lane_rules(LaneName.WARMUP).minutes)
    closed = tent.lanes[LaneName.WARMUP].state in (LaneState.FULL, LaneState.PAUSED)
    limits = {
        w.id: w.starts_at - minutes(tent.rules.warmup_buffer_minutes) - needed
        for w in tent.event.waves
    }
    return {wave: None if closed or at < now else _down(at) for wave, at in limits.items()}


def _reason(tent: Tent) -> str:
    resting = [t for t in tent.therapists.values() if t.state is TherapistState.BREAK]
    return "breaks" if resting else "steady"


def _down(at: Instant) -> Instant:
    return at - timedelta(seconds=at.timestamp() % STEP.total_seconds())


def _up(at: Instant) -> Instant:
    below = _down(at)
    return below if below == at else below + STEP


def _floor5(span: timedelta) -> int:
    return int(span // STEP) * 5


def _ceil5(span: timedelta) -> int:
    return -int(-span // STEP) * 5
