"""The file's therapists: who they are, where they work, and when."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from typing import Any

from tentqueue.domain.model import Gender, LaneName
from tentqueue.domain.therapist import PlannedBreak, Role, Shift, Therapist
from tentqueue.services.event_file.sheet import Section, Sheet
from tentqueue.services.event_file.times import Calendar, NotATime

_KNOWN = ("id", "name", "role", "lanes", "table", "shifts", "breaks", "languages", "gender")
_NO_TABLE = 0


def therapists_of(sheet: Sheet, calendar: Calendar, tables: int) -> tuple[Therapist, ...]:
    """Read every therapist; who names no table gets the first that is free during their shifts."""
    read: list[tuple[Section, Therapist]] = []
    for section in sheet.tables_of(sheet.tables, "therapist"):
        therapist = _therapist(section, calendar)
        if therapist is None:
            continue
        if therapist.id in {other.id for _, other in read}:
            section.complain(
                "name", f'makes the id {therapist.id} a second time; add id = "…" to one'
            )
        read.append((section, therapist))
    return _seated(read, tables)


def _therapist(section: Section, calendar: Calendar) -> Therapist | None:
    section.only(_KNOWN)
    name = section.text("name", 40)
    lanes = _lanes(section)
    role = section.one_of("role", Role, Role.LICENSED)
    gender = section.one_of("gender", Gender, None)
    table = section.whole("table", 1, 200, _NO_TABLE)
    ident = section.text("id", 40, _id_of(name or ""))
    if name is None or role is None or table is None or ident is None:
        return None
    if ident != _id_of(ident):
        section.complain("id", "must be small letters a-z, digits and single -, as ana")
        return None
    return Therapist(
        ident,
        name,
        Role(role),
        lanes,
        table,
        shifts=_shifts(section, calendar),
        breaks=_breaks(section, calendar),
        languages=tuple(section.texts("languages", 40)),
        gender=Gender(gender) if gender else None,
    )


def _id_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "therapist"


def _lanes(section: Section) -> tuple[LaneName, ...]:
    given, known = section.texts("lanes"), [str(name) for name in LaneName]
    wrong = [name for name in given if name not in known]
    if wrong:
        section.complain("lanes", f"has {wrong[0]}; the lanes are {', '.join(known)}")
    elif not given:
        section.complain("lanes", 'is missing; write lanes = ["recovery"]')
    return tuple(dict.fromkeys(LaneName(name) for name in given if name in known))


def _shifts(section: Section, calendar: Calendar) -> tuple[Shift, ...]:
    given = section.table.get("shifts", [])
    if not isinstance(given, list) or len(given) > 100:
        section.complain("shifts", 'must be a list: shifts = ["07:30-12:00"]')
        return ()
    shifts: list[Shift] = []
    for value in given:
        try:
            stretch = calendar.shift(value)
            shifts.append(Shift(stretch.begin, stretch.end))
        except NotATime as why:
            section.complain("shifts", f"{str(value)[:40]!r} {why}")
    for one, other in pairwise(shifts):
        if other.starts_at < one.ends_at:
            section.complain(
                "shifts", "overlap or are out of order; write them one after the other"
            )
            break
    return tuple(shifts)


def _breaks(section: Section, calendar: Calendar) -> tuple[PlannedBreak, ...]:
    return tuple(
        found
        for inner in section.sheet.tables_of(section.table, *section.path, "breaks")
        if (found := _break(inner, calendar)) is not None
    )


def _break(section: Section, calendar: Calendar) -> PlannedBreak | None:
    section.only(("between", "minutes"))
    given: Any = section.table.get("minutes")
    if isinstance(given, bool) or not isinstance(given, int | float) or not 1 <= given <= 180:
        section.complain("minutes", "must be a number of minutes from 1 to 180")
        return None
    try:
        stretch = calendar.shift(section.table.get("between"))
    except NotATime as why:
        section.complain("between", str(why))
        return None
    return PlannedBreak(stretch.begin, stretch.end, float(given))


def _seated(read: list[tuple[Section, Therapist]], tables: int) -> tuple[Therapist, ...]:
    seated = [therapist for _, therapist in read if therapist.table != _NO_TABLE]
    placed: list[Therapist] = []
    for section, therapist in read:
        if therapist.table != _NO_TABLE:
            _check_table(section, therapist, seated, tables)
            placed.append(therapist)
            continue
        free = _free_tables(therapist, seated, tables)
        if not free:
            section.complain(
                "table", f"none of the {tables} tables is free in {therapist.name}'s shifts"
            )
            continue
        placed.append(replace(therapist, table=free[0]))
        seated.append(placed[-1])
    return tuple(placed)


def _check_table(section: Section, mine: Therapist, seated: list[Therapist], tables: int) -> None:
    if mine.table > tables:
        section.complain(
            "table", f"there are {tables} tables; raise event.tables or choose another"
        )
    for other in seated:
        if other is not mine and other.table == mine.table and _meet(mine, other):
            section.complain(
                "table", f"{other.name} works at table {mine.table} too; choose another"
            )
            return


def _free_tables(therapist: Therapist, seated: list[Therapist], tables: int) -> list[int]:
    taken = {other.table for other in seated if _meet(therapist, other)}
    return [table for table in range(1, tables + 1) if table not in taken]


def _meet(one: Therapist, other: Therapist) -> bool:
    """Whether two are on duty at once; without shifts one may come at any time."""
    if not one.shifts or not other.shifts:
        return True
    return any(
        a.starts_at < b.ends_at and b.starts_at < a.ends_at
        for a in one.shifts
        for b in other.shifts
    )
