"""A whole server is killed under everybody of a race day: the one checker looks at what is on the
disk and at every client's book after each kill, and whoever had no answer asks again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tentqueue.services.invariants import Looked, Told, check_clients, check_journal
from tentqueue.services.ledger import Line
from tentqueue.storage.looking import looking_at
from tests.faults.killed import STEPS
from tests.faults.people import Person, everybody
from tests.workers.crew import until

CYCLES = max(4, int(os.environ.get("KILLS", "192")) // 48)
SLUG = "riverside-half"
OF_THE_SERVER = STEPS[: STEPS.index("before telling") + 1]
NEEDED = {
    "RunnerJoined",
    "RunnerScreened",
    "FinishRecorded",
    "RunnerArrived",
    "MoreTimeGiven",
    "RunnerLeft",
    "RunnerCalled",
    "RunnerRecalled",
    "CallMissed",
    "TreatmentStarted",
    "TreatmentExtended",
    "TreatmentFinished",
    "RunnerReferred",
    "TableCleaned",
    "TherapistArrived",
    "BreakStarted",
    "BreakEnded",
    "TicketHeld",
    "TicketMoved",
    "LaneChanged",
    "Announced",
    "CommandUndone",
}
"""What must have happened and been looked at before the test is over."""


class Life:
    """One process that serves, from its start to its end."""

    def __init__(self, url: str, **order: Any) -> None:
        command = [sys.executable, "-m", "tests.faults.served", url, json.dumps(order)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"

    @property
    def over(self) -> bool:
        """Whether it has fallen by its own hand."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """From outside, at whatever moment this is."""
        self._process.kill()
        self._process.wait()


@dataclass
class Day:
    """The clients over all lives of their server, and what was found."""

    url: str
    people: list[Person] = field(default_factory=everybody)
    chance: Random = field(default_factory=lambda: Random(7))
    again: int = 0
    _sure: list[str] = field(default_factory=list)

    @contextmanager
    def life(self, **order: Any) -> Iterator[Life]:
        """Everybody at work before one process; nobody is left when it is gone."""
        life, stop = Life(self.url, **order), threading.Event()
        repeats = set(self.chance.sample(self._sure, min(12, len(self._sure))))
        self.again += len(repeats) + sum(person.book.open is not None for person in self.people)
        crew = []
        for person in self.people:
            mine = sorted(repeats & set(person.book.wishes))
            crew.append(threading.Thread(target=person.live, args=(life.url, stop, mine)))
        for thread in crew:
            thread.start()
        try:
            yield life
        finally:
            life.kill()
            stop.set()
            for thread in crew:
                thread.join(60)
            assert not any(thread.is_alive() for thread in crew)

    @property
    def heard(self) -> int:
        """How many answers have come."""
        return sum(len(person.book.told) for person in self.people)

    def hear(self, more: int, life: Life, falls: bool = False) -> None:
        """Wait for so many answers more, or for a server that `falls` by its own hand."""
        wanted = self.heard + more
        until(lambda: life.over if falls else self.heard > wanted, 90)

    def lines(self) -> list[Line]:
        """What is on the disk."""
        with looking_at(self.url) as journals:
            return list(journals.lines(SLUG))

    def missing(self) -> set[str]:
        """Which kinds of events have not happened yet."""
        return NEEDED - {type(each).__name__ for line in self.lines() for each in line.entry.events}

    def verdict(self) -> tuple[list[str], Looked]:
        """What the one checker finds on the disk and in everybody's book."""
        shown = [each for person in self.people for each in person.book.shown]
        looked = check_journal(SLUG, self.lines(), {each.version for each in shown})
        told = [each for person in self.people for each in _noted(person, looked)]
        self._sure = [t.key for t in told if t.key is not None and t.status < 300]
        found = looked.broken + check_clients(looked, told, shown)
        return [str(each) for each in found], looked


def _noted(person: Person, looked: Looked) -> Iterator[Told]:
    """What a client was told. A yes that left no line changed nothing, so that its key stays free;
    only a batch of finishes is answered from elsewhere."""
    for told in person.book.told:
        feed = person.book.wishes[told.key or ""].path == "finishers"
        nothing = told.status == 200 and told.key not in looked.keys and not feed
        yield replace(told, key=None) if nothing else told


@pytest.mark.timeout(1800)
def test_a_killed_server_keeps_every_promise_to_everybody(tmp_path: Path) -> None:
    day = Day(f"sqlite:///{tmp_path}/tent.db")
    for cycle in range(1, CYCLES + 1):
        step = OF_THE_SERVER[cycle // 2 % len(OF_THE_SERVER)] if cycle % 2 else None
        more = day.chance.randint(20, 120)
        with day.life(step=step, times=more) as life:
            day.hear(more, life, falls=step is not None)
            while cycle == CYCLES and day.missing():
                day.hear(100, life)
        found, looked = day.verdict()
        assert not found, found[:5]
    statuses = {told.status for person in day.people for told in person.book.told}
    assert statuses <= {200, 201, 409, 422}, statuses
    assert day.again > CYCLES, "nothing was ever asked again"
    print(f"{CYCLES} kills, {looked.tent.version} entries, {day.heard} answers, {day.again} again")


@pytest.mark.timeout(300)
def test_a_server_that_answers_before_it_has_written_is_caught(tmp_path: Path) -> None:
    day = Day(f"sqlite:///{tmp_path}/tent.db")
    for _ in range(4):
        with day.life(hasty=True) as life:
            day.hear(5, life)
        found, _ = day.verdict()
        if any(each.startswith("invariant 1") for each in found):
            return
    pytest.fail(f"nothing was found but {found[:5]}")
