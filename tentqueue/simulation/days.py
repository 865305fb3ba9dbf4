"""New race days (`tentqueue-day/1`) from finish times and a seed: the same seed, the same day.

Everything a dispatcher can't know has spread: demand, lengths, walking, no-shows, patience, speeds,
absences, and the organiser's own expectation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator, default_rng

from tentqueue.simulation.briefing import race_part, rules_part
from tentqueue.simulation.chances import Weather, runner_truth, therapist_truth
from tentqueue.simulation.dayfile import FORMAT, Message
from tentqueue.simulation.demand import BIN, Quarters, Wish, expected, runners
from tentqueue.simulation.races import KINDS, Race, imagined
from tentqueue.simulation.shifts import HALF_HOUR, HALF_HOURS, breaks, shifts, skills

SIZES = {"small": (24, 60), "medium": (90, 220), "large": (220, 560)}
"""Warm-ups and recoveries expected in a day."""
STAFF = {"lean": 0.8, "mid": 1.0, "rich": 1.25, "surge": 1.0}
"""Therapists, as a multiple of the expected work; a surge brings a third more runners."""
SERVICES = {
    "pre": {"nominal_s": 540, "changeover_s": 120},
    "post": {"nominal_s": 780, "changeover_s": 120},
}
HalfHours = npt.NDArray[Any]
"""People by half-hour since midnight."""
POLL = 600
"""Seconds between two looks at what the runners are told."""


@dataclass(frozen=True)
class Kind:
    """What sort of day: `size` of SIZES, `staff` of STAFF."""

    size: str
    staff: str


def make_day(race: Race, kind: Kind, seed: int) -> Message:
    """Make one day."""
    chance = default_rng(seed)
    warmups, recoveries = SIZES[kind.size]
    wish = Wish(warmups, recoveries, int(chance.choice([900, 900, 1200])))
    hoped = expected(race, wish, chance)
    need = needed(race, hoped, STAFF[kind.staff])
    public, truth = _staff(race, hoped, need, chance)
    surge = kind.staff == "surge"
    weather = Weather.drawn(chance, absent=0.09 if surge else 0.05)
    seen = runners(race, wish, 1.35 if surge else 1.0, chance)
    truths = {
        each["id"]: therapist_truth(each["start_s"], each["end_s"], weather.absent, chance)
        for each in public
    }
    return {
        "format": FORMAT,
        "day_id": f"{_plain(race.title)}-{kind.size}-{kind.staff}-{seed}",
        "public": {
            "event": race_part(race),
            "services": SERVICES,
            "rules": rules_part(wish, max(need), POLL),
            "therapists": public,
            "forecast": _forecast(hoped, chance),
        },
        "arrivals": _arrivals(seen, weather, chance),
        "truth": {"therapists": truths, "generator": {"seed": seed, **truth}},
    }


def many_days(race: Race, count: int, seed: int) -> Iterator[Message]:
    """Make `count` days: kinds of race, sizes and staff in turn, so that few have some of each."""
    sizes, staff = ("medium", "small", "medium", "large"), ("lean", "mid", "rich", "surge")
    for number in range(count):
        kind = Kind(sizes[(number // 5 + number) % 4], staff[(number + number // 4) % 4])
        chance = default_rng([seed, number])
        other = imagined(race, KINDS[number % len(KINDS)], chance)
        yield make_day(other, kind, seed * 1000 + number)


def needed(race: Race, hoped: dict[str, Quarters], scale: float) -> list[int]:
    """Therapists by half-hour for the expected work; at least one while anybody is expected."""
    work = 11.0 / 30 * _spread(hoped["pre"], 0.6) + 15.0 / 30 * _spread(hoped["post"], 0.5)
    heads = np.ceil(work * scale * 1.08 - 0.25)
    first, last = race.opens // HALF_HOUR, race.closes / HALF_HOUR
    return [
        int(max(heads[n], work[n] > 0.02)) if first <= n < last else 0 for n in range(HALF_HOURS)
    ]


def _spread(bins: Quarters, now: float) -> HalfHours:
    """Half-hours of people ready, part of whom are treated in the half-hour after."""
    ready = bins.reshape(-1, 2).sum(axis=1)
    later: HalfHours = np.concatenate([[0], ready[:-1]])
    spread: HalfHours = now * ready + (1 - now) * later
    return spread


def _staff(
    race: Race, hoped: dict[str, Quarters], need: list[int], chance: Generator
) -> tuple[list[Message], Message]:
    first = int(np.argmax(hoped["post"].reshape(-1, 2).sum(axis=1) > 0.3)) * HALF_HOUR
    warm = np.flatnonzero(hoped["pre"] > 0.01)
    last = (int(warm[-1]) + 1) * BIN if len(warm) else 0
    public = []
    for number, (start, end) in enumerate(shifts(need), 1):
        span = max(race.opens, start), min(race.closes, end)
        public.append(
            {
                "id": f"T{number:02d}",
                "table": number,
                "skills": skills(span, first, last, chance),
                "start_s": span[0],
                "end_s": span[1],
                "breaks": breaks(*span, chance),
            }
        )
    return public, {"therapists": len(public)}


def _forecast(hoped: dict[str, Quarters], chance: Generator) -> Message:
    """The organiser's expectation, wrong by an eighth or so."""
    wrong = {name: exp(chance.normal(0, 0.12)) for name in hoped}
    bins = {name: [round(float(n) * wrong[name], 2) for n in each] for name, each in hoped.items()}
    return {"bin_s": BIN, **bins}


def _arrivals(seen: list[Message], weather: Weather, chance: Generator) -> list[Message]:
    return [
        {
            "id": f"K{number:04d}",
            "seen": each,
            "truth": runner_truth(each, SERVICES[each["service"]]["nominal_s"], weather, chance),
        }
        for number, each in enumerate(seen, 1)
    ]


def _plain(title: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in title.lower()).strip("-").replace("--", "-")
