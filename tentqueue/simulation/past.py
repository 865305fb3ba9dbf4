"""Past results for planning: how long each contest's finishers took, as timing systems write it.

Only contest, wave and time are looked at; nothing else is kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_CONTEST = ("contest", "race", "distance", "event", "division")
_WAVE = ("wave", "corral", "startwave", "startgroup")
_TIME = ("chiptime", "nettime", "nets", "finishtime", "time", "result", "guntime", "clocktime")
_DELAY = ("offs", "startoffset", "startdelay")
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})(?:[.,]\d+)?$")


class ResultsProblem(Exception):
    """Past results can't be read; the text names the line or column and what to do."""


@dataclass(frozen=True)
class Finisher:
    """One line of past results; `wave` counts from 0, None where the file has no waves."""

    contest: str
    wave: int | None
    seconds: int
    """From the wave's gun to the finish."""


def read_results(path: Path) -> list[Finisher]:
    """Read a results file. Raises: ResultsProblem, OSError."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = text.splitlines()
    if not lines:
        raise ResultsProblem("line 1: the file is empty; it needs a line of headings")
    mark = max(",;\t", key=lines[0].count)
    rows = csv.DictReader(lines, delimiter=mark)
    found = list(_finishers(rows))
    if not found:
        raise ResultsProblem("no finish times; times look like 1:53:28 or 53:28")
    return found


def _finishers(rows: csv.DictReader[str]) -> Iterator[Finisher]:
    heads = {re.sub(r"[^a-z]", "", (head or "").lower()): head for head in rows.fieldnames or ()}
    time = _column(heads, _TIME)
    if time is None:
        raise ResultsProblem("line 1: no column of times; name one chip time, time or net_s")
    contest, wave, delay = (_column(heads, names) for names in (_CONTEST, _WAVE, _DELAY))
    waves: dict[str, int] = {}
    for row in rows:
        seconds = seconds_of(row.get(time) or "")
        if seconds is not None:
            late = seconds_of(row.get(delay) or "") if delay else None
            yield Finisher(
                (row.get(contest) or "").strip() if contest else "",
                _number(waves, (row.get(wave) or "").strip()) if wave else None,
                seconds + (late or 0),
            )


def _column(heads: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((heads[name] for name in names if name in heads), None)


def _number(waves: dict[str, int], name: str) -> int:
    """Waves are numbered as they stand in the file, unless they are numbers."""
    return int(name) - 1 if name.isdigit() and name != "0" else waves.setdefault(name, len(waves))


def seconds_of(text: str) -> int | None:
    """Read `1:53:28`, `53:28` (minutes) or plain seconds; None for DNF and the like."""
    text = text.strip()
    if re.fullmatch(r"\d{1,6}([.,]\d+)?", text):
        return round(float(text.replace(",", ".")))
    clock = _CLOCK.match(text)
    if clock is None:
        return None
    hours, minutes, seconds = (int(each or 0) for each in clock.groups())
    return hours * 3600 + minutes * 60 + seconds
