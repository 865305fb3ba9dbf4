"""Every number an organiser may set, with its unit, default, bounds and rule of the domain page.

Nothing here decides anything, and no rule marked **fixed** on the domain page appears: what is not
in this file can't be switched off.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from datetime import timedelta
from typing import Any


def number(default: float, unit: str, bounds: tuple[float, float], rule: int, why: str) -> Any:
    """Declare a rule that is a number: its `unit`, inclusive `bounds`, domain `rule` and reason."""
    meta = {"unit": unit, "low": bounds[0], "high": bounds[1], "rule": rule, "why": why}
    return field(default=default, metadata=meta)


def switch(default: bool, rule: int, why: str) -> Any:
    """Declare a rule that is on or off."""
    return field(default=default, metadata={"unit": "yes/no", "rule": rule, "why": why})


@dataclass(frozen=True)
class LaneRules:
    """What an organiser may set for one lane."""

    minutes: int = number(12, "min", (3, 90), 1, "planned length of one treatment")
    short_minutes: int = number(8, "min", (3, 60), 1, "shortest length offered when time runs out")
    max_minutes: int = number(20, "min", (3, 120), 1, "longest a treatment may be extended to")
    changeover_minutes: float = number(2, "min", (0, 15), 12, "cleaning the table after each")
    last_call_minutes: int = number(30, "min", (0, 120), 21, "last joins this long before close")


LANE_DEFAULTS = {
    "warmup": LaneRules(minutes=10, short_minutes=5, max_minutes=15, last_call_minutes=0),
    "recovery": LaneRules(minutes=12, short_minutes=8, max_minutes=20),
    "nextday": LaneRules(minutes=30, short_minutes=30, max_minutes=60),
}


@dataclass(frozen=True)
class TentRules:
    """What an organiser may set for the whole tent."""

    warmup_buffer_minutes: int = number(
        15, "min", (0, 60), 3, "a warm-up ends this long before its wave"
    )
    warmup_warn_minutes: int = number(
        30, "min", (0, 120), 3, "less time than this before the wave: warn"
    )
    cooldown_minutes: int = number(
        10, "min", (0, 60), 4, "walk, drink and dry kit after the finish"
    )
    heat_cooldown_minutes: int = number(20, "min", (0, 90), 4, "the same on a hot day")
    heat: bool = switch(False, 4, "a hot day: the longer cool-down counts")
    nextday_after_hours: float = number(
        18, "h", (1, 72), 1, "next-day appointments from this long after the finish"
    )
    screening_valid_minutes: int = number(60, "min", (5, 240), 6, "answers expire after this")
    screening_required: bool = switch(
        False, 6, "nobody is called unscreened; off: the therapist asks at the table"
    )
    break_suggest_minutes: int = number(
        90, "min", (15, 240), 11, "work without a break: suggest one"
    )
    break_required_minutes: int = number(
        120, "min", (15, 300), 11, "work without a break: require one"
    )
    break_after_treatments: int = number(
        8, "treatments", (1, 30), 11, "treatments without a break: require one"
    )
    break_minutes: int = number(10, "min", (1, 90), 11, "length of a break")
    hands_on_warn_minutes: int = number(300, "min", (30, 720), 11, "hands-on time in a day: warn")
    hands_on_limit_minutes: int = number(
        360, "min", (30, 720), 11, "hands-on time in a day: no more runners"
    )
    overdue_amber_minutes: float = number(2, "min", (0, 30), 13, "past the planned end: amber")
    overdue_red_minutes: float = number(5, "min", (0, 60), 13, "past the planned end: red")
    overdue_release_minutes: float = number(
        15, "min", (1, 120), 13, "past the planned end: the table is released"
    )
    wheelchair_credit_minutes: int = number(
        20, "min", (0, 60), 15, "credit of wheelchair and para runners"
    )
    max_credit_minutes: int = number(
        30, "min", (0, 120), 15, "nobody is overtaken by more than this"
    )
    respond_seconds: int = number(180, "s", (30, 900), 16, "time to appear when called")
    recall_seconds: int = number(90, "s", (15, 900), 16, "second call after this")
    missed_hold_minutes: int = number(
        15, "min", (1, 120), 16, "a missed call keeps the place this long"
    )
    back_at_front: int = number(
        2, "places", (0, 20), 16, "who missed a call comes back behind this many"
    )
    more_time_minutes: int = number(10, "min", (1, 60), 16, "'more time', once")
    call_before_ready_seconds: int = number(
        0, "s", (0, 300), 17, "call this long before the cool-down ends, to walk meanwhile"
    )
    arrivals_seen: bool = switch(
        False, 17, "each runner's arrival is reported at once, by a gate or desk"
    )
    extra_calls: float = number(
        0, "runners", (0, 3), 17, "called beyond the tables coming free, to cover no-shows"
    )
    call_grace_seconds: int = number(
        240, "s", (30, 900), 17, "a called runner counts as on the way this long"
    )
    linger_seconds: int = number(
        180, "s", (0, 900), 17, "who joins in the tent stays near this long"
    )
    standby_cap: int = number(
        12, "runners", (1, 60), 17, "at most so many called or standing in the tent"
    )
    overtime_minutes: float = number(
        5, "min", (0, 60), 10, "a treatment may end this long after the shift"
    )
    longest_wait_minutes: int = number(
        0, "min", (0, 240), 21, "refuse recovery expected to wait longer than this; 0: never"
    )
    again_after_minutes: int = number(
        60, "min", (0, 720), 18, "a second ticket this long after the first"
    )
    again_wait_minutes: int = number(
        15, "min", (0, 240), 18, "a second ticket only while the wait is under this"
    )
    headsup_places: int = number(3, "places", (1, 20), 20, "heads-up at this place in line")
    headsup_minutes: int = number(10, "min", (1, 60), 20, "heads-up with this long to go")
    capacity_factor: float = number(
        0.9, "share", (0.3, 1.0), 21, "share of therapist minutes that may be promised"
    )
    shed_allowed: bool = switch(False, 22, "recovery may be shortened when the wait grows")
    shed_wait_minutes: int = number(
        45, "min", (10, 240), 22, "shorten recovery when the wait passes this"
    )
    shed_minutes: int = number(8, "min", (3, 30), 22, "length of a shortened recovery")
    data_kept_hours: int = number(
        72, "h", (0, 720), 31, "queue records become anonymous after this"
    )
    treatment_record: bool = switch(
        False, 31, "therapists may take home a short record for their insurers; runners are told"
    )

    @property
    def cooldown_for(self) -> timedelta:
        """Time from the finish until a runner may be called (rule 4)."""
        return timedelta(minutes=self.heat_cooldown_minutes if self.heat else self.cooldown_minutes)


MEDICAL = frozenset((4, 6, 8, 11))
"""Rules of the domain page that an event's medical lead confirms before the tent opens."""


def problem_with(spec: Field[Any], value: object) -> str | None:
    """Say what is wrong with `value` as a setting of the rule `spec`, or None."""
    if spec.metadata["unit"] == "yes/no":
        return None if isinstance(value, bool) else "must be true or false"
    whole, unit = spec.type == "int", spec.metadata["unit"]
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return f"must be a {'whole ' if whole else ''}number of {unit}"
    low, high = spec.metadata["low"], spec.metadata["high"]
    return None if low <= value <= high else f"must be between {low:g} and {high:g} {unit}"


def specs(kind: type[LaneRules] | type[TentRules]) -> dict[str, Field[Any]]:
    """Return the declared rules of `kind` by name, in the order of the domain page."""
    return {spec.name: spec for spec in fields(kind)}
