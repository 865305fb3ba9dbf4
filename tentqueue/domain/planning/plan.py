"""The plan: the queue played forward once with mean lengths; it serves every page of a version.

It promises nothing: ranges and chances are put about its starts elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from math import inf
from typing import TYPE_CHECKING

from tentqueue.domain.planning.facts import WARMUP
from tentqueue.domain.planning.learning import staying, still_here
from tentqueue.domain.planning.tables import calm_until, free_at, length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tentqueue.domain.planning.facts import Break, TentFacts, TherapistFacts, TicketFacts

LAST_START = 0.8
"""A warm-up with less than this share of its length left at its start takes no table's time."""
SURE = -1.0
"""In place of a chance: an uncalled runner standing at the tent."""

_Turn = tuple["TicketFacts", float, float]
"""A ticket, from when it can be at a table, the chance that it comes (0: not called yet)."""


class Table:
    """One table in the plan: length of a cycle, latest start by lane, breaks to come."""

    __slots__ = ("breaks", "cycle", "hands", "last", "least")

    def __init__(self, facts: TentFacts, who: TherapistFacts) -> None:
        rules = facts.rules
        self.hands = {
            lane: length(facts, lane, who.key) for lane in who.lanes if lane in rules.planned
        }
        self.cycle = {lane: hands + rules.changeover[lane] for lane, hands in self.hands.items()}
        self.least = {lane: LAST_START * hands for lane, hands in self.hands.items()}
        end = who.shift_end + rules.overtime
        self.last = {lane: end - rules.planned[lane] for lane in self.hands}
        self.breaks: list[Break] = [b for b in who.breaks if b.latest > facts.now]


@dataclass(frozen=True, slots=True)
class Plan:
    """Expected starts by ticket, and when each table is free after everybody who waits."""

    made_at: float
    walk: float
    starts: Mapping[str, float]
    tail: tuple[tuple[float, int], ...]
    tables: tuple[Table, ...]
    rush: float = 0.0
    """Runners waiting or called for each therapist on duty, 1 at most: whether a newcomer who is
    due sooner takes a table that somebody else would have had."""

    def start_of(self, key: str) -> float:
        """Expected start; inf when the therapists go home before."""
        return self.starts.get(key, inf)

    def next_start(self, lane: str, at: float) -> float:
        """Expected start of one more runner, at the tent from `at`; inf when the lane is full."""
        for free, index in self.tail:
            start = max(free, at)
            if start <= self.tables[index].last.get(lane, -inf):
                return start
        return inf

    def minutes_left(self, lane: str) -> float:
        """Table minutes of this lane that nobody waiting needs (rule 21)."""
        left = (self.tables[i].last.get(lane, -inf) - free for free, i in self.tail)
        return sum(max(0.0, seconds) for seconds in left) / 60


def play(facts: TentFacts) -> Plan:
    """Play the present line forward: earliest table, next by the order, breaks at their latest."""
    tables: list[Table] = []
    heap: list[tuple[float, int]] = []
    for who in facts.therapists:
        at = free_at(facts, who)
        if at < inf and who.supervised:
            heap.append((at, len(tables)))
            tables.append(Table(facts, who))
    heapify(heap)
    walk = facts.learnt.walk * 1.15
    lines = _lines(facts, walk)
    people = sum(map(len, lines.values()))
    starts = _forward(facts, heap, tables, lines)
    rush = min(1.0, people / max(1, sum(who.on_duty for who in facts.therapists)))
    return Plan(facts.now, walk, starts, tuple(sorted(heap)), tuple(tables), rush)


def _lines(facts: TentFacts, walk: float) -> dict[str, list[_Turn]]:
    """Who takes a table in which order: those called, then those waiting."""
    now, learnt = facts.now, facts.learnt
    lines: dict[str, list[_Turn]] = {lane: [] for lane in facts.waiting}
    for t in sorted(facts.called, key=lambda t: (t.present_since is None, t.called_at)):
        age = now - t.called_at
        if t.present_since is not None:
            lines[t.lane].append((t, now, 1.0))
        elif (chance := learnt.on_the_way(age, now - t.recalled_at)) > 0.02:
            lines[t.lane].append((t, now + max(20.0, learnt.walk * 1.1 - 0.5 * age), chance))
    away = now + walk
    for lane, waiting in facts.waiting.items():
        line = lines[lane]
        for t in waiting:
            near, ready = t.near_until > now, t.ready
            at = now if near else away
            line.append((t, at if at > ready else ready, SURE if near else 0.0))
    return lines


def _forward(
    facts: TentFacts,
    heap: list[tuple[float, int]],
    tables: list[Table],
    lines: dict[str, list[_Turn]],
) -> dict[str, float]:
    """Expected starts by ticket; leaves in `heap` when each table is free afterwards."""
    starts: dict[str, float] = {}
    answered, now = facts.learnt.answered.value, facts.now
    queues = _queues(facts, lines, tables)
    alone = queues[0] if len(queues) == 1 else None
    spent: list[tuple[float, int]] = []
    left = sum(len(queue.line) for queue in queues)
    while heap and left:
        free, index = heap[0]
        table = tables[index]
        if table.breaks and free >= table.breaks[0].latest:
            heapreplace(heap, (free + table.breaks.pop(0).length, index))
            continue
        queue = _queue_for(table, free, queues) if alone is None else alone
        if queue is None or free > table.last.get(queue.lane, -inf):
            spent.append(heappop(heap))
            continue
        ticket, at, chance = queue.line.pop()
        left -= 1
        start = at if at > free else free
        starts[ticket.key] = start
        if start + table.least[queue.lane] > ticket.deadline:
            continue
        if chance <= 0.0:
            sure = chance == SURE and start - now < 120
            # As `since` says; this runs for each in line.
            since = ticket.ready if ticket.ready > ticket.joined else ticket.joined
            chance = still_here(queue.stays, start - since) * (1.0 if sure else answered)
        heapreplace(heap, (start + chance * table.cycle[queue.lane], index))
    heap.extend(spent)
    return starts


class _Queue:
    """One lane's line while it is played, the first of it last; `calm` is until when it yields to
    the lanes after it."""

    __slots__ = ("calm", "lane", "line", "stays")

    def __init__(self, lane: str, line: list[_Turn], calm: float) -> None:
        self.lane, self.line, self.calm = lane, line[::-1], calm
        self.stays = staying(lane)

    @property
    def first_at(self) -> float:
        """From when the first of the line can be at a table."""
        return self.line[-1][1]

    def ready_by(self, at: float) -> bool:
        return self.first_at <= at


def _queues(facts: TentFacts, lines: dict[str, list[_Turn]], tables: list[Table]) -> list[_Queue]:
    """Warm-ups first, yielding while all of them keep their slack."""
    count = sum(WARMUP in t.hands for t in tables)
    calm = calm_until(facts, [turn[0] for turn in lines.get(WARMUP, ())], count)
    queues = [_Queue(lane, line, -inf) for lane, line in lines.items() if lane != WARMUP and line]
    if lines.get(WARMUP):
        queues.insert(0, _Queue(WARMUP, lines[WARMUP], calm if queues else -inf))
    return queues


def _queue_for(table: Table, free: float, queues: list[_Queue]) -> _Queue | None:
    """The lane this table serves next; None when nothing more fits before it closes."""
    fallback = None
    for queue in queues:
        if queue.line and free <= table.last.get(queue.lane, -inf):
            if fallback is None:
                if free >= queue.calm:
                    return queue
                fallback = queue
            elif queue.ready_by(max(free + 60, fallback.first_at)):
                return queue
    return fallback
