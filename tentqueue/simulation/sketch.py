"""A quick model of the tent for planning: the same order of runners, without calls and tickets.

Runners are called ahead, so that a busy table loses only moments between two; somebody called to an
idle table must walk first. Used to search; the tent's own dispatch confirms what is found.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections import deque
from dataclasses import dataclass, field
from math import inf

from tentqueue.simulation.dayfile import Message

MOMENT = 20
"""Seconds a table stands free between two runners although the next was called ahead."""
MARGIN = 480
ROOM, LEAST = 1.15, 0.9
"""Mean lengths before its deadline: a warm-up has room; it is still worth starting."""


@dataclass(frozen=True)
class Table:
    """A therapist on one simulated day."""

    comes: int
    goes: int
    speed: float
    rests: tuple[tuple[int, int], ...]
    """Windows of breaks: taken within, at the earliest when the table is free."""


@dataclass(slots=True)
class Runner:
    """A runner on one simulated day."""

    service: str
    joins: int
    ready: int
    deadline: float
    work: int
    walk: int
    leaves: int
    near: bool
    start: int | None = None
    ends: int | None = None

    @property
    def wait(self) -> float:
        """Minutes until the start; infinite for those who were not treated."""
        return inf if self.start is None else (self.start - max(self.joins, self.ready)) / 60

    @property
    def in_time(self) -> bool:
        """Whether they were treated, a warm-up before its deadline."""
        return self.ends is not None and self.ends <= self.deadline


@dataclass
class _Tent:
    """The lines, and the tables standing idle since when."""

    nominal: dict[str, int]
    cycle: float
    warmups: list[tuple[float, int, Runner]] = field(default_factory=list)
    recovery: deque[Runner] = field(default_factory=deque)
    idle: list[tuple[int, int]] = field(default_factory=list)
    on_duty: int = 0

    def calm(self, now: int) -> bool:
        """Whether every waiting warm-up would keep its slack if recovery went first."""
        step = self.cycle / max(1, self.on_duty)
        late = now + self.nominal["pre"] + MARGIN
        return all(due - late > rank * step for rank, (due, _, _) in enumerate(self.warmups))

    def next(self, now: int) -> Runner | None:
        """Take the runner whose turn it is."""
        first = self.recovery_next(now) if self.calm(now) else None
        return first or self.warmup_next(now) or self.recovery_next(now)

    def recovery_next(self, now: int) -> Runner | None:
        while self.recovery:
            runner = self.recovery.popleft()
            if runner.leaves > now:
                return runner
        return None

    def warmup_next(self, now: int) -> Runner | None:
        """By deadline; those with room first, then the tight one with most left."""
        need = self.nominal["pre"]
        left = [each for each in self.warmups if each[0] - now >= LEAST * need]
        self.warmups = [each for each in left if each[2].leaves > now]
        roomy = [n for n, each in enumerate(self.warmups) if each[0] - now >= ROOM * need]
        if not self.warmups:
            return None
        return self.warmups.pop(roomy[0] if roomy else len(self.warmups) - 1)[2]


def run(runners: list[Runner], tables: list[Table], services: Message) -> list[tuple[int, int]]:
    """Play a day: sets each runner's start and end; returns the spans of treatments.

    `runners` in order of being ready, `tables` in any order; those who never answer left out.
    """
    nominal = {name: int(each["nominal_s"]) for name, each in services.items()}
    changeover = {name: int(each["changeover_s"]) for name, each in services.items()}
    cycle = nominal["pre"] + changeover["pre"] + MOMENT
    tent = _Tent(nominal, cycle)
    spans: list[tuple[int, int]] = []
    agenda: list[tuple[int, int, int]] = [(each.ready, 1, n) for n, each in enumerate(runners)]
    agenda += [(each.comes, 0, n) for n, each in enumerate(tables) if each.comes < each.goes]
    heapq.heapify(agenda)
    rests = [list(each.rests) for each in tables]
    came: set[int] = set()
    while agenda:
        now, kind, number = heapq.heappop(agenda)
        if kind == 1:
            _line_up(tent, runners[number], number)
        else:
            if number not in came:
                came.add(number)
                tent.on_duty += 1
            if now + nominal["pre"] > tables[number].goes + 300:
                tent.on_duty -= 1
                continue
            if rests[number] and now >= rests[number][0][1]:
                rests[number].pop(0)
                heapq.heappush(agenda, (now + 900, 0, number))
                continue
            tent.idle.append((now, number))
        _seat(tent, tables, agenda, (now, changeover, spans))
        _rest(tent, rests, agenda, now)
    return spans


def _line_up(tent: _Tent, runner: Runner, number: int) -> None:
    if runner.service == "pre":
        insort(tent.warmups, (runner.deadline, number, runner))
    else:
        tent.recovery.append(runner)


def _seat(
    tent: _Tent,
    tables: list[Table],
    agenda: list[tuple[int, int, int]],
    moment: tuple[int, dict[str, int], list[tuple[int, int]]],
) -> None:
    """Fill the idle tables; each comes back to the agenda when it is clean again."""
    now, changeover, spans = moment
    while tent.idle:
        since, number = tent.idle[0]
        table = tables[number]
        if now + tent.nominal["pre"] > table.goes + 300:
            tent.idle.pop(0)
            tent.on_duty -= 1
            continue
        runner = tent.next(now)
        if runner is None:
            return
        tent.idle.pop(0)
        walks = 0 if runner.near else runner.walk
        runner.start = now + (MOMENT if since == now else walks)
        runner.ends = runner.start + max(120, round(runner.work * table.speed))
        spans.append((runner.start, runner.ends))
        heapq.heappush(agenda, (runner.ends + changeover[runner.service], 0, number))


def _rest(
    tent: _Tent,
    rests: list[list[tuple[int, int]]],
    agenda: list[tuple[int, int, int]],
    now: int,
) -> None:
    """Breaks in lulls: an idle table whose window has begun rests now."""
    resting = {number for _, number in tent.idle if rests[number] and now >= rests[number][0][0]}
    for number in resting:
        rests[number].pop(0)
        heapq.heappush(agenda, (now + 900, 0, number))
    tent.idle = [each for each in tent.idle if each[1] not in resting]
