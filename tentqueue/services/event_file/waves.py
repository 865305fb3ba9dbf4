"""The file's contests and their waves: who starts when, and how far they run."""

from __future__ import annotations

from dataclasses import replace

from tentqueue.domain.race_event import Wave
from tentqueue.services.event_file.sheet import Section, Sheet
from tentqueue.services.event_file.times import Calendar, NotATime


def waves_of(sheet: Sheet, calendar: Calendar) -> tuple[Wave, ...]:
    """Read every start, with the contest it belongs to and how far that one runs."""
    waves: list[Wave] = []
    for contest in sheet.tables_of(sheet.tables, "contest"):
        contest.only(("name", "distance_km", "wave"))
        distance = _distance(contest)
        name = contest.text("name", 40)
        found = [
            wave
            for section in sheet.tables_of(contest.table, *contest.path, "wave")
            if (wave := _wave(section, name or "", calendar)) is not None
        ]
        if not contest.table.get("wave"):
            contest.complain("wave", "is missing; write [[contest.wave]] with name and start")
        for wave in (replace(wave, distance_km=distance) for wave in found):
            if wave.id in {other.id for other in waves}:
                contest.complain("wave", f"{wave.id} is there twice; give each wave its own name")
            waves.append(wave)
    return tuple(waves)


def _wave(section: Section, contest: str, calendar: Calendar) -> Wave | None:
    section.only(("name", "start"))
    name = section.text("name", 40)
    if "start" not in section.table:
        section.complain("start", 'is missing; write start = "09:30"')
        return None
    try:
        starts_at = calendar.instant(section.table["start"])
    except NotATime as why:
        section.complain("start", str(why))
        return None
    return None if name is None else Wave(f"{contest}/{name}", contest, name, starts_at)


def _distance(contest: Section) -> float | None:
    given = contest.table.get("distance_km")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= 1000:
        contest.complain("distance_km", "must be a number of kilometres, as 21.1")
        return None
    return float(given)
