"""How many therapists a race day needs, by half-hour, so that its promises hold.

The shape comes from the expected work smoothed over 70 minutes; its height from two numbers, one a
lane, halved in on until the promises hold on simulated days with two points to spare. Searching on
few days, or without the margin, misses the target on the days that come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf, nan

import numpy as np
from numpy.random import default_rng

from tentqueue.simulation.demand import BIN, Quarters, expected
from tentqueue.simulation.planned import Planned
from tentqueue.simulation.samples import Sample
from tentqueue.simulation.shifts import HALF_HOUR, HALF_HOURS, shifts
from tentqueue.simulation.sketch import Runner, run

MARGIN = 2.0
"""Percent points above the target that the search aims for."""
LOWEST, HIGHEST, STEPS = 0.2, 3.0, 7
FACTORS = (0.7, 0.85, 1.0, 1.15, 1.3)
_SMOOTH = np.array([0.833, 1.0, 1.0, 1.0, 0.833]) / 4.666
"""Seventy minutes of quarter-hours."""
_LATER = {"pre": 0, "post": 1}
"""Quarter-hours by which treatments trail those who are ready: recovery may wait, warm-ups not."""


@dataclass(frozen=True)
class Target:
    """What is promised: so many percent in time, a recovery's wait in minutes."""

    share: float = 90.0
    wait: float = 20.0


@dataclass(frozen=True)
class Tried:
    """One simulated day with one number of therapists; shares in percent, nan without runners."""

    warmups: float
    recoveries: float
    waits: tuple[tuple[int, float], ...]
    """Half-hour of being ready and minutes waited, of recoveries; inf for who was not served."""
    worked: tuple[float, ...]
    """Hands-on minutes by half-hour."""
    duty: tuple[float, ...]
    """Minutes on duty by half-hour."""

    def held(self, target: Target) -> bool:
        """Whether both promises held on this day."""
        return not self.warmups < target.share and not self.recoveries < target.share


@dataclass(frozen=True)
class Option:
    """One number of therapists by half-hour, and how its days went."""

    factor: float
    need: tuple[int, ...]
    days: tuple[Tried, ...]

    @property
    def hours(self) -> float:
        """Therapist-hours on duty as planned."""
        return sum(end - start for start, end in shifts(self.need)) / 3600

    def waits(self) -> list[float]:
        """All recovery waits of all days, minutes; infinite for those not served."""
        return [wait for day in self.days for _, wait in day.waits]

    def busy(self) -> float:
        """Hands-on share of the time on duty, percent."""
        duty = sum(sum(day.duty) for day in self.days)
        return 100 * sum(sum(day.worked) for day in self.days) / duty if duty else nan


@dataclass(frozen=True)
class Staffing:
    """The answer: the options from fewer to more therapists, and which is recommended."""

    plan: Planned
    target: Target
    hoped: dict[str, Quarters]
    options: tuple[Option, ...]
    reached: bool

    @property
    def best(self) -> Option:
        """The recommended option."""
        return next(option for option in self.options if option.factor == 1.0)


class Search:
    """Looks for the least staff; `follow` hears how many of `Search.TRIALS` trials are done."""

    TRIALS = 4 * STEPS + len(FACTORS)

    def __init__(
        self,
        plan: Planned,
        samples: Sequence[Sample],
        target: Target,
        follow: Callable[[int], None] = lambda done: None,
    ) -> None:
        self._plan, self._samples, self._target, self._follow = plan, samples, target, follow
        self._done = 0
        self._hoped = expected(plan.race, plan.wish, default_rng(1))
        self._work = {name: _work(plan, name, self._hoped[name]) for name in self._hoped}

    def answer(self) -> Staffing:
        """Find the scales, then try fewer and more."""
        scales = {"pre": 1.0, "post": 1.0}
        for lane in ("post", "pre", "post", "pre"):
            scales[lane] = self._bisect(scales, lane)
        options = tuple(self._option(scales, factor) for factor in FACTORS)
        found = next(option for option in options if option.factor == 1.0)
        reached = not _mean(found, "pre") < self._target.share
        reached = reached and not _mean(found, "post") < self._target.share
        return Staffing(self._plan, self._target, self._hoped, options, reached)

    def _bisect(self, scales: dict[str, float], lane: str) -> float:
        """The least scale of a lane at which its promise holds, the other's staff as it is."""
        low, high = LOWEST, HIGHEST
        for _ in range(STEPS):
            middle = (low * high) ** 0.5
            share = _mean(self._option({**scales, lane: middle}, 1.0), lane)
            low, high = (middle, high) if share < self._target.share + MARGIN else (low, middle)
        return high

    def _option(self, scales: dict[str, float], factor: float) -> Option:
        need = self._need({lane: scale * factor for lane, scale in scales.items()})
        days = tuple(try_day(self._plan, each, need, self._target) for each in self._samples)
        self._done += 1
        self._follow(self._done)
        return Option(factor, need, days)

    def _need(self, scales: dict[str, float]) -> tuple[int, ...]:
        """Therapists by half-hour; one at least while somebody is expected."""
        work = scales["pre"] * self._work["pre"] + scales["post"] * self._work["post"]
        peak = work.reshape(-1, 2).max(axis=1)
        race = self._plan.race
        first, last = race.opens // HALF_HOUR, ceil(race.closes / HALF_HOUR)
        return tuple(
            max(ceil(float(peak[n]) - 0.25), int(peak[n] > 0.02)) if first <= n < last else 0
            for n in range(HALF_HOURS)
        )


def _work(plan: Planned, lane: str, ready: Quarters) -> Quarters:
    """Tables that the expected work of each quarter-hour keeps busy, smoothed."""
    service = plan.services[lane]
    tables = ready * (service["nominal_s"] + service["changeover_s"]) / BIN
    smooth: Quarters = np.roll(np.convolve(tables, _SMOOTH, mode="same"), _LATER[lane])
    return smooth


def _mean(option: Option, lane: str) -> float:
    return mean(shares(option, lane))


def shares(option: Option, lane: str) -> list[float]:
    """The lane's share in time by day, percent; days without such runners left out."""
    found = [day.warmups if lane == "pre" else day.recoveries for day in option.days]
    return [share for share in found if share == share]  # noqa: PLR0124


def mean(values: Sequence[float]) -> float:
    """The mean; nan of nothing."""
    return sum(values) / len(values) if values else nan


def interval(values: Sequence[float]) -> float:
    """Half the width of the 95 % confidence interval of the mean, from day-to-day spread."""
    if len(values) < 2:
        return nan
    return float(1.96 * np.std(values, ddof=1) / len(values) ** 0.5)


def try_day(plan: Planned, sample: Sample, need: Sequence[int], target: Target) -> Tried:
    """Play one day through the quick model."""
    served, tables = sample.served(), sample.tables(need)
    spans = run(served, tables, plan.services)
    warmups = [each for each in served if each.service == "pre"]
    recoveries = [each for each in served if each.service == "post"]
    return Tried(
        _percent([each.in_time for each in warmups]),
        _percent([each.wait <= target.wait for each in recoveries]),
        tuple((_half_hour(each), each.wait) for each in recoveries),
        _minutes(spans),
        _minutes([(each.comes, each.goes) for each in tables]),
    )


def _half_hour(runner: Runner) -> int:
    return min(HALF_HOURS - 1, max(runner.joins, runner.ready) // HALF_HOUR)


def _percent(kept: list[bool]) -> float:
    return 100 * sum(kept) / len(kept) if kept else nan


def _minutes(spans: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """Minutes of all spans in each half-hour of the day."""
    found = np.zeros(HALF_HOURS)
    for start, end in spans:
        last = min(HALF_HOURS - 1, (end - 1) // HALF_HOUR)
        for number in range(start // HALF_HOUR, last + 1):
            inside = min(end, (number + 1) * HALF_HOUR) - max(start, number * HALF_HOUR)
            found[number] += max(0, inside) / 60
    return tuple(float(each) for each in found)


def percentile(waits: Sequence[float], share: float) -> float:
    """The wait that `share` percent stay under, counting the unserved as endless; nan of none."""
    ordered = sorted(waits)
    if not ordered:
        return nan
    return ordered[min(len(ordered) - 1, int(share / 100 * len(ordered)))]


def finite(value: float) -> float:
    """Endless and unknown waits as nan, for tables and charts."""
    return value if value < inf else nan
