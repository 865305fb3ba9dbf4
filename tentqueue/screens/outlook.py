"""What the organiser could do about the wait, in one number. Never does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.model import Instant, LaneName, LaneState
from tentqueue.domain.newcomers import wait_with_more
from tentqueue.domain.tent import Tent

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast

WORTH_HELPING = 20
"""Minutes of wait from which more hands are worth talking about."""
_JOINABLE = (LaneState.OPEN, LaneState.FULL)


def waits_told(tent: Tent, forecast: Forecast) -> dict[LaneName, tuple[int, int]]:
    """What a newcomer would be told, minutes, for each lane whose door is not closed."""
    lanes = [lane.name for lane in tent.lanes.values() if lane.state in _JOINABLE]
    return {lane: forecast.wait(lane) for lane in lanes}


def with_two_more(tent: Tent, forecast: Forecast, now: Instant) -> int | None:
    """The longest wait, in minutes, if two more therapists began now; None while it is short."""
    lanes = waits_told(tent, forecast)
    if max((late for _, late in lanes.values()), default=0) < WORTH_HELPING:
        return None
    helped = wait_with_more(tent, now, 2)
    return max(helped[lane][1] for lane in lanes)
