"""From the file's tables to the event: its day, lanes with their rules, what is expected."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tentqueue.domain.languages import LANGUAGES, MOST_ON_A_BOARD
from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import Expected, LanePlan, RaceEvent
from tentqueue.domain.rules import LANE_DEFAULTS, LaneRules, TentRules, problem_with, specs
from tentqueue.services.event_file.sheet import Section, Sheet
from tentqueue.services.event_file.therapists import therapists_of
from tentqueue.services.event_file.times import Calendar, NotATime
from tentqueue.services.event_file.waves import waves_of

MOST_TABLES_IN_TENT = 200
_TOP = ("event", "contest", "lane", "rules", "medical", "therapist", "expected")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*$")
RESERVED = frozenset(
    ("api", "gallery", "healthz", "metrics", "q", "readyz", "s", "setup", "static", "t")
)
"""First parts of the server's own paths: an event of that name could not be reached."""
_LANE_RULES, _TENT_RULES = specs(LaneRules), specs(TentRules)


def event_of(sheet: Sheet) -> RaceEvent | None:
    """Build the event, noting every problem in the sheet; None when there is no telling what."""
    top = sheet.section(table=sheet.tables)
    top.only(_TOP)
    head = _table(top, "event")
    head.only(("slug", "name", "timezone", "date", "tables", "languages"))
    calendar, tables = _calendar(head), head.whole("tables", 1, MOST_TABLES_IN_TENT)
    slug, name = _slug(head), head.text("name")
    if calendar is None:
        return None
    rules: dict[str, Any] = {}
    _rules(_table(top, "rules"), rules)
    lanes = _lanes(sheet, _table(top, "lane"), calendar, rules)
    waves = waves_of(sheet, calendar)
    therapists = therapists_of(sheet, calendar, tables or MOST_TABLES_IN_TENT)
    expected = _expected(top, calendar)
    languages, medical = _languages(head), _table(top, "medical")
    medical.only(("confirmed_by",))
    confirmed_by = medical.text("confirmed_by", 60, "")
    if slug is None or name is None or tables is None or sheet.problems:
        return None
    return RaceEvent(
        slug,
        name,
        calendar.zone.key,
        calendar.day.isoformat(),
        tables,
        waves,
        lanes,
        therapists,
        TentRules(**rules),
        expected,
        languages,
        confirmed_by or "",
    )


def _table(outer: Section, key: str) -> Section:
    given = outer.table.get(key, {})
    if not isinstance(given, dict):
        outer.complain(key, f"is a table: write [{key}]")
        given = {}
    return outer.sheet.section(*outer.path, key, table=given)


def _slug(head: Section) -> str | None:
    slug = head.text("slug", 60)
    if slug is not None and not _SLUG.match(slug):
        head.complain("slug", "must be small letters a-z, digits and single -, as riverside-half")
        return None
    if slug in RESERVED:
        head.complain("slug", f"must not be {slug}, an address of tentqueue's own")
        return None
    return slug


def _calendar(head: Section) -> Calendar | None:
    zone, day = _zone(head), _day(head)
    return Calendar(zone, day) if zone is not None and day is not None else None


def _zone(head: Section) -> ZoneInfo | None:
    name = head.text("timezone")
    if name is None:
        return None
    if name not in available_timezones():
        head.complain("timezone", "is not a time zone; write one as Europe/London")
        return None
    return ZoneInfo(name)


def _day(head: Section) -> date | None:
    given = head.table.get("date")
    if isinstance(given, str):
        try:
            given = date.fromisoformat(given)
        except ValueError:
            given = None
    if not isinstance(given, date) or isinstance(given, datetime):
        head.complain("date", "must be the day of the race: date = 2027-04-25")
        return None
    if not 2000 <= given.year <= 2200:
        head.complain("date", "must be a day of this century")
        return None
    return given


def _languages(head: Section) -> tuple[str, ...]:
    given = head.texts("languages", 10)
    known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
    for language in given:
        if language not in LANGUAGES:
            head.complain("languages", f"{language} is not spoken here; known: {known}")
    if len(set(given)) < len(given):
        head.complain("languages", "names a language twice; once is enough")
    if len(given) > MOST_ON_A_BOARD:
        what = f"are too many: {MOST_ON_A_BOARD} at most, each call is said in all"
        head.complain("languages", what)
    return tuple(given)


def _lanes(
    sheet: Sheet, outer: Section, calendar: Calendar, rules: dict[str, Any]
) -> dict[LaneName, LanePlan]:
    """A lane that is not in the file is not offered."""
    outer.only(LaneName)
    lanes: dict[LaneName, LanePlan] = {}
    for name in LaneName:
        if name in outer.table:
            plan = _lane(name, _table(outer, name), calendar, rules)
            if plan is not None:
                lanes[name] = plan
    if not outer.table:
        outer.complain(None, "is missing; write [lane.warmup] or [lane.recovery] at least")
    return lanes


def _lane(
    name: LaneName, section: Section, calendar: Calendar, rules: dict[str, Any]
) -> LanePlan | None:
    section.only(("opens", "closes", *_LANE_RULES, *_TENT_RULES))
    _rules(section, rules)
    changes = {
        key: value
        for key, value in section.table.items()
        if key in _LANE_RULES and _fits(section, key, value)
    }
    day = calendar.day + timedelta(days=name is LaneName.NEXTDAY)
    missing = [key for key in ("opens", "closes") if key not in section.table]
    for key in missing:
        section.complain(key, f'is missing; write {key} = "09:00"')
    if missing:
        return None
    try:
        hours = calendar.stretch(section.table["opens"], section.table["closes"], day)
    except NotATime as why:
        section.complain("closes", str(why))
        return None
    return LanePlan(hours.begin, hours.end, LaneRules(**_defaults(name) | changes))


def _defaults(name: LaneName) -> dict[str, Any]:
    given = LANE_DEFAULTS[name]
    return {key: getattr(given, key) for key in _LANE_RULES}


def _rules(section: Section, rules: dict[str, Any]) -> None:
    """Take the whole tent's rules, from `[rules]` or from the lane where one thinks of them."""
    if section.path == ("rules",):
        section.only(_TENT_RULES)
    for key, value in section.table.items():
        if key not in _TENT_RULES or not _fits(section, key, value):
            continue
        if rules.setdefault(key, value) != value:
            section.complain(key, "is set twice, and differently; keep one of the two")


def _fits(section: Section, key: str, value: object) -> bool:
    wrong = problem_with((_LANE_RULES | _TENT_RULES)[key], value)
    if wrong:
        section.complain(key, wrong)
    return wrong is None


def _expected(top: Section, calendar: Calendar) -> Expected | None:
    if "expected" not in top.table:
        return None
    section = _table(top, "expected")
    section.only(("from", "bin_minutes", *LaneName))
    bin_minutes = section.whole("bin_minutes", 1, 240, 15)
    ready = {name: _bins(section, name) for name in LaneName if name in section.table}
    try:
        starts_at = calendar.instant(section.table.get("from"))
    except NotATime as why:
        section.complain("from", str(why))
        return None
    return Expected(starts_at, bin_minutes, ready) if bin_minutes else None


def _bins(section: Section, name: LaneName) -> tuple[float, ...]:
    given = section.table[name]
    good = isinstance(given, list) and len(given) <= 1000
    if not good or not all(_is_count(count) for count in given):
        section.complain(name, "must be a list of numbers of runners, one for each stretch of time")
        return ()
    return tuple(float(count) for count in given)


def _is_count(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value <= 1_000_000  # type: ignore[operator]
