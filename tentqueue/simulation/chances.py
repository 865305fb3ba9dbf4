"""What nobody knows before a race day, drawn by chance: lengths, walks, patience, speeds, absences.

The shapes are those of queues of people who come on foot: log-normal lengths and walks, a few who
never answer, patience that lasts longer for recovery than for a warm-up. A seed gives a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

from numpy.random import Generator, default_rng

from tentqueue.simulation.dayfile import Day, Message, Visitor, Worker

SPREAD = {"pre": 0.2, "post": 0.25}
"""Standard deviation of the logarithm of a treatment's length."""
PATIENCE = {"pre": (38.0, 0.6, 7.0), "post": (58.0, 0.55, 12.0)}
"""Minutes a runner waits before leaving: median, spread of the logarithm, least."""


@dataclass(frozen=True)
class Weather:
    """What a whole day has in common: nobody knows it in the morning."""

    longer: float
    """Treatments take this many times their planned length."""
    walk: float
    """Median walk to the tent, seconds."""
    ghosts: float
    """Share that never answers a call."""
    deaf: float
    """Share that misses the first call only."""
    patience: dict[str, float]
    absent: float
    """Share of therapists who never come."""

    @classmethod
    def drawn(cls, chance: Generator, absent: float = 0.05) -> Weather:
        """A day's weather; spreads as between the races that were looked at."""
        patience = {
            "pre": PATIENCE["pre"][0] * exp(chance.normal(0, 0.12)),
            "post": PATIENCE["post"][0] * exp(chance.normal(0, 0.22)),
        }
        return cls(
            longer=exp(chance.normal(0, 0.08)),
            walk=90 * exp(chance.normal(0, 0.35)),
            ghosts=chance.uniform(0.03, 0.1),
            deaf=chance.uniform(0.03, 0.08),
            patience=patience,
            absent=absent,
        )


def runner_truth(seen: Message, nominal: int, weather: Weather, chance: Generator) -> Message:
    """One runner's truth: length of treatment, answers to two calls, patience, manners."""
    service = seen["service"]
    spread = SPREAD[service]
    work = nominal * weather.longer * exp(chance.normal(-spread * spread / 2, spread))
    return {
        "work_s": int(max(120, work)),
        "responds": _answers(weather, chance),
        "leave_s": _leaves(seen, weather, chance),
        "announces": bool(chance.random() < 0.4),
    }


def _answers(weather: Weather, chance: Generator) -> list[int | None]:
    if chance.random() < weather.ghosts:
        return [None, None]
    answers: list[int | None] = [
        max(1, int(weather.walk * exp(chance.normal(0, 0.55)))) for _ in range(2)
    ]
    if chance.random() < weather.deaf:
        answers[0] = None
    return answers


def _leaves(seen: Message, weather: Weather, chance: Generator) -> int:
    service = seen["service"]
    _, spread, least = PATIENCE[service]
    waits = 60 * max(least, weather.patience[service] * exp(chance.normal(0, spread)))
    leaves = seen["ready_s"] + waits
    if "deadline_s" in seen:
        leaves = min(leaves, seen["deadline_s"] - chance.uniform(0, 600))
    return int(max(leaves, seen["join_s"] + 420))


def therapist_truth(start: int, end: int, absent: float, chance: Generator) -> Message:
    """A therapist's truth: speed, and when they really come and go."""
    comes, goes = start, end
    if chance.random() < absent:
        comes = goes = start
    else:
        if chance.random() < 0.16:
            comes = start + int(min((end - start) * 0.5, chance.exponential(600)))
        if chance.random() < 0.06:
            goes = max(comes + 900, end - int(chance.exponential(1200)))
    speed = round(exp(chance.normal(0.01, 0.115)), 4)
    return {"speed": speed, "on_s": comes, "off_s": goes}


def played_again(day: Day, seed: int) -> Day:
    """The same runners and therapists on another day: all that is hidden is drawn anew."""
    chance = default_rng(seed)
    weather = Weather.drawn(chance)
    visitors = tuple(_redrawn(day, each, weather, chance) for each in day.visitors)
    planned = {each["id"]: each for each in day.public["therapists"]}
    workers = tuple(
        _rehired(each, planned[each.id]["start_s"], weather, chance) for each in day.workers
    )
    return replace(day, id=f"{day.id}-seed-{seed}", visitors=visitors, workers=workers)


def _redrawn(day: Day, visitor: Visitor, weather: Weather, chance: Generator) -> Visitor:
    nominal = day.public["services"][visitor.seen["service"]]["nominal_s"]
    truth = runner_truth(visitor.seen, nominal, weather, chance)
    return Visitor(
        visitor.id,
        visitor.seen,
        truth["work_s"],
        tuple(truth["responds"]),
        truth["leave_s"],
        truth["announces"],
    )


def _rehired(worker: Worker, start: int, weather: Weather, chance: Generator) -> Worker:
    truth = therapist_truth(start, worker.ends, weather.absent, chance)
    return replace(worker, speed=truth["speed"], comes=truth["on_s"], goes=truth["off_s"])
