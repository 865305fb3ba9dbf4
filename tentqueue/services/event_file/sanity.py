"""What no line of the file shows by itself: what must fit together, or surely isn't meant."""

from __future__ import annotations

from datetime import date, timedelta

from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import LanePlan, RaceEvent
from tentqueue.domain.said import Said
from tentqueue.domain.therapist import Role, Therapist
from tentqueue.services.event_file.sheet import Sheet


def check_together(sheet: Sheet, event: RaceEvent) -> None:
    """Note what doesn't fit together: problems, and warnings for what only surprises."""
    for name, plan in event.lanes.items():
        _lengths(sheet, name, plan)
    _warmup(sheet, event)
    for place, therapist in enumerate(event.therapists):
        _therapist(sheet, event, therapist, place)
    for name, plan in event.lanes.items():
        _staffed(sheet, event, name, plan)


def _lengths(sheet: Sheet, name: LaneName, plan: LanePlan) -> None:
    rules = plan.rules
    if not rules.short_minutes <= rules.minutes <= rules.max_minutes:
        sheet.complain(
            ("lane", name, "minutes"),
            Said(
                "is {minutes}, and must lie between short_minutes ({shortest}) and max_minutes "
                "({longest})",
                minutes=rules.minutes,
                shortest=rules.short_minutes,
                longest=rules.max_minutes,
            ),
        )


def _warmup(sheet: Sheet, event: RaceEvent) -> None:
    plan = event.lanes.get(LaneName.WARMUP)
    if plan is None:
        return
    if not event.waves:
        sheet.complain(
            ("lane", "warmup"),
            Said("needs a start: write [[contest]] and [[contest.wave]], or drop it"),
        )
        return
    buffer = timedelta(minutes=event.rules.warmup_buffer_minutes)
    last = max(event.waves, key=lambda wave: wave.starts_at)
    if plan.opens_at >= last.starts_at - buffer:
        sheet.complain(
            ("lane", "warmup", "opens"),
            Said("is too late: a warm-up ends before wave {wave} starts", wave=last.id),
        )
    elif plan.closes_at > last.starts_at:
        late = Said("is after the last start, wave {wave}", wave=last.id)
        sheet.warn(("lane", "warmup", "closes"), late)


def _staffed(sheet: Sheet, event: RaceEvent, name: LaneName, plan: LanePlan) -> None:
    """Somebody works in the lane, and on the lane's own day."""
    able = [t for t in event.therapists if name in t.lanes]
    if not able:
        sheet.warn(("lane", name), Said("no therapist works in this lane"))
    elif name is LaneName.NEXTDAY and not any(_comes(t, plan) for t in able):
        day = date.fromisoformat(event.date) + timedelta(days=1)
        sheet.warn(
            ("lane", name),
            Said(
                "no therapist has a shift on the day after: nobody can book; write {day} "
                "09:00-12:00",
                day=day,
            ),
        )


def _comes(therapist: Therapist, plan: LanePlan) -> bool:
    """Whether a shift meets the lane's hours; who has none comes whenever it is open."""
    return not therapist.shifts or any(
        plan.opens_at < s.ends_at and s.starts_at < plan.closes_at for s in therapist.shifts
    )


def _therapist(sheet: Sheet, event: RaceEvent, therapist: Therapist, place: int) -> None:
    where = ("therapist", place)
    missing = [name for name in therapist.lanes if name not in event.lanes]
    if missing:
        sheet.complain(
            (*where, "lanes"),
            Said(
                "{name} works in {lane}, which has no [lane.{lane}]",
                name=therapist.name,
                lane=missing[0],
            ),
        )
    if therapist.role is Role.STUDENT and not _supervised(event, therapist):
        sheet.warn(
            (*where, "role"),
            Said(
                "nobody licensed is on duty beside {name}: students need a supervisor",
                name=therapist.name,
            ),
        )
    for shift in therapist.shifts:
        if not any(
            plan.opens_at < shift.ends_at and shift.starts_at < plan.closes_at
            for name, plan in event.lanes.items()
            if name in therapist.lanes
        ):
            sheet.warn(
                (*where, "shifts"),
                Said("{name} has a shift while none of their lanes is open", name=therapist.name),
            )


def _supervised(event: RaceEvent, student: Therapist) -> bool:
    """Whether somebody licensed is there in each of the student's shifts, for a while at least."""
    licensed = [t for t in event.therapists if t.role is Role.LICENSED]
    if not student.shifts or any(not t.shifts for t in licensed):
        return bool(licensed)
    return all(
        any(
            s.starts_at < shift.ends_at and shift.starts_at < s.ends_at
            for t in licensed
            for s in t.shifts
        )
        for shift in student.shifts
    )
