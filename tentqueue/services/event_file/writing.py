"""An event as the text of a file that reads back to the very same event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import LanePlan, RaceEvent
from tentqueue.domain.rules import LANE_DEFAULTS, LaneRules, TentRules, specs
from tentqueue.domain.therapist import Therapist
from tentqueue.services.event_file.times import Calendar, NotATime


def write_event(event: RaceEvent) -> str:
    """Return the event as TOML; what `read_event` makes of it equals `event`.

    A rule at its default is left out.
    """
    calendar = Calendar(ZoneInfo(event.timezone), date.fromisoformat(event.date))
    parts = [
        _head(event),
        *_contests(event, calendar),
        *_rules(event.rules),
        *_medical(event),
        *(_lane(name, plan, calendar) for name, plan in event.lanes.items()),
        *(_therapist(t, calendar) for t in event.therapists),
        *_expected(event, calendar),
    ]
    return "\n".join(parts)


def _section(header: str, pairs: Iterable[tuple[str, Any]]) -> str:
    lines = [f"{key} = {value}" for key, value in pairs if value is not None]
    return "\n".join([header, *lines, ""])


def _head(event: RaceEvent) -> str:
    return _section(
        "[event]",
        [
            ("slug", _text(event.slug)),
            ("name", _text(event.name)),
            ("timezone", _text(event.timezone)),
            ("date", event.date),
            ("tables", event.tables),
            ("languages", _list(map(_text, event.languages)) if event.languages else None),
        ],
    )


def _contests(event: RaceEvent, calendar: Calendar) -> Iterator[str]:
    kinds = groupby(event.waves, key=lambda wave: (wave.contest, wave.distance_km))
    for (contest, distance), waves in kinds:
        about = [("name", _text(contest)), ("distance_km", distance)]
        yield _section("[[contest]]", about)
        for wave in waves:
            start = _time(wave.starts_at, calendar, calendar.day)
            pairs = [("name", _text(wave.name)), ("start", start)]
            yield _section("[[contest.wave]]", pairs)


def _rules(rules: TentRules) -> Iterator[str]:
    changed = _changed(rules, TentRules())
    if changed:
        yield _section("[rules]", changed)


def _medical(event: RaceEvent) -> Iterator[str]:
    if event.confirmed_by:
        yield _section("[medical]", [("confirmed_by", _text(event.confirmed_by))])


def _lane(name: LaneName, plan: LanePlan, calendar: Calendar) -> str:
    day = calendar.day + timedelta(days=name is LaneName.NEXTDAY)
    hours = [
        ("opens", _time(plan.opens_at, calendar, day)),
        ("closes", _time(plan.closes_at, calendar, calendar.local(plan.opens_at).date())),
    ]
    return _section(f"[lane.{name}]", hours + _changed(plan.rules, LANE_DEFAULTS[name]))


def _changed(
    rules: LaneRules | TentRules, defaults: LaneRules | TentRules
) -> list[tuple[str, Any]]:
    return [
        (key, _scalar(getattr(rules, key)))
        for key in specs(type(rules))
        if getattr(rules, key) != getattr(defaults, key)
    ]


def _therapist(therapist: Therapist, calendar: Calendar) -> str:
    shifts = [_stretch(s.starts_at, s.ends_at, calendar) for s in therapist.shifts]
    breaks = [
        f"{{between = {_stretch(b.earliest_at, b.latest_at, calendar)}, "
        f"minutes = {_scalar(b.minutes)}}}"
        for b in therapist.breaks
    ]
    return _section(
        "[[therapist]]",
        [
            ("id", _text(therapist.id)),
            ("name", _text(therapist.name)),
            ("role", _text(therapist.role)),
            ("lanes", _list(_text(lane) for lane in therapist.lanes)),
            ("table", therapist.table),
            ("shifts", _list(shifts) if shifts else None),
            ("breaks", _list(breaks) if breaks else None),
            ("languages", _list(map(_text, therapist.languages)) if therapist.languages else None),
            ("gender", _text(therapist.gender) if therapist.gender else None),
        ],
    )


def _expected(event: RaceEvent, calendar: Calendar) -> Iterator[str]:
    expected = event.expected
    if expected is not None:
        yield _section(
            "[expected]",
            [
                ("from", _time(expected.starts_at, calendar, calendar.day)),
                ("bin_minutes", expected.bin_minutes),
                *((name, _list(map(_scalar, bins))) for name, bins in expected.ready.items()),
            ],
        )


def _text(value: str) -> str:
    # JSON's escapes are all TOML's too.
    return json.dumps(str(value), ensure_ascii=False)


def _scalar(value: float) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _time(at: datetime, calendar: Calendar, day: date | None) -> str:
    """The race's clock where that says it all, else with the day, else with the offset too."""
    local = calendar.local(at)
    short = f"{local:%H:%M}" if local.date() == day else f"{local:%Y-%m-%d %H:%M}"
    try:
        exact = calendar.instant(short, day) == at
    except NotATime:
        exact = False
    return _text(short if exact else local.isoformat(" "))


def _stretch(begin: datetime, end: datetime, calendar: Calendar) -> str:
    first, last = calendar.local(begin), calendar.local(end)
    for text in (
        f"{first:%H:%M}-{last:%H:%M}",
        f"{first:%Y-%m-%d %H:%M}-{last:%H:%M}",
    ):
        try:
            found = calendar.shift(text)
        except NotATime:
            continue
        if (found.begin, found.end) == (begin, end):
            return _text(text)
    return _text(f"{first.isoformat(' ')} / {last.isoformat(' ')}")
