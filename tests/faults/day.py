"""A whole race day with faults, from one seed: `python -m tests.faults.day SEED` plays it again.

Workers crash, disks fill, clocks jump, and the network loses, doubles, delays and reorders; clients
retry with the same key. All is noted, and the one checker says whether every promise was kept.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from greenlet import greenlet

from tentqueue.domain import Command, Event, Tent
from tentqueue.domain import commands as do
from tentqueue.domain.errors import Refusal
from tentqueue.screens.board import board_view
from tentqueue.services import race_day as door
from tentqueue.services.answered import KeyReused, Receipt
from tentqueue.services.asker import CLOCK, EVENT_FILE
from tentqueue.services.invariants import Broken, Shown, Told, check_clients, check_journal
from tentqueue.services.invariants.journal import same_tent
from tentqueue.services.ledger import LineTaken, StorageBusy, StorageFull
from tentqueue.services.race_day import Outcome, RaceDay
from tests.cast import race
from tests.faults.crew import ACTORS, Wish
from tests.faults.disk import TROUBLES, Disk, Handle
from tests.faults.world import JumpingClock, Turnstile, World

SLUG = "riverside-half"
DAY_FOR = timedelta(hours=7)
CALM_FOR = timedelta(minutes=3)
MOST_ASKED = 60
"""Three minutes of asking: no outage of such a day lasts longer."""
NAMES = ("Quillfeather", "bib-tag-")
"""Canaries: every runner's made-up name, and the tag of every bib."""


class Worker:
    """One server process: a race day in memory, and the requests it is busy with."""

    def __init__(self, day: Day) -> None:
        self.day, self.world = day, day.world
        self.clock = JumpingClock(self.world)
        self.race_day: RaceDay | None = None
        self._busy: list[greenlet] = []
        self._handle: Handle | None = None

    def start(self) -> None:
        """Fold the journal and serve."""
        self._handle = Handle(self.day.disk)
        self.race_day = RaceDay(SLUG, self._handle, self.clock)
        self.race_day._turn = self.day.lock(self.world)  # type: ignore[assignment]
        self.race_day.on_change(lambda tent: self.day.publish(self, tent))

    def crash(self) -> None:
        """kill -9: memory and everybody who waits are gone."""
        if self._handle is not None:
            self._handle.crash()
        busy, self._busy = self._busy, []
        self.race_day = self._handle = None
        for waiting in busy:
            if not waiting.dead:
                waiting.throw()

    def serve(self, ask: Callable[[RaceDay], None]) -> None:
        """Let a request run until it is answered or the worker dies."""
        race_day = self.race_day
        if race_day is not None:
            self._busy = [each for each in self._busy if not each.dead]
            self._busy.append(self.world.spawn(lambda: ask(race_day)))

    def tick(self) -> None:
        """Time passes here too."""

        def pass_time(race_day: RaceDay) -> None:
            try:
                race_day.follow()
                race_day.handle(do.Tick(), CLOCK)
                race_day.note_turned_away()
            except (StorageBusy, StorageFull):
                return

        self.serve(pass_time)


@dataclass
class Screen:
    """A board: keeps the newest view and drops what is older."""

    name: str
    newest: int = 0
    drops_old: bool = True


@dataclass
class Request:
    """One command a client wants carried out, however often it must ask."""

    key: str
    wish: Wish
    asked: int = 0
    answered: bool = False


@dataclass
class Day:
    """The world, what lives in it, and what was noted."""

    seed: int
    workers_at_most: int = 2
    honest: bool = True
    lock: Callable[[World], Any] = Turnstile
    preempts: float = 0.02
    told: list[Told] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    requests: list[Request] = field(default_factory=list)
    bugs: list[Broken] = field(default_factory=list)
    calm: bool = False

    def __post_init__(self) -> None:
        self.world = World(self.seed)
        self.disk = Disk(self.world)
        self.disk.honest = self.honest
        self.workers = [Worker(self) for _ in range(1 + self.seed % self.workers_at_most)]
        self.screens = [Screen(f"board {n}") for n in range(2)]
        self.rough = self.world.random.choice([0.02, 0.1, 0.3])

    def play(self) -> list[Broken]:
        """Live through the day, then calm down, then look at everything; a server that fails ends
        the day, and what it had written is looked at all the same."""
        patient, door._PATIENCE_S = door._PATIENCE_S, 0.0  # Time is the world's here.
        try:
            self._live_through()
        except Exception as wrong:
            self.bugs.append(Broken(10, f"a server failed: {type(wrong).__name__}: {wrong}"))
            return self.verdict()
        finally:
            door._PATIENCE_S = patient
        return self.verdict() + self._settled()

    def _live_through(self) -> None:
        self.workers[0].start()
        first = self.workers[0].race_day
        assert first is not None
        self.workers[0].serve(lambda day: day.handle(do.DefineEvent(race()), EVENT_FILE) and None)
        self.world.run(self.world.now + timedelta(seconds=1))
        self._set_going()
        end = self.world.now + DAY_FOR
        self.world.run(end)
        self._calm_down()
        self.world.run(end + CALM_FOR)

    def _set_going(self) -> None:
        for worker in self.workers:
            worker.clock.preempts = self.preempts
            if worker.race_day is None:
                worker.start()
            self._every(20, worker.tick)
        for actor in ACTORS:
            actor(self)
        self._every(420, self._misfortune)

    def _every(self, seconds: float, do_it: Callable[[], None]) -> None:
        def again() -> None:
            do_it()
            self.world.later(seconds, again)

        self.world.later(seconds, again)

    # Faults

    def _misfortune(self) -> None:
        if self.calm:
            return
        kind = self.world.random.choice(("crash", "disk", "clock", "none"))
        self.seen[f"fault: {kind}"] += 1
        if kind == "crash":
            self.crash(self.world.random.choice(self.workers))
        elif kind == "disk":
            self.disk.trouble = self.world.random.choice(TROUBLES)
            self.world.later(self.world.random.uniform(1, 60), self._heal)
        elif kind == "clock":
            worker = self.world.random.choice(self.workers)
            jump = self.world.random.choice([-3600, -30, -2, 2, 30, 300])
            worker.clock.wrong_by = timedelta(seconds=jump)
            self.world.later(self.world.random.uniform(5, 300), lambda: self._set_right(worker))

    def crash(self, worker: Worker) -> None:
        """Kill one worker, with the power if the disk is dishonest; it is started again soon."""
        worker.crash()
        self.disk.cut()
        self.world.later(self.world.random.uniform(0.2, 5), lambda: self._restart(worker))

    def _restart(self, worker: Worker) -> None:
        if worker.race_day is None:
            worker.start()

    def _heal(self) -> None:
        self.disk.trouble = None

    def _set_right(self, worker: Worker) -> None:
        worker.clock.wrong_by = timedelta()

    def _calm_down(self) -> None:
        self.calm = True
        self._heal()
        for worker in self.workers:
            self._set_right(worker)
            worker.clock.preempts = 0.0
            self._restart(worker)

    # The network, one way and the other

    def ask(self, wish: Wish) -> None:
        """A client presses a button."""
        request = Request(f"k{len(self.requests)}", wish)
        self.requests.append(request)
        self._send(request)

    def _send(self, request: Request) -> None:
        if request.answered or request.asked == MOST_ASKED:
            return
        request.asked += 1
        for _ in range(1 + self._unlucky()):
            if not self._unlucky():
                worker = self.world.random.choice(self.workers)
                self.world.later(self._delay(), lambda w=worker: self._arrive(w, request))
        self.world.later(3, lambda: self._send(request))

    def _unlucky(self) -> bool:
        return not self.calm and self.world.chance(self.rough)

    def _delay(self) -> float:
        slow = 8.0 if self._unlucky() else 0.05
        return self.world.random.uniform(0.005, slow)

    def _arrive(self, worker: Worker, request: Request) -> None:
        worker.serve(lambda day: self._carry_out(day, request))

    def _carry_out(self, day: RaceDay, request: Request) -> None:
        told = self._answer(day, request)
        if not self._unlucky():
            self.world.later(self._delay(), lambda: self._hear(request, told))

    def _answer(self, day: RaceDay, request: Request) -> Told:
        wish = request.wish
        digest = sha256(repr(wish.command).encode()).digest()
        receipt = Receipt(request.key, digest, _writer(wish.command))
        try:
            outcome = day.handle(wish.command, wish.asker, receipt)
        except Refusal as refusal:
            self.seen[f"refused: {type(refusal).__name__}"] += 1
            # A copy of the request may come later still and find the tent changed; a no is wrong
            # only where the command had been carried out already.
            done = any(line.key == request.key for line in self.disk.lines)
            return Told(
                request.key if done else None,
                409,
                {"code": refusal.code, "detail": str(refusal.sentence)},
            )
        except KeyReused:
            return Told(request.key, 409, {"code": "key_reused", "detail": "Another body."})
        except (StorageFull, StorageBusy, LineTaken) as trouble:
            if isinstance(trouble, LineTaken):
                self.bugs.append(Broken(10, f"an answer was {type(trouble).__name__}: {trouble}"))
            return Told(None, 503, {"code": "storage", "detail": str(trouble)})
        return self._done(request, outcome)

    def _done(self, request: Request, outcome: Outcome) -> Told:
        self.seen["repeated"] += outcome.repeated
        for event in outcome.events:
            self.seen[type(event).__name__] += 1
        assert outcome.answer is not None
        joined = isinstance(request.wish.command, do.JoinLane)
        # What changed nothing has no line: there is nothing that a second asking could double.
        key = request.key if outcome.events else None
        return Told(key, 201 if joined else 200, json.loads(outcome.answer))

    def _hear(self, request: Request, told: Told) -> None:
        self.told.append(told)
        request.answered = request.answered or told.status < 500

    # The boards

    def publish(self, worker: Worker, tent: Tent) -> None:
        """Push the whole view to every board; pushes may be late, lost, doubled or reordered."""
        race_day = worker.race_day
        if race_day is None or not (self.calm or self.world.chance(0.3)):
            return
        view = board_view(tent, race_day.forecast(), self.world.now)
        durable = len(self.disk.lines)
        for screen in self.screens:
            for _ in range(1 + self._unlucky()):
                if not self._unlucky():
                    self.world.later(self._delay(), lambda s=screen: self._show(s, view, durable))

    def _show(self, screen: Screen, view: dict[str, Any], durable: int) -> None:
        if screen.drops_old and view["version"] <= screen.newest:
            return
        screen.newest = view["version"]
        self.shown.append(Shown(screen.name, "board", view, durable))

    # The end

    def verdict(self) -> list[Broken]:
        """Everything that is broken."""
        wanted = {each.version for each in self.shown}
        looked = check_journal(SLUG, self.disk.lines, wanted)
        found = looked.broken + check_clients(looked, self.told, self.shown, NAMES)
        return found + self.bugs

    def _settled(self) -> list[Broken]:
        looked = check_journal(SLUG, self.disk.lines)
        late = [r.key for r in self.requests if not r.answered]
        found = [Broken(10, f"{len(late)} requests were never answered")] if late else []
        for worker in self.workers:
            assert worker.race_day is not None
            if not same_tent(worker.race_day.tent, looked.tent):
                found.append(Broken(5, "a worker's tent is not the fold of the journal"))
        return found


def _writer(command: Command) -> Callable[[Tent, tuple[Event, ...]], bytes]:
    """How an answer is written: a join's names the ticket, any other the version."""

    def write(tent: Tent, events: tuple[Event, ...]) -> bytes:
        if isinstance(command, do.JoinLane):
            ticket = tent.ticket(command.ticket)
            return json.dumps({"id": ticket.id, "code": ticket.code, "lane": ticket.lane}).encode()
        return json.dumps({"version": tent.version}).encode()

    return write


def replay(seed: int) -> str:
    """The command that plays a day again."""
    return f"python -m tests.faults.day {seed}"


def main(seeds: list[int]) -> int:
    """Play days; say what broke and how to play it again."""
    failed = 0
    for seed in seeds:
        day = Day(seed)
        broken = day.play()
        print(f"seed {seed}: {len(day.disk.lines)} entries, {len(broken)} broken")
        for each in broken[:5]:
            print(f"  {each}")
        failed += bool(broken)
        if broken:
            print(f"  again: {replay(seed)}")
    return min(failed, 1)


if __name__ == "__main__":
    first, _, last = sys.argv[1].partition("-")
    sys.exit(main(list(range(int(first), int(last or first) + 1))))
