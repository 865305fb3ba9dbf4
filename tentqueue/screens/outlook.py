"""What the organiser could do about the wait, in one number. Never does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.estimate import wait_with_more
from tentqueue.domain.model import Instant, LaneState
from tentqueue.domain.tent import Tent

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast

WORTH_HELPING = 20
"""Minutes of wait from which more hands are worth talking about."""
_JOINABLE = (LaneState.OPEN, LaneState.FULL)


def with_two_more(tent: Tent, forecast: Forecast, now: Instant) -> int | None:
    """The longest wait, in minutes, if two more therapists began now; None while it is short."""
    lanes = [lane.name for lane in tent.lanes.values() if lane.state in _JOINABLE]
    if max((forecast.wait(lane)[1] for lane in lanes), default=0) < WORTH_HELPING:
        return None
    helped = wait_with_more(tent, now, 2)
    return max(helped[lane][1] for lane in lanes)
