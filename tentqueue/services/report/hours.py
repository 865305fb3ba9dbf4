"""The day hour by hour: who came, who waited, and how the therapists' time was used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from tentqueue.domain.model import Instant, LaneName, Ticket
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.therapist import Shift, TherapistState
from tentqueue.services.report.stints import ON_DUTY, Stint
from tentqueue.services.report.tally import percentile, wait_of

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Hour:
    """One hour of the event's own clock; heads are means over it, waits of who was ready in it."""

    from_at: Instant
    joined: int
    treated: dict[LaneName, int]
    planned_heads: float
    heads: float
    hands_on: float
    """Minutes with hands on, of all therapists."""
    on_breaks: float
    """Minutes of breaks."""
    p50: float | None
    p90: float | None
    expected: float | None
    """Runners the event file expected to be ready; None without a forecast in it."""

    @property
    def used(self) -> float | None:
        """Share of the time on duty with hands on, breaks left out; None with nobody there."""
        return self.hands_on / (60 * self.heads) if self.heads else None


def hours(event: RaceEvent, tickets: Sequence[Ticket], stints: Sequence[Stint]) -> list[Hour]:
    """Every hour in which somebody joined, was treated or on duty."""
    made = [_hour(event, at, tickets, stints) for at in _beginnings(event, tickets, stints)]
    return [hour for hour in made if hour.joined or hour.treated or hour.heads]


def _beginnings(
    event: RaceEvent, tickets: Sequence[Ticket], stints: Sequence[Stint]
) -> list[Instant]:
    marks = [t.joined_at for t in tickets] + [s.from_at for s in stints]
    ends = [t.started_at for t in tickets if t.started_at] + [s.to_at for s in stints]
    if not marks:
        return []
    zone = ZoneInfo(event.timezone)
    local = min(marks).astimezone(zone)
    first = min(marks) - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )
    count = int((max([*marks, *ends]) - first) / HOUR) + 1
    return [first + n * HOUR for n in range(count)]


def _hour(
    event: RaceEvent, from_at: Instant, tickets: Sequence[Ticket], stints: Sequence[Stint]
) -> Hour:
    to_at = from_at + HOUR
    spent = [(s.state, s.within(from_at, to_at)) for s in stints]
    started = [t.lane for t in tickets if t.started_at and from_at <= t.started_at < to_at]
    ready = (t for t in tickets if from_at <= max(t.joined_at, t.ready_at or t.joined_at) < to_at)
    found = [wait for t in ready if (wait := wait_of(t)) is not None]
    return Hour(
        from_at=from_at,
        joined=sum(from_at <= t.joined_at < to_at for t in tickets),
        treated={lane: started.count(lane) for lane in LaneName if lane in started},
        planned_heads=_planned(event, from_at),
        heads=sum(minutes for state, minutes in spent if state in ON_DUTY) / 60,
        hands_on=sum(m for state, m in spent if state is TherapistState.IN_TREATMENT),
        on_breaks=sum(m for state, m in spent if state is TherapistState.BREAK),
        p50=percentile(found, 50),
        p90=percentile(found, 90),
        expected=_expected(event, from_at),
    )


def _planned(event: RaceEvent, from_at: Instant) -> float:
    """Therapists on the roster, as a mean over the hour; their breaks are not taken off."""
    shifts = [shift for therapist in event.therapists for shift in therapist.shifts]
    return sum(_overlap(shift, from_at) for shift in shifts) / 60


def _overlap(shift: Shift, from_at: Instant) -> float:
    span = min(shift.ends_at, from_at + HOUR) - max(shift.starts_at, from_at)
    return max(0.0, span.total_seconds() / 60)


def _expected(event: RaceEvent, from_at: Instant) -> float | None:
    forecast = event.expected
    if forecast is None:
        return None
    step = timedelta(minutes=forecast.bin_minutes)
    longest = max((len(bins) for bins in forecast.ready.values()), default=0)
    inside = [
        n for n in range(longest) if from_at <= forecast.starts_at + n * step < from_at + HOUR
    ]
    return sum(bins[n] for bins in forecast.ready.values() for n in inside if n < len(bins))
