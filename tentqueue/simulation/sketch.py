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
from tentqueue.simulation.shifts import BREAK

MOMENT = 20
"""Seconds a table stands free between two runners although the next was called ahead."""
MARGIN = 480
OVERTIME = 300
"""Seconds: slack that waiting warm-ups keep, and how far a treatment may reach past a shift."""
ROOM, LEAST = 1.15, 0.9
"""Mean lengths before its deadline: a warm-up has room; it is still worth starting."""
_TABLE, _RUNNER = 0, 1
"""What an entry of the agenda is about: of one second, tables first."""


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
    return _Day(runners, tables, services).played()


class _Day:
    """One day under way: its tent, and who gets ready or which table gets free when."""

    def __init__(self, runners: list[Runner], tables: list[Table], services: Message) -> None:
        nominal = {name: int(each["nominal_s"]) for name, each in services.items()}
        self._changeover = {name: int(each["changeover_s"]) for name, each in services.items()}
        self._tent = _Tent(nominal, nominal["pre"] + self._changeover["pre"] + MOMENT)
        self._runners, self._tables = runners, tables
        self._rests = [list(each.rests) for each in tables]
        self._came: set[int] = set()
        self._spans: list[tuple[int, int]] = []
        self._agenda = [(each.ready, _RUNNER, n) for n, each in enumerate(runners)]
        self._agenda += [
            (each.comes, _TABLE, n) for n, each in enumerate(tables) if each.comes < each.goes
        ]
        heapq.heapify(self._agenda)

    def played(self) -> list[tuple[int, int]]:
        """Play it to its end; returns the spans of treatments."""
        while self._agenda:
            now, kind, number = heapq.heappop(self._agenda)
            if kind == _RUNNER:
                self._line_up(number)
            elif not self._stands_free(now, number):
                continue
            self._seat(now)
            self._rest(now)
        return self._spans

    def _line_up(self, number: int) -> None:
        runner = self._runners[number]
        if runner.service == "pre":
            insort(self._tent.warmups, (runner.deadline, number, runner))
        else:
            self._tent.recovery.append(runner)

    def _stands_free(self, now: int, number: int) -> bool:
        """Whether a clean table can take somebody: the shift may be over, or a break due."""
        if number not in self._came:
            self._came.add(number)
            self._tent.on_duty += 1
        if self._shift_over(now, number):
            self._tent.on_duty -= 1
            return False
        rests = self._rests[number]
        if rests and now >= rests[0][1]:
            self._begin_rest(now, number)
            return False
        self._tent.idle.append((now, number))
        return True

    def _shift_over(self, now: int, number: int) -> bool:
        return now + self._tent.nominal["pre"] > self._tables[number].goes + OVERTIME

    def _seat(self, now: int) -> None:
        """Fill the idle tables; each comes back to the agenda when it is clean again."""
        tent = self._tent
        while tent.idle:
            since, number = tent.idle[0]
            if self._shift_over(now, number):
                tent.idle.pop(0)
                tent.on_duty -= 1
                continue
            runner = tent.next(now)
            if runner is None:
                return
            tent.idle.pop(0)
            walks = 0 if runner.near else runner.walk
            runner.start = now + (MOMENT if since == now else walks)
            runner.ends = runner.start + max(120, round(runner.work * self._tables[number].speed))
            self._spans.append((runner.start, runner.ends))
            clean = runner.ends + self._changeover[runner.service]
            heapq.heappush(self._agenda, (clean, _TABLE, number))

    def _rest(self, now: int) -> None:
        """Breaks in lulls: an idle table whose window has begun rests now."""
        idle, rests = self._tent.idle, self._rests
        resting = {number for _, number in idle if rests[number] and now >= rests[number][0][0]}
        for number in resting:
            self._begin_rest(now, number)
        self._tent.idle = [each for each in idle if each[1] not in resting]

    def _begin_rest(self, now: int, number: int) -> None:
        self._rests[number].pop(0)
        heapq.heappush(self._agenda, (now + BREAK, _TABLE, number))
