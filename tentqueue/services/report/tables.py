"""The report's tables in words, the same on a screen, on paper and as CSV. Decides no number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tentqueue.domain.model import LaneName
from tentqueue.domain.said import Said
from tentqueue.domain.therapist import Role
from tentqueue.services.report.day import UNTOLD, DayReport, Team
from tentqueue.services.report.hours import Hour
from tentqueue.services.report.tally import MERGED, SMALLEST

Cell = str | int | float | None
LANES = {
    LaneName.WARMUP: Said("Warm-up"),
    LaneName.RECOVERY: Said("Recovery"),
    LaneName.NEXTDAY: Said("Next day"),
}
ROLES = {Role.LICENSED: Said("Therapists"), Role.STUDENT: Said("Students")}
NAMES = {
    UNTOLD: Said("contest not told"),
    MERGED: Said("other, merged"),
    "feet": Said("Feet"),
    "calves": Said("Calves"),
    "shins": Said("Shins"),
    "knees": Said("Knees"),
    "hamstrings": Said("Hamstrings"),
    "quads": Said("Quads"),
    "hips": Said("Hips"),
    "lower_back": Said("Lower back"),
    "shoulders": Said("Shoulders"),
    "feeling_ill": Said("Feeling ill"),
    "injury": Said("Injury"),
    "skin": Said("Skin"),
    "lane_full": Said("the lane was full"),
    "lane_closed": Said("the lane was closed"),
    "too_late": Said("too close to the start"),
}
FEW = Said("fewer than {count}", count=SMALLEST)


@dataclass(frozen=True)
class Table:
    """One table: `name` is its file's, `note` says how to read it."""

    name: str
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(report: DayReport) -> list[Table]:
    """Every table of the report that has a row, the most asked for first."""
    made = (_treated, _waits, _promises, _hours, _teams, _turned_away, _contests, _areas)
    found = [*(make(report) for make in made), _referrals(report)]
    return [table for table in found if table.rows]


def _treated(report: DayReport) -> Table:
    """Referred stands with left: of a lane's total, a count of one or two would show through."""
    heads = (
        "", Said("joined"), Said("treated"), Said("no-show"), Said("left or referred"),
        Said("expired"), Said("still in line"),
    )  # fmt: skip
    counts = {
        LANES[lane]: (e.joined, e.treated, e.no_show, e.left + e.referred, e.expired, e.still_open)
        for lane, e in report.ends.items()
    }
    together = tuple(sum(column) for column in zip(*counts.values(), strict=True))
    rows = [(name, *row) for name, row in [*counts.items(), (Said("Together"), together)]]
    note = Said("How each ticket ended. Who was referred counts with those who left.")
    return _table("treated", Said("What became of each ticket"), note, heads, rows)


def _waits(report: DayReport) -> Table:
    heads = (
        "", Said("treated"), Said("half waited under"), Said("9 of 10 under"), Said("longest"),
        Said("planned"), Said("hands on"),
    )  # fmt: skip
    plans = report.event.lanes
    rows = [
        (LANES[lane], w.count, _tenth(w.p50), _tenth(w.p90), _tenth(w.longest),
         plans[lane].rules.minutes, _tenth(report.minutes.get(lane)))
        for lane, w in report.waits.items()
        if w.count
    ]  # fmt: skip
    note = Said(
        "Minutes from when a runner could be called until hands were on, then the planned and the "
        "mean length of a treatment. The cool-down after the finish is not a wait."
    )
    return _table("waits", Said("Waits"), note, heads, rows)


def _promises(report: DayReport) -> Table:
    heads = (
        "", Said("told a range"), Said("in it"), Said("earlier"), Said("later"),
        Said("in it, %"), Said("off by, min"), Said("range, min"),
    )  # fmt: skip
    rows = [
        (LANES[lane], p.count, p.held, p.early, p.late, _tenth(100 * p.held / p.count),
         _tenth(p.error), _tenth(p.width))
        for lane, p in report.promises.items()
        if p.count
    ]  # fmt: skip
    note = Said(
        "The range told at joining against when hands were on; mean distance from the likeliest "
        "time and mean width of the range in minutes."
    )
    return _table("promises", Said("Promised against actual"), note, heads, rows)


def _hours(report: DayReport) -> Table:
    heads = (
        Said("from"), Said("joined"), Said("expected"), Said("treated"), Said("rostered"),
        Said("on duty"), Said("hands on, %"), Said("breaks, min"), Said("half waited under"),
        Said("9 of 10 under"),
    )  # fmt: skip
    rows = [
        (hour_name(report, hour), hour.joined, _tenth(hour.expected), sum(hour.treated.values()),
         _tenth(hour.planned_heads), _tenth(hour.heads), _percent(hour.used),
         round(hour.on_breaks), _tenth(hour.p50), _tenth(hour.p90))
        for hour in report.hours
    ]  # fmt: skip
    note = Said(
        "Therapists as means over the hour: rostered with their breaks, on duty without. Waits are "
        "of those who could be called in that hour, in minutes."
    )
    return _table("hours", Said("Hour by hour, and the plan"), note, heads, rows)


def _teams(report: DayReport) -> Table:
    heads = (
        "", Said("people"), Said("rostered, h"), Said("on duty, h"), Said("hands on, h"),
        Said("hands on, %"), Said("breaks"), Said("breaks, min"),
    )  # fmt: skip
    rows = [(ROLES[role], *_team(team)) for role, team in report.teams.items()]
    note = Said("By role, never by name. On duty leaves breaks out.")
    return _table("therapists", Said("Therapists and breaks"), note, heads, rows)


def _team(team: Team) -> tuple[Cell, ...]:
    return (
        team.people,
        _tenth(team.planned_hours),
        _tenth(team.duty_hours),
        _tenth(team.hands_on_hours),
        _percent(team.hands_on_hours / team.duty_hours if team.duty_hours else None),
        team.breaks,
        round(team.break_minutes),
    )


def _turned_away(report: DayReport) -> Table:
    rows = [
        (LANES[lane], NAMES.get(reason, reason), count)
        for (lane, reason), count in report.turned_away.items()
    ]
    note = Said("Joins refused for want of time. Some of these runners may have joined later.")
    heads = (Said("lane"), Said("because"), Said("refused"))
    return _table("turned-away", Said("Turned away"), note, heads, rows)


def _contests(report: DayReport) -> Table:
    lanes = list(report.ends)
    rows: list[tuple[Cell, ...]] = [
        (NAMES.get(name, name), *(counts.get(lane, 0) for lane in lanes), sum(counts.values()))
        for name, counts in report.contests.items()
    ]
    note = Said("Only who told a start wave is known by contest; recovery does not ask for one.")
    heads = ("", *(LANES[lane] for lane in lanes), Said("treated"))
    return _table("contests", Said("Treated by contest"), note, heads, rows)


def _areas(report: DayReport) -> Table:
    note = Said("Where the treated pointed at; counts under {count} are merged.", count=SMALLEST)
    heads = (Said("area"), Said("runners"))
    return _table("areas", Said("Areas"), note, heads, _counted(report.areas))


def _referrals(report: DayReport) -> Table:
    note = Said("By category; counts under {count} are merged.", count=SMALLEST)
    heads = (Said("category"), Said("runners"))
    return _table("referrals", Said("Referred to medical"), note, heads, _counted(report.referrals))


def _counted(cells: dict[str, int | None]) -> list[tuple[Cell, ...]]:
    return [
        (NAMES.get(name, name.capitalize()), FEW if count is None else count)
        for name, count in cells.items()
    ]


def _table(
    name: str, title: Said, note: Said, heads: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]
) -> Table:
    return Table(name, title, note, heads, tuple(rows))


def hour_name(report: DayReport, hour: Hour) -> str:
    """`09:00`, with the day where the event has several."""
    zone = ZoneInfo(report.event.timezone)
    first = report.hours[0].from_at.astimezone(zone)
    several = report.hours[-1].from_at.astimezone(zone).date() != first.date()
    return _clock(hour.from_at.astimezone(zone), several)


def _clock(at: datetime, with_day: bool) -> str:
    clock = f"{at:%H:%M}"
    return _on_day(clock)[at.weekday()] if with_day else clock


def _on_day(clock: str) -> tuple[Said, ...]:
    """The time on each day of the week."""
    return (
        Said("Mon {time}", time=clock),
        Said("Tue {time}", time=clock),
        Said("Wed {time}", time=clock),
        Said("Thu {time}", time=clock),
        Said("Fri {time}", time=clock),
        Said("Sat {time}", time=clock),
        Said("Sun {time}", time=clock),
    )


def _tenth(value: float | None) -> Cell:
    return None if value is None else round(value, 1)


def _percent(share: float | None) -> Cell:
    return None if share is None else round(100 * share)
