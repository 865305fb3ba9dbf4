"""Headers that may mean two things, settled by what stands below them.

`Finish Time` may be how long or when: times with a date, am or pm, or that no runner could have
taken, are times of day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from tentqueue.domain.model import Instant
from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.roster.columns import SURE, Meaning, plain_header
from tentqueue.services.roster.contests import Contests
from tentqueue.services.roster.source import Row
from tentqueue.services.roster.times import Days, NotATime, elapsed

_WHEN = re.compile(r"\d\s*[ap]\.?\s?m\b|\d{4}-\d\d-\d\d|\d[./]\d{1,2}[./]\d{2,4}\s|\buhr\b", re.I)
LONG_S = 7 * 3600
"""Half of a field took longer: unless it is an ultra, those are times of day."""


def settle(
    columns: dict[int, Meaning],
    headers: list[str],
    sample: list[Row],
    event: RaceEvent,
    chosen: Mapping[str, str],
) -> dict[int, Meaning]:
    """Turn an unsure gun time into a time of day where its cells say so; what was chosen stays."""
    settled = dict(columns)
    for number, meaning in columns.items():
        unsure = plain_header(headers[number]) not in SURE and meaning not in chosen
        if meaning is not Meaning.GUN or not unsure:
            continue
        cells = [r.cells[number].strip() for r in sample if number < len(r.cells)]
        if Meaning.FINISH not in columns.values() and _is_when([c for c in cells if c], event):
            settled[number] = Meaning.FINISH
    return settled


def _is_when(cells: list[str], event: RaceEvent) -> bool:
    if any(_WHEN.search(cell) for cell in cells):
        return True
    took = [length.total_seconds() for cell in cells if (length := _length(cell)) is not None]
    start = Contests(event).first_start()
    if not took or start is None or median(took) < LONG_S:
        return False
    days = Days(ZoneInfo(event.timezone), date.fromisoformat(event.date))
    after = [
        (at - start).total_seconds()
        for cell in cells
        if (at := _when(days, cell, start)) is not None
    ]
    return bool(after) and median(after) < LONG_S


def _length(cell: str) -> timedelta | None:
    try:
        return elapsed(cell)
    except NotATime:
        return None


def _when(days: Days, cell: str, start: Instant) -> Instant | None:
    try:
        return days.of_day(cell, start)
    except NotATime:
        return None
