"""An event file as a race to plan for: who will finish when, and how many want a treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import default_rng

from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import RaceEvent
from tentqueue.practice import practice_finishes
from tentqueue.simulation.dayfile import Message
from tentqueue.simulation.demand import Wish
from tentqueue.simulation.past import Finisher, ResultsProblem
from tentqueue.simulation.races import Contest, Finishers, Race, Seconds, second_of_day

MARATHON, HALF_MARATHON = 42.2, 21.1


@dataclass(frozen=True)
class Asked:
    """What the organiser expects; shares in percent of the field."""

    runners: int | None = None
    recovery_share: float = 8.0
    warmup_share: float = 4.0


@dataclass(frozen=True)
class Planned:
    """A race with the tent's rules for it."""

    race: Race
    wish: Wish
    services: Message
    runners: int
    tables: int
    expected_from: str
    """Where the number of treatments comes from, for the reader."""


def planned(event: RaceEvent, past: Sequence[Finisher], asked: Asked) -> Planned:
    """Put the event, past results and what is asked together. Raises: ResultsProblem."""
    runners = asked.runners or len(past) or 1000
    race = Race(event.name, _contests(event, past), *_hours(event))
    hoped, said = _hoped(event, runners, asked)
    rules = event.rules
    wish = Wish(
        hoped[LaneName.WARMUP],
        hoped[LaneName.RECOVERY],
        rules.warmup_buffer_minutes * 60,
        int(rules.cooldown_for.total_seconds()),
    )
    return Planned(race, wish, _services(event), runners, event.tables, said)


def _hoped(event: RaceEvent, runners: int, asked: Asked) -> tuple[dict[LaneName, float], str]:
    """How many treatments are expected in each lane, and where that comes from."""
    shares = {LaneName.WARMUP: asked.warmup_share, LaneName.RECOVERY: asked.recovery_share}
    hoped = {
        lane: runners * share / 100 if lane in event.lanes else 0.0
        for lane, share in shares.items()
    }
    if event.expected is None:
        said = f"{asked.warmup_share:g} % of {runners} warm up, {asked.recovery_share:g} % recover"
        return hoped, said
    told = {lane: sum(bins) for lane, bins in event.expected.ready.items()}
    return hoped | told, "the event file's [expected]"


def _hours(event: RaceEvent) -> tuple[int, int]:
    """From the first opening to the last closing of the race day's lanes."""
    lanes = [plan for name, plan in event.lanes.items() if name is not LaneName.NEXTDAY]
    if not lanes:
        raise ResultsProblem("the event has neither a warm-up nor a recovery lane to plan for")
    opens = second_of_day(min(lane.opens_at for lane in lanes), event.timezone)
    closes = second_of_day(max(lane.closes_at for lane in lanes), event.timezone)
    return opens, closes if closes > opens else closes + 86400


def _services(event: RaceEvent) -> Message:
    """Lengths by lane; a lane that the event lacks has its usual ones, and no runners."""
    usual = {"pre": (10, 2.0), "post": (12, 2.0)}
    found: dict[str, Any] = {}
    for name, lane in (("pre", LaneName.WARMUP), ("post", LaneName.RECOVERY)):
        plan = event.lanes.get(lane)
        minutes, change = (
            usual[name]
            if plan is None
            else (plan.rules.minutes, float(plan.rules.changeover_minutes))
        )
        found[name] = {"nominal_s": minutes * 60, "changeover_s": int(change * 60)}
    return found


def _contests(event: RaceEvent, past: Sequence[Finisher]) -> tuple[Contest, ...]:
    names = list(dict.fromkeys(wave.contest for wave in event.waves))
    if not names:
        raise ResultsProblem("the event has no contest; write [[contest]] with its waves")
    rows = {name: _rows(event, name, past, len(names)) for name in names}
    counts = {name: len(_own(name, past, len(names))) or 1 for name in names}
    total = sum(counts.values())
    return tuple(
        Contest(name, _guns(event, name), rows[name], counts[name] / total) for name in names
    )


def _guns(event: RaceEvent, contest: str) -> tuple[int, ...]:
    waves = [wave for wave in event.waves if wave.contest == contest]
    return tuple(second_of_day(wave.starts_at, event.timezone) for wave in waves)


def _own(contest: str, past: Sequence[Finisher], contests: int) -> list[Finisher]:
    """The past finishers of a contest; all of them where there is only one."""
    if contests == 1:
        return list(past)
    return [each for each in past if each.contest.casefold() == contest.casefold()]


def _rows(event: RaceEvent, contest: str, past: Sequence[Finisher], contests: int) -> Finishers:
    waves = len(_guns(event, contest))
    own = _own(contest, past, contests)
    if past and not own:
        raise ResultsProblem(f"no finishers of contest {contest!r}; name it so in the results")
    if not own:
        return _usual(_distance(event, contest), waves)
    numbers = [each.wave for each in own]
    times = np.array([each.seconds for each in own], float)
    if any(number is None or number >= waves for number in numbers):
        return _in_waves(times, waves)
    rows: Finishers = np.column_stack([np.array(numbers, float), times])
    return rows


def _distance(event: RaceEvent, contest: str) -> float:
    """Kilometres; a half marathon where the event does not say."""
    own = (wave.distance_km for wave in event.waves if wave.contest == contest)
    return next((each for each in own if each is not None), HALF_MARATHON)


def _usual(distance: float, waves: int) -> Finishers:
    """Without results: real marathon times scaled to the distance, by Riegel's exponent 1.06."""
    times = np.array([each.after_s for each in practice_finishes()], float)
    return _in_waves(times * (distance / MARATHON) ** 1.06, waves)


def _in_waves(times: Seconds, waves: int) -> Finishers:
    """Spread finishers over waves, quick ones first, as races do, though not strictly."""
    chance = default_rng(1)
    order = np.argsort(np.argsort(times) + chance.normal(0, 0.15 * len(times), len(times)))
    numbers = np.empty(len(times))
    numbers[order] = np.arange(len(times)) * waves // len(times)
    rows: Finishers = np.column_stack([numbers, times])
    return rows
