"""Next-day appointments: which times there are, how many at once, which are free (rules 1, 5).

Times lie on a grid of one treatment and its changeover. At each, as many runners as therapists of
the lane whose shift covers it. Decides nothing: joining does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from tentqueue.domain import errors
from tentqueue.domain.model import Instant, LaneName
from tentqueue.domain.tent import Tent, minutes
from tentqueue.domain.therapist import Shift, Therapist

OFFERED = 3
"""How many other times a refusal names."""


def free_times(tent: Tent, now: Instant, finished_at: Instant | None = None) -> tuple[Instant, ...]:
    """Return the appointments a runner may book now, soonest first; none without the lane.

    `finished_at` is the runner's finish; one who has not said is taken to finish now, because
    appointments start 18 h after the finish (rule 1).
    """
    if LaneName.NEXTDAY not in tent.lanes:
        return ()
    from_at = (finished_at or now) + timedelta(hours=tent.rules.nextday_after_hours)
    booked = Counter(
        ticket.ready_at for ticket in tent.open.values() if ticket.lane is LaneName.NEXTDAY
    )
    return tuple(
        at for at in _grid(tent) if at >= max(from_at, now) and booked[at] < _places(tent, at)
    )


def book(
    tent: Tent, wanted: Instant | None, now: Instant, finished_at: Instant | None = None
) -> Instant:
    """Return the appointment a runner gets: the one wanted, else the soonest.

    Raises: LaneFull when nothing is free, AppointmentTaken with other times when that one isn't.
    """
    free = free_times(tent, now, finished_at)
    if not free:
        raise errors.LaneFull(
            "All next-day appointments are taken. Ask at the desk; places come back.",
            lane=LaneName.NEXTDAY,
            alternatives=[],
        )
    if wanted is None:
        return free[0]
    if wanted in free:
        return wanted
    near = sorted(free, key=lambda at: abs(at - wanted))[:OFFERED]
    raise errors.AppointmentTaken(
        "This time is not free. Choose another.",
        field="appointment_at",
        times=[at.isoformat() for at in sorted(near)],
    )


def _grid(tent: Tent) -> Iterator[Instant]:
    lane, rules = tent.lane(LaneName.NEXTDAY), tent.lane_rules(LaneName.NEXTDAY)
    at = lane.opens_at
    while at + minutes(rules.minutes) <= lane.closes_at:
        yield at
        at += minutes(rules.minutes + rules.changeover_minutes)


def _places(tent: Tent, at: Instant) -> int:
    """How many therapists of the lane are there for the whole of an appointment."""
    until = at + minutes(tent.lane_rules(LaneName.NEXTDAY).minutes)
    able = [t for t in tent.therapists.values() if LaneName.NEXTDAY in t.lanes]
    return min(sum(_there(therapist, at, until) for therapist in able), tent.event.tables)


def _there(therapist: Therapist, at: Instant, until: Instant) -> bool:
    """Whether a shift covers it; who has none comes whenever the lane is open."""
    shifts: tuple[Shift, ...] = therapist.shifts
    return not shifts or any(s.starts_at <= at and until <= s.ends_at for s in shifts)
