"""Derives the table of `tentqueue/domain/planning/bands.py` from made-up race days, and prints it.

    python -m benchmarks.calibrate --results FOLDER --race bos12 --days 100 --seed 20
    python -m benchmarks.calibrate --held-out --days 24 --seed 900

The second plays only, to see how well the present table holds. All days are played by the
product's own agent. A folder holds `events.json` and a CSV of finish times for each race in it;
without one the practice day serves. The printed table holds no runner and no time of a real race:
only how far starts of made-up days lay from their plans.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf, isfinite
from multiprocessing import Pool
from multiprocessing.pool import Pool as PoolType
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from tentqueue.domain import Command, Event, admission
from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.newcomers import newcomer_plan
from tentqueue.domain.planning.bands import EDGES, FEW
from tentqueue.domain.planning.facts import RECOVERY, WARMUP, TentFacts, TicketFacts
from tentqueue.domain.planning.plan import Plan
from tentqueue.domain.planning.ranges import Bands, Doors, expected_start, signs, spread
from tentqueue.domain.planning.tables import mean_length
from tentqueue.domain.tent import seconds
from tentqueue.simulation.agent import Agent
from tentqueue.simulation.briefing import MIDNIGHT
from tentqueue.simulation.dayfile import Message, day_of
from tentqueue.simulation.days import many_days
from tentqueue.simulation.log import play
from tentqueue.simulation.races import Race, practice_race, read_races
from tentqueue.simulation.scores import in_time, scores_of

ENOUGH = 60
"""Starts that a row of the table needs; with fewer it borrows from its neighbours."""
Floats = npt.NDArray[np.float64]
Row = tuple[float, float, float]
HELD = ("cost", "pre_on_time", "post_in20", "eta_join.mae", "eta_join.cover80", "brier_pre")


@dataclass(frozen=True)
class Joined:
    """One join as the plan saw it, seconds, and what came of it."""

    lane: str
    near: bool
    base: float
    """The later of joining and being ready: a wait is counted from here."""
    start: float
    wider: float
    """What the table's spread is multiplied by with so many tables."""
    signs: tuple[float, ...] = ()
    """What the chance of a warm-up is read from."""
    actual: float | None = None
    counts: bool = True
    """Whether they could hear the first call: others are late by their own doing."""
    reachable: bool = True
    """Whether they would have answered any call."""
    served: bool = False
    """Whether they were treated in time."""

    @property
    def wait(self) -> float:
        """Planned wait, seconds."""
        return self.start - self.base

    @property
    def known(self) -> bool:
        """Whether plan and start can be compared."""
        return self.actual is not None and self.counts and isfinite(self.start)


class Watched(Agent):
    """The agent, remembering what the plan said of each newcomer."""

    def __init__(self) -> None:
        super().__init__()
        self.joined: dict[str, Joined] = {}

    def _ask(self, command: Command) -> tuple[Event, ...]:
        before = self._day.tent
        happened = super()._ask(command)
        for event in happened:
            if isinstance(command, do.JoinLane) and isinstance(event, ev.RunnerJoined):
                now = max(self._clock.time, before.now)
                self.joined[event.ticket.id] = _said(*newcomer_plan(before, event.ticket, now))
        return happened


def _said(facts: TentFacts, plan: Plan, known: TicketFacts) -> Joined:
    start, near = expected_start(plan, known), known.near_until > facts.now
    seen: tuple[float, ...] = ()
    if known.lane == WARMUP and isfinite(start):
        slack = (known.deadline - start - mean_length(facts, WARMUP)) / 60
        seen = signs(slack, max(0.0, start - facts.now) / 60, near)
    wider = spread(facts, Bands())[known.lane]
    return Joined(known.lane, near, max(facts.now, known.ready), start, wider, seen)


def joins_of(day: Message) -> list[Joined]:
    """Play a day; what the plan said of each newcomer, and when they started."""
    agent = Watched()
    guests = play(day_of(day), agent).world.guests
    outcomes = []
    for name, said in agent.joined.items():
        guest = guests[name]
        actual = None if guest.started is None else seconds(MIDNIGHT) + guest.started
        heard = [answer is not None for answer in guest.who.answers]
        outcomes.append(
            replace(
                said, actual=actual, counts=heard[0], reachable=any(heard), served=in_time(guest)
            )
        )
    return outcomes


def crowded_joins_of(day: Message) -> list[Joined]:
    """The same on a day on which nobody is turned away: how it goes beyond the doors."""
    with patch.object(admission, "Doors", lambda **_: Doors(0.0, 0.75, inf)):
        return joins_of(day)


def figures_of(day: Message) -> list[float]:
    """What the present table is worth on a day."""
    scores = scores_of(play(day_of(day), Agent()))
    return [scores[key] for key in HELD]


def bands(usual: list[Joined], crowded: list[Joined]) -> dict[tuple[str, bool], list[Row]]:
    """The table: rows of usual days; of crowded ones where usual days have too few."""
    table = {}
    for key in ((lane, near) for lane in (WARMUP, RECOVERY) for near in (True, False)):
        mine, theirs = (
            [j for j in joins if j.known and (j.lane, j.near) == key] for joins in (usual, crowded)
        )
        table[key] = [
            _row(mine, number, 1) or _row(theirs, number, len(EDGES)) or (0.0, 0.0, 0.0)
            for number in range(len(EDGES) + 1)
        ]
    return table


def _row(joins: list[Joined], number: int, reach: int) -> Row | None:
    """Of one range of planned waits and, if need be, those less than `reach` beside it."""
    edges = (-inf, *EDGES, inf)
    for more in range(reach):
        low = edges[max(0, number - more)]
        high = edges[min(len(edges) - 1, number + 1 + more)]
        near = [j for j in joins if low <= j.wait < high]
        if len(near) >= ENOUGH:
            return _quantiles(near)
    return None


def _quantiles(joins: list[Joined]) -> Row:
    actual, start, wider = np.array([(j.actual, j.start, j.wider) for j in joins], float).T
    middle = float(np.median(actual - start))
    low, high = np.quantile((actual - start - middle) / wider, [0.1, 0.9])
    return round(float(low), 1), round(middle, 1), round(float(high), 1)


def chances(joins: list[Joined]) -> tuple[float, ...]:
    """Weights of the signs by logistic regression (Newton's method, slightly damped)."""
    seen = [j for j in joins if j.signs and j.reachable]
    signs_, came = np.array([j.signs for j in seen]), np.array([j.served for j in seen], float)
    weights, damped = np.zeros(signs_.shape[1]), 1e-2 * np.eye(signs_.shape[1])
    for _ in range(40):
        said = 1 / (1 + np.exp(-np.clip(signs_ @ weights, -30, 30)))
        bend = signs_.T @ (signs_ * (said * (1 - said))[:, None]) + damped
        weights = weights + np.linalg.solve(bend, signs_.T @ (came - said) - 1e-2 * weights)
    _print_chances(1 / (1 + np.exp(-signs_ @ weights)), came)
    return tuple(round(float(weight), 4) for weight in weights)


def _print_chances(said: Floats, came: Floats) -> None:
    for low in np.arange(0, 1, 0.1):
        mine = (said >= low) & (said < low + 0.1)
        if mine.any():
            means = f"said {said[mine].mean():.2f} came true {came[mine].mean():.2f}"
            print(f"# {mine.sum():6d} warm-ups: {means}")


def print_table(usual: list[Joined], crowded: list[Joined]) -> None:
    """What goes into bands.py."""
    print(f"EDGES = {EDGES}\nFEW = {FEW}\nCHANCE = {chances(crowded)}\nBANDS = {{")
    for key, rows in bands(usual, crowded).items():
        print(f"    {key}: {tuple(rows)},")
    print("}")


def chosen_races(folder: Path | None, names: list[str]) -> list[Race]:
    """The races whose finish times the days are made of."""
    if folder is None:
        return [practice_race()]
    races = read_races(folder)
    return [races[name] for name in names or races]


def made_days(races: list[Race], count: int, seed: int) -> Iterable[Message]:
    """So many days in all, of each race as many."""
    return (day for race in races for day in many_days(race, count // len(races), seed))


def print_held(pool: PoolType, days: Iterable[Message]) -> None:
    """How well the present table holds on days it was not made from."""
    figures = np.array(pool.map(figures_of, days))
    for key, mean in zip(HELD, np.nanmean(figures, axis=0), strict=True):
        print(f"{key:18}{mean:8.2f}")


def main() -> None:
    """Print a new table, or how well the present one holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, help="folder with events.json and finish times")
    parser.add_argument("--race", action="append", default=[], help="only this race of the folder")
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--held-out", action="store_true", help="play only, with the present table")
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    races = chosen_races(asked.results, asked.race)
    days = made_days(races, asked.days, asked.seed)
    with Pool(asked.processes) as pool:
        if asked.held_out:
            print_held(pool, days)
            return
        usual = [join for joins in pool.imap(joins_of, days) for join in joins]
        more = made_days(races, asked.days // 2, asked.seed + 1)
        crowded = [join for joins in pool.imap(crowded_joins_of, more) for join in joins]
    print_table(usual, crowded)


if __name__ == "__main__":
    main()
