"""Who comes to the tent and when: warm-ups before their wave, recovery after the finish."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from tentqueue.simulation.dayfile import Message
from tentqueue.simulation.races import Contest, Race, Seconds

BIN = 900
"""Expectations are told by the quarter of an hour."""
BINS = 96
Quarters = npt.NDArray[Any]
"""People by quarter of an hour since midnight."""
Joins = npt.NDArray[Any]
"""A row for each runner drawn: when they join, the number of their wave, deadline or finish."""
LAST_JOIN = 2400
"""Nobody joins recovery in the tent's last forty minutes."""


@dataclass(frozen=True)
class Wish:
    """How many are expected to want a treatment, and the two rules that say when, in seconds."""

    warmups: float
    recoveries: float
    buffer: int = 900
    """A warm-up ends so long before its wave."""
    cooldown: int = 600
    """Recovery begins so long after the finish at the earliest."""


def warmup_joins(
    race: Race, contest: Contest, buffer: int, sample: int, chance: Generator
) -> Joins:
    """Draw warm-ups: time of joining and wave. Most come 30 to 80 minutes before their deadline."""
    waves = chance.choice(contest.finishers[:, 0].astype(int), sample)
    lead = np.clip(50 * np.exp(chance.normal(0, 0.62, sample)), 11, 160) * 60
    due = np.array(contest.guns)[waves] - buffer
    joins = np.maximum(race.opens, (due - lead).astype(int))
    drawn: Joins = np.column_stack([joins, waves, due])[joins < due - 600]
    return drawn


def recovery_joins(contest: Contest, sample: int, chance: Generator) -> Joins:
    """Draw recoveries: time of joining, wave, finish. Half of them join within nine minutes."""
    rows = contest.finishers[chance.integers(0, len(contest.finishers), sample)].astype(int)
    finish = np.array(contest.guns)[rows[:, 0]] + rows[:, 1]
    delay = np.minimum(3900, 60 * np.exp(chance.normal(log(9), 0.75, sample))).astype(int)
    drawn: Joins = np.column_stack([finish + delay, rows[:, 0], finish])
    return drawn


def expected(race: Race, wish: Wish, chance: Generator) -> dict[str, Quarters]:
    """How many are expected to be ready, by quarter of an hour since midnight."""
    found = {name: np.zeros(BINS) for name in ("pre", "post")}
    sample = 3000
    for contest in race.contests:
        joins = warmup_joins(race, contest, wish.buffer, sample, chance)[:, 0]
        _add(found["pre"], joins, wish.warmups * contest.share / sample)
        drawn = recovery_joins(contest, sample, chance)
        ready = np.maximum(drawn[:, 0], drawn[:, 2] + wish.cooldown)
        ready = ready[ready < race.closes - LAST_JOIN]
        _add(found["post"], ready, wish.recoveries * contest.share / sample)
    return found


def _add(bins: Quarters, instants: Seconds, weight: float) -> None:
    places = np.minimum(BINS - 1, instants.astype(int) // BIN)
    bins += weight * np.bincount(places, minlength=BINS)


def runners(race: Race, wish: Wish, surge: float, chance: Generator) -> list[Message]:
    """Draw a day's runners as they will show themselves, in order of joining."""
    day: list[Message] = []
    warm, sore = (surge**0.5 * exp(chance.normal(0, 0.2)) for _ in range(2))
    for contest in race.contests:
        number = int(chance.poisson(wish.warmups * contest.share * warm))
        joins = warmup_joins(race, contest, wish.buffer, number, chance)
        day += [_warmup(contest, row, chance) for row in joins]
        number = int(chance.poisson(wish.recoveries * contest.share * sore))
        finished = recovery_joins(contest, number, chance)
        drawn = [_recovery(contest, row, wish.cooldown, chance) for row in finished]
        day += [each for each in drawn if each["ready_s"] < race.closes - LAST_JOIN]
    day.sort(key=lambda each: each["join_s"])
    return day


def _warmup(contest: Contest, row: Joins, chance: Generator) -> Message:
    joins, wave, due = map(int, row)
    return {
        "join_s": joins,
        "service": "pre",
        "ready_s": joins,
        "wave": f"{contest.name}-{wave + 1}",
        "deadline_s": due,
        "at_tent": bool(chance.random() < 0.7),
    }


def _recovery(contest: Contest, row: Joins, cooldown: int, chance: Generator) -> Message:
    joins, wave, finish = map(int, row)
    return {
        "join_s": joins,
        "service": "post",
        "ready_s": max(joins, finish + cooldown),
        "wave": f"{contest.name}-{wave + 1}",
        "finish_s": finish,
        "at_tent": bool(chance.random() < 0.6),
    }
