"""Races made of real finish times: when runners of each wave cross the line, seconds of the day."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from tentqueue.practice import practice_event, practice_finishes

Finishers = npt.NDArray[Any]
"""Two columns: number of the wave from 0, seconds from the wave's gun to the finish."""
Seconds = npt.NDArray[Any]
"""One number for each of many people."""


@dataclass(frozen=True)
class Contest:
    """A distance: the waves' guns (seconds after midnight) and its finishers."""

    name: str
    guns: tuple[int, ...]
    finishers: Finishers
    share: float = 1.0
    """Part of the tent's runners that come from this contest."""


@dataclass(frozen=True)
class Race:
    """A race day: contests, and from when to when the tent is open."""

    title: str
    contests: tuple[Contest, ...]
    opens: int
    closes: int


def read_races(folder: Path) -> dict[str, Race]:
    """Read `events.json` and a CSV of finishers (`race,wave,off_s,net_s`) for each race in it.

    Raises: OSError, and ValueError or KeyError where a file is not as it should be.
    """
    described = json.loads((folder / "events.json").read_text(encoding="utf-8"))
    return {
        name: _race(each["title"], each["races"], folder / f"{name}.csv")
        for name, each in described.items()
    }


def _race(title: str, guns: dict[str, list[int]], path: Path) -> Race:
    rows: dict[str, list[tuple[int, int]]] = {name: [] for name in guns}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            taken = int(row["off_s"]) + int(row["net_s"])
            rows[row["race"]].append((int(row["wave"]) - 1, taken))
    total = sum(map(len, rows.values()))
    contests = tuple(
        Contest(name, tuple(guns[name]), np.array(each), len(each) / total)
        for name, each in rows.items()
    )
    return Race(title, contests, *tent_hours(contests))


def practice_race() -> Race:
    """The race of the practice day, which every installation has."""
    event = practice_event()
    guns = tuple(second_of_day(wave.starts_at, event.timezone) for wave in event.waves)
    finishers = np.array([(each.wave - 1, each.after_s) for each in practice_finishes()])
    contests = (Contest(event.waves[0].contest, guns, finishers),)
    return Race(event.name, contests, *tent_hours(contests))


def second_of_day(instant: datetime, timezone: str) -> int:
    """Seconds after the event's local midnight."""
    local = instant.astimezone(ZoneInfo(timezone))
    return local.hour * 3600 + local.minute * 60 + local.second


def tent_hours(contests: tuple[Contest, ...]) -> tuple[int, int]:
    """Open two hours before the first gun, until 40 minutes after 99 % have finished."""
    first = min(min(contest.guns) for contest in contests)
    last = max(float(np.quantile(finish_times(each), 0.99)) for each in contests)
    half = 1800
    return first // half * half - 4 * half, -int(-(last + 2400) // half) * half


def finish_times(contest: Contest) -> Seconds:
    """Finish of each finisher, seconds after midnight."""
    guns = np.array(contest.guns)
    finished: Seconds = guns[contest.finishers[:, 0].astype(int)] + contest.finishers[:, 1]
    return finished


def imagined(race: Race, kind: str, chance: Generator) -> Race:
    """Another race run by the same people: times scaled to the distance, other guns.

    `kind`: `itself`, `ten` (six waves close together), `half`, `cool` (a faster marathon) or
    `festival` (10 km first, so that its recovery meets the half marathon's warm-ups).
    """
    if kind == "itself":
        return race
    first = race.contests[0]
    contests = tuple(_scaled(first, plan, chance) for plan in _KINDS[kind])
    return Race(kind, contests, *tent_hours(contests))


@dataclass(frozen=True)
class _Plan:
    name: str
    faster: float
    gun: int
    every: int
    waves: int
    share: float = 1.0


_KINDS = {
    "ten": (_Plan("10M", 0.38, 27000, 180, 6),),
    "half": (_Plan("Half", 0.47, 30600, 360, 4),),
    "cool": (_Plan("Marathon", 0.93, 30600, 900, 3),),
    "festival": (
        _Plan("10K", 0.23, 28800, 300, 3, 0.45),
        _Plan("Half", 0.47, 34200, 600, 3, 0.55),
    ),
}
KINDS = ("itself", *_KINDS)


def _scaled(contest: Contest, plan: _Plan, chance: Generator) -> Contest:
    """Quick runners start in the first waves, as they do."""
    times = np.sort(chance.choice(contest.finishers[:, 1], 6000)) * plan.faster
    mixed = np.argsort(np.arange(6000) + chance.normal(0, 900, 6000))
    waves = np.empty(6000)
    waves[mixed] = np.arange(6000) * plan.waves // 6000
    guns = tuple(plan.gun + plan.every * number for number in range(plan.waves))
    return Contest(plan.name, guns, np.column_stack([waves, times]), plan.share)
