"""Whether a newcomer can be served in time, what they are told, and the next best offer."""

from __future__ import annotations

from math import inf
from typing import Any

from tentqueue.domain import errors
from tentqueue.domain.model import HoldReason, Instant, LaneName, LaneState, Ticket
from tentqueue.domain.newcomers import newcomer_plan
from tentqueue.domain.planning.ranges import Doors
from tentqueue.domain.planning.ranges import admit as judge
from tentqueue.domain.tent import Tent, instant

PLANNED_UP_TO = 400
"""Open tickets beyond which a join is not planned: its range comes with the next forecast."""


def admit(tent: Tent, ticket: Ticket, now: Instant) -> Ticket:
    """Let `ticket` in with what it is told, or say why not.

    Raises:
        LaneClosed, LaneFull: the lane takes no joins; facts hold the alternatives.
        WaveTooClose: the treatment can't end in time for the wave.
    """
    _door(tent, ticket, now)
    _in_time(tent, ticket, now)
    if ticket.ready_at is None or ticket.lane is LaneName.NEXTDAY:
        return ticket
    if len(tent.open) > PLANNED_UP_TO:
        return ticket
    return _promised(tent, ticket, now)


def _door(tent: Tent, ticket: Ticket, now: Instant) -> None:
    lane = tent.lane(ticket.lane)
    if lane.state is LaneState.OPEN or _early_bird(ticket, lane.opens_at, now):
        return
    offers = alternatives(tent, ticket)
    if lane.state is LaneState.FULL:
        raise _full(tent, ticket)
    if now < lane.opens_at:
        raise errors.LaneClosed(
            "This lane is not open yet. Come back when it opens.",
            lane=lane.name,
            opens_at=lane.opens_at.isoformat(),
            alternatives=offers,
        )
    raise errors.LaneClosed(
        "This lane takes no more runners. Ask at the desk what else is possible.",
        lane=lane.name,
        alternatives=offers,
    )


def _full(tent: Tent, ticket: Ticket) -> errors.LaneFull:
    return errors.LaneFull(
        "All the time left in this lane is promised. Try the other lane or the next day.",
        lane=ticket.lane,
        alternatives=alternatives(tent, ticket),
    )


def _early_bird(ticket: Ticket, opens_at: Instant, now: Instant) -> bool:
    """Recovery may be joined before the race, appointments at any time (rules 4, 5)."""
    return now < opens_at and ticket.hold in (HoldReason.FINISH, HoldReason.APPOINTMENT)


def _in_time(tent: Tent, ticket: Ticket, now: Instant) -> None:
    if ticket.deadline_at is None or now + ticket.treatment_for <= ticket.deadline_at:
        return
    left = int((ticket.deadline_at - now).total_seconds() // 60)
    offers = alternatives(tent, ticket)
    short = tent.lane_rules(ticket.lane).short_minutes
    if left >= short:
        offers.insert(0, {"lane": LaneName.WARMUP, "minutes": short})
        raise errors.WaveTooClose(
            "{wanted} min no longer fit before your start. {fits} min do.",
            wanted=ticket.minutes,
            fits=short,
            minutes_left=left,
            alternatives=offers,
        )
    raise errors.WaveTooClose(
        "Your start is too close for a warm-up. Come for recovery after your finish.",
        minutes_left=max(left, 0),
        alternatives=offers,
    )


def _promised(tent: Tent, ticket: Ticket, now: Instant) -> Ticket:
    """Ask the plan whether the newcomer is served in time, and keep what it says."""
    facts, plan, known = newcomer_plan(tent, ticket, now)
    if not any(ticket.lane in table.hands for table in plan.tables):
        # Nobody of this lane is on duty or expected soon: nothing to promise, nothing to refuse.
        return ticket
    limit = tent.rules.longest_wait_minutes * 60.0 or inf
    answer = judge(facts, plan, known, tent.bands, Doors(longest_wait=limit))
    if answer.accept and plan.start_of(ticket.code) < inf:
        said = answer.range
        told = (instant(said.early), instant(said.likely), instant(said.late))
        return ticket.but(promised_at=told, promised=answer.promise, chance=answer.p_ok)
    if ticket.lane is LaneName.WARMUP:
        raise errors.WaveTooClose(
            "Too many are before you to be done in time. Come for recovery after your finish.",
            chance=round(answer.p_ok or 0.0, 2),
            alternatives=alternatives(tent, ticket),
        )
    raise _full(tent, ticket)


def alternatives(tent: Tent, ticket: Ticket) -> list[dict[str, Any]]:
    """Name what else the runner could have, best first."""
    shut = (LaneState.FULL, LaneState.PAUSED)
    return [
        {"lane": name, "minutes": tent.lane_rules(name).minutes}
        for name in (LaneName.RECOVERY, LaneName.NEXTDAY)
        if name is not ticket.lane
        and name in tent.lanes
        and tent.lanes[name].state not in shut
        and tent.now < tent.lanes[name].closes_at
    ]
