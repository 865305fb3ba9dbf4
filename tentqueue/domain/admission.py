"""Whether a newcomer can be served in time, and the next best offer if not (rules 3, 21)."""

from __future__ import annotations

from typing import Any

from tentqueue.domain import errors
from tentqueue.domain.model import HoldReason, Instant, LaneName, LaneState, Ticket
from tentqueue.domain.tent import Tent


def admit(tent: Tent, ticket: Ticket, now: Instant) -> None:
    """Let `ticket` in, or say why not.

    Raises:
        LaneClosed, LaneFull: the lane takes no joins; facts hold the alternatives.
        WaveTooClose: the treatment can't end in time for the wave.
    """
    _door(tent, ticket, now)
    _in_time(tent, ticket, now)


def _door(tent: Tent, ticket: Ticket, now: Instant) -> None:
    lane = tent.lane(ticket.lane)
    if lane.state is LaneState.OPEN or _early_bird(ticket, lane.opens_at, now):
        return
    offers = alternatives(tent, ticket)
    if lane.state is LaneState.FULL:
        raise errors.LaneFull(
            "All the time left in this lane is promised. Try the other lane or the next day.",
            lane=lane.name,
            alternatives=offers,
        )
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
        sentence = f"{ticket.minutes} minutes no longer fit before your start. {short} minutes do."
    else:
        sentence = "Your start is too close for a warm-up. Come for recovery after your finish."
    raise errors.WaveTooClose(sentence, minutes_left=max(left, 0), alternatives=offers)


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
