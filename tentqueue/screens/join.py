"""What a newcomer may know before joining: lanes, waits and the last safe time per wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.appointments import free_times
from tentqueue.domain.model import Area, Instant, Lane, LaneName
from tentqueue.domain.race_event import Wave
from tentqueue.domain.tent import Tent
from tentqueue.screens.shape import View, iso, iso_now, wait_shape

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast


def join_view(tent: Tent, forecast: Forecast, now: Instant) -> View:
    """Build what the join page and anyone's program see of an event (rules 1, 3, 19 and 21)."""
    return {
        "slug": tent.event.slug,
        "name": tent.event.name,
        "timezone": tent.event.timezone,
        "date": tent.event.date,
        "version": tent.version,
        "now": iso_now(now),
        "lanes": [_lane(tent, lane, forecast, now) for lane in tent.lanes.values()],
        "waves": [_wave(wave, forecast) for wave in tent.event.waves],
        "areas": [area.value for area in Area],
        "announcement": tent.announcement,
    }


def _lane(tent: Tent, lane: Lane, forecast: Forecast, now: Instant) -> View:
    rules = tent.lane_rules(lane.name)
    booked = lane.name is LaneName.NEXTDAY
    return {
        "lane": lane.name.value,
        "letter": lane.name.letter,
        "state": lane.state.value,
        "reason": lane.reason,
        "opens_at": iso(lane.opens_at),
        "closes_at": iso(lane.closes_at),
        "minutes": rules.minutes,
        "short_minutes": rules.short_minutes,
        "max_minutes": rules.max_minutes,
        "wait": wait_shape(lane.name, forecast),
        **({"times": [iso(at) for at in free_times(tent, now)]} if booked else {}),
    }


def _wave(wave: Wave, forecast: Forecast) -> View:
    return {
        "id": wave.id,
        "contest": wave.contest,
        "name": wave.name,
        "starts_at": iso(wave.starts_at),
        "last_safe_join": iso(forecast.last_safe_join(wave.id)),
    }
