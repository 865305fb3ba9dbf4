"""The days on which plans are tried: the same runners and luck for any number of therapists."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from math import inf

from numpy.random import default_rng

from tentqueue.simulation.briefing import race_part, rules_part
from tentqueue.simulation.chances import Weather, runner_truth, therapist_truth
from tentqueue.simulation.dayfile import FORMAT, Day, Message, day_of
from tentqueue.simulation.demand import runners
from tentqueue.simulation.planned import Planned
from tentqueue.simulation.shifts import breaks, shifts
from tentqueue.simulation.sketch import Runner, Table

MOST = 400
"""Therapists for whom luck is drawn; more share it."""
_POLL = 3600
"""Seconds between two looks at what the runners are told: plans ask for nothing of it."""


@dataclass(frozen=True)
class Sample:
    """One day that might come."""

    seed: int
    seen: tuple[Message, ...]
    truth: tuple[Message, ...]
    weather: Weather

    def served(self) -> list[Runner]:
        """Fresh runners for the quick model, in order of being ready, without who never answers."""
        pairs = zip(self.seen, self.truth, strict=True)
        found = [_runner(seen, truth) for seen, truth in pairs if _answers(truth)]
        found.sort(key=lambda each: each.ready)
        return found

    def tables(self, need: Sequence[int]) -> list[Table]:
        """The therapists of a plan's shifts, with this day's luck."""
        return [
            Table(
                each["truth"]["on_s"],
                each["truth"]["off_s"],
                each["truth"]["speed"],
                tuple((b["earliest_s"], b["latest_s"]) for b in each["breaks"]),
            )
            for each in self.therapists(need)
        ]

    def therapists(self, need: Sequence[int]) -> list[Message]:
        """Shifts that cover the need, each with breaks and this day's truth."""
        found = []
        for number, (start, end) in enumerate(shifts(need)):
            luck = default_rng([self.seed, number % MOST])
            truth = therapist_truth(start, end, self.weather.absent, luck)
            rests = breaks(start, end, luck)
            found.append({"start_s": start, "end_s": end, "breaks": rests, "truth": truth})
        return found


def draw(plan: Planned, count: int, seed: int) -> list[Sample]:
    """Draw `count` days: demand, lengths, walks, patience and absences each with their spread."""
    found = []
    for number in range(count):
        chance = default_rng([seed, number])
        weather = Weather.drawn(chance)
        seen = tuple(runners(plan.race, plan.wish, 1.0, chance))
        truth = tuple(
            runner_truth(each, plan.services[each["service"]]["nominal_s"], weather, chance)
            for each in seen
        )
        found.append(Sample(seed * 1000 + number, seen, truth, weather))
    return found


def _answers(truth: Message) -> bool:
    return any(each is not None for each in truth["responds"])


def _runner(seen: Message, truth: Message) -> Runner:
    walk = next(each for each in truth["responds"] if each is not None)
    return Runner(
        service=seen["service"],
        joins=seen["join_s"],
        ready=seen["ready_s"],
        deadline=seen.get("deadline_s", inf),
        work=truth["work_s"],
        walk=walk,
        leaves=truth["leave_s"],
        near=seen["at_tent"],
    )


def whole_day(plan: Planned, sample: Sample, need: Sequence[int]) -> Day:
    """The same day as a day file, for the tent's own dispatch."""
    named = {f"T{number:03d}": each for number, each in enumerate(sample.therapists(need), 1)}
    therapists = [
        {"id": name, "table": number, "skills": ["pre", "post"], **_planned(each)}
        for number, (name, each) in enumerate(named.items(), 1)
    ]
    content = {
        "format": FORMAT,
        "day_id": f"plan-{sample.seed}",
        "public": {
            "event": race_part(plan.race),
            "services": plan.services,
            "rules": rules_part(plan.wish, max(need), _POLL),
            "therapists": therapists,
        },
        "arrivals": [
            {"id": f"K{number:05d}", "seen": copy(seen), "truth": truth}
            for number, (seen, truth) in enumerate(zip(sample.seen, sample.truth, strict=True), 1)
        ],
        "truth": {"therapists": {name: each["truth"] for name, each in named.items()}},
    }
    return day_of(content)


def _planned(each: Message) -> Message:
    return {name: each[name] for name in ("start_s", "end_s", "breaks")}
