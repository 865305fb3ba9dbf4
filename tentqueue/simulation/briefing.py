"""A day file's public part, written for a race and read as an event: what a tent knows beforehand.

Never a truth that only the day tells.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import LanePlan, RaceEvent, Wave
from tentqueue.domain.rules import LaneRules, TentRules
from tentqueue.domain.therapist import PlannedBreak, Role, Shift, Therapist
from tentqueue.simulation.demand import Wish
from tentqueue.simulation.races import Race

LANES = {"pre": LaneName.WARMUP, "post": LaneName.RECOVERY}
MIDNIGHT = datetime(2027, 4, 25, tzinfo=UTC)
"""Day files count seconds from midnight; which midnight does not matter."""
_NEVER = 10**6


def at(seconds: float) -> datetime:
    """An instant of the day file's day."""
    return MIDNIGHT + timedelta(seconds=seconds)


def event_of(public: dict[str, Any]) -> RaceEvent:
    """The event that a day file describes."""
    event, rules = public["event"], public["rules"]
    waves = tuple(Wave(w["id"], w["race"], w["id"], at(w["start_s"])) for w in event["waves"])
    hours = at(event["open_s"]), at(event["close_s"])
    lanes = {
        LANES[name]: LanePlan(*hours, _lane(name, each))
        for name, each in public["services"].items()
    }
    therapists = tuple(_therapist(each) for each in public["therapists"])
    tables = max(t.table for t in therapists)
    return RaceEvent(
        "day", event["title"], "UTC", "2027-04-25", tables, waves, lanes, therapists, _rules(rules)
    )


def race_part(race: Race) -> dict[str, Any]:
    """A race as a day file's `event`."""
    waves = [
        {"id": f"{each.name}-{number}", "race": each.name, "start_s": int(gun)}
        for each in race.contests
        for number, gun in enumerate(each.guns, 1)
    ]
    return {
        "title": race.title,
        "open_s": int(race.opens),
        "close_s": int(race.closes),
        "waves": waves,
    }


def rules_part(wish: Wish, most: int, poll: int) -> dict[str, int]:
    """The usual `rules`: `most` therapists at once, ranges asked for every `poll` seconds."""
    return {
        "pre_buffer_s": wish.buffer,
        "cooldown_s": wish.cooldown,
        "linger_s": 180,
        "call_grace_s": 240,
        "recall_min_s": 120,
        "max_calls": 2,
        "standby_cap": max(5, int(0.9 * most)),
        "overtime_s": 300,
        "tick_s": 30,
        "poll_s": poll,
    }


def _lane(name: str, service: dict[str, int]) -> LaneRules:
    minutes = service["nominal_s"] // 60
    # A warm-up is given up when less than nine tenths of it is left: the file knows no shorter one.
    short = max(1, round(0.9 * minutes)) if name == "pre" else minutes
    return LaneRules(minutes, short, minutes, service["changeover_s"] / 60, last_call_minutes=0)


def _rules(rules: dict[str, int]) -> TentRules:
    """The file's rules; breaks are the shifts' alone, and every arrival is reported."""
    return TentRules(
        warmup_buffer_minutes=rules["pre_buffer_s"] // 60,
        cooldown_minutes=rules["cooldown_s"] // 60,
        call_grace_seconds=rules["call_grace_s"],
        respond_seconds=rules["recall_min_s"] + 900,
        missed_hold_minutes=1,
        recall_seconds=rules["recall_min_s"],
        standby_cap=rules["standby_cap"],
        overtime_minutes=rules["overtime_s"] / 60,
        linger_seconds=rules["linger_s"],
        break_suggest_minutes=_NEVER,
        break_required_minutes=_NEVER,
        break_after_treatments=_NEVER,
        hands_on_limit_minutes=_NEVER,
        overdue_release_minutes=_NEVER,
        arrivals_seen=True,
        extra_calls=1.15,
        call_before_ready_seconds=300,
        back_at_front=0,
        longest_wait_minutes=15,
    )


def _therapist(each: dict[str, Any]) -> Therapist:
    breaks = tuple(
        PlannedBreak(at(b["earliest_s"]), at(b["latest_s"]), b["dur_s"] / 60)
        for b in each["breaks"]
    )
    return Therapist(
        id=each["id"],
        name=each["id"],
        role=Role.LICENSED,
        lanes=tuple(LANES[skill] for skill in each["skills"]),
        table=each["table"],
        shifts=(Shift(at(each["start_s"]), at(each["end_s"])),),
        breaks=breaks,
    )
