"""A tent whose process is killed again and again: `python -m tests.faults.killed FOLDER`.

Each line on the standard input is one life: `{"seed": 1, "step": "before COMMIT", "times": 3}`, or
`"after_s"` in place of a step; `"hasty": true` is a tent that answers before it has written. A
child is forked, opens the tent, looks whether what was acknowledged is there, asks again what was
left without an answer, works with four hands and is killed there and then. One line comes back:
what was acknowledged, asked again, and lost.
"""

from __future__ import annotations

import functools
import json
import os
import select
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tentqueue.domain import Command, Event, Tent
from tentqueue.domain import commands as do
from tentqueue.domain.errors import Refusal
from tentqueue.domain.model import LaneName, Screening
from tentqueue.domain.rules import TentRules
from tentqueue.services.answered import Receipt
from tentqueue.services.asker import Asker, Power
from tentqueue.services.race_day import RaceDay
from tentqueue.storage import Storage, connection, writer
from tentqueue.storage.consents import PutConsent
from tentqueue.storage.ledger import Committing, EventLedger
from tests.cast import NOON, mins, race
from tests.invariants import check_lines, check_tent

SLUG = "riverside-half"
HANDS = ("ana", "ben", "chidi", "dora")
EVE = Asker(Power.DESK, "Eve")
STEPS = (
    "before BEGIN",
    "after BEGIN",
    "before INSERT",
    "after INSERT",
    "before COMMIT",
    "after COMMIT",
    "before telling",
    "before answering",
    "after answering",
)
PATIENT = TentRules(longest_wait_minutes=0, capacity_factor=1000.0, again_after_minutes=0)
LIFE_S = 4.0
"""A step that is not reached by then is no step; the child is killed all the same."""


class Axe:
    """Falls at the nth time that a step is reached."""

    def __init__(self, step: str | None, times: int) -> None:
        self.step, self._left = step, times

    def at(self, step: str) -> None:
        """This process is at a step."""
        if step == self.step:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def sharpen(self) -> None:
        """Hang over every statement of the writer, and over its telling."""
        axe = self

        class Watched(sqlite3.Connection):
            def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
                word = sql.split(None, 1)[0]
                axe.at(f"before {word}")
                cursor = super().execute(sql, *rest)
                axe.at(f"after {word}")
                return cursor

        connect = functools.partial(sqlite3.connect, factory=Watched)
        connection.sqlite3 = _With(sqlite3, connect=connect)  # type: ignore[attr-defined]
        tell = writer._tell

        def telling(settled: Any) -> None:
            axe.at("before telling")
            tell(settled)

        writer._tell = telling


class _With:
    """A module with one thing exchanged."""

    def __init__(self, module: Any, **exchanged: Any) -> None:
        self._module = module
        self.__dict__.update(exchanged)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class Clock:
    """The race's afternoon at sixty times its speed, so that treatments end."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        """The time in the tent."""
        return self._start + timedelta(seconds=60 * (time.monotonic() - self._began))


Said = Callable[[dict[str, Any]], None]


class Life:
    """One process from its opening to its end."""

    def __init__(self, folder: Path, order: dict[str, Any], say: Said) -> None:
        self.axe = Axe(order.get("step"), order.get("times", 1))
        self.axe.sharpen()
        self.chance, self.say, self.seed = Random(order["seed"]), say, order["seed"]
        self.storage = Storage.open(f"sqlite:///{folder}/tent.db")
        if self.storage.journal.get_event(SLUG) is None:
            self.storage.journal.create_event(SLUG, b"{}", at=1)
        last = max((r.at for r in self.storage.journal.read(SLUG)), default=0)
        start = max(NOON, datetime.fromtimestamp(last / 1e6, UTC))
        self.day = RaceDay(SLUG, EventLedger(self.storage.journal, SLUG), Clock(start))
        if self.day.tent.version == 0:
            self.day.handle(do.DefineEvent(race(rules=PATIENT)), EVE)

    def look(self, acknowledged: dict[str, str]) -> None:
        """Say what was acknowledged before and is not there, or is another."""
        for key, answer in acknowledged.items():
            row = self.storage.journal.answer(SLUG, key)
            if row is None or (row.answer or b"").decode() != answer:
                self.say({"lost": key})
        check_tent(self.day.tent)

    def examine(self) -> None:
        """Say what is wrong with the whole journal."""
        check_lines(list(EventLedger(self.storage.journal, SLUG).tail(0)), SLUG)
        self.say({"sound": self.day.tent.version})

    def ask(self, key: str, words: list[Any]) -> None:
        """Ask under a key, and say the answer."""
        self.say({"asked": key, "words": words})
        command, side = self._command(words)
        receipt = Receipt(key, json.dumps(words).encode()[-16:], _answer)
        try:
            outcome = self.day.handle(command, EVE, receipt, side)
        except Refusal:
            self.say({"refused": key})
            return
        if not outcome.events:
            # What changes nothing leaves nothing behind; asked again it may change something.
            self.say({"refused": key})
            time.sleep(0.002)
        elif outcome.answer is not None:
            self.axe.at("before answering")
            self.say({"key": key, "answer": outcome.answer.decode()})
            self.axe.at("after answering")

    def _command(self, words: list[Any]) -> tuple[Command, tuple[Any, ...]]:
        kind, what = words
        if kind == "join":
            finished = NOON - mins(20)
            join = do.JoinLane(
                what, LaneName.RECOVERY, True, screening=Screening.OK, finished_at=finished
            )
            return join, (PutConsent(SLUG, what, "1", 1, "runner"),)
        kinds: dict[str, Any] = {
            "available": do.BeAvailable,
            "start": do.StartTreatment,
            "finish": do.FinishTreatment,
            "leave": do.LeaveLine,
        }
        return kinds[kind](what), ()

    def work(self, hand: int) -> None:
        """Press the next step of one therapist, and let runners join, for ever."""
        chance, name = Random(self.seed * 31 + hand), HANDS[hand]
        for number in range(10**9):
            words = self._next(chance, name, f"{self.seed}-{hand}-{number}")
            self.ask(f"key-{self.seed}-{hand}-{number}", words)

    def _next(self, chance: Random, name: str, new: str) -> list[Any]:
        tent = self.day.tent
        therapist = tent.therapists[name]
        if chance.random() < 0.4 and len(tent.open) < 30:
            return ["join", f"runner-{new}"]
        if therapist.state == "called":
            return ["start", therapist.ticket]
        if therapist.state == "in_treatment":
            return ["finish", therapist.ticket]
        return ["available", name]


def _answer(tent: Tent, events: tuple[Event, ...]) -> bytes:
    return json.dumps([tent.version, *(type(event).__name__ for event in events)]).encode()


def live(folder: Path, order: dict[str, Any], books: dict[str, Any], out: int) -> None:
    """The child: open, look, ask again, work until the axe falls."""
    turn = threading.Lock()

    def say(line: dict[str, Any]) -> None:
        with turn:
            os.write(out, json.dumps(line).encode() + b"\n")

    if order.get("hasty"):
        Committing.wait = lambda waiting: None  # type: ignore[method-assign]
    life = Life(folder, order, say)
    life.look(books["acknowledged"] if order.get("examine") else books["fresh"])
    for key, words in books["open"].items():
        life.ask(key, words)
    if order.get("examine"):
        life.examine()
        return
    say({"ready": True})
    hands = [threading.Thread(target=life.work, args=(n,), daemon=True) for n in range(4)]
    for hand in hands:
        hand.start()
    time.sleep(LIFE_S)


def one_life(folder: Path, order: dict[str, Any], books: dict[str, Any]) -> dict[str, Any]:
    """The parent: fork, wait, kill, and write into the books what the child said."""
    listening, speaking = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(listening)
            live(folder, order, books, speaking)
            code = 0
        finally:
            os._exit(code)
    os.close(speaking)
    heard = _hear(listening, child, order)
    _, status = os.waitpid(child, 0)
    books["fresh"] = {}
    found: dict[str, Any] = {"acknowledged": 0, "again": len(books["open"]), "lost": []}
    for line in heard:
        _write_down(line, books, found)
    found["killed"] = os.WIFSIGNALED(status)
    found["crashed"] = os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0
    return found


def _hear(listening: int, child: int, order: dict[str, Any]) -> list[dict[str, Any]]:
    text, deadline = b"", time.monotonic() + 2 * LIFE_S
    while True:
        if select.select([listening], [], [], max(0.0, deadline - time.monotonic()))[0]:
            if not (got := os.read(listening, 65_536)):
                break
            fresh = b"ready" in got
            text += got
            if fresh and "after_s" in order:
                deadline = time.monotonic() + order["after_s"]
        if time.monotonic() >= deadline:
            os.kill(child, signal.SIGKILL)
            deadline += 60
    os.close(listening)
    # The last line may have been cut with its writer.
    return [json.loads(line) for line in text.split(b"\n")[:-1] if line]


def _write_down(line: dict[str, Any], books: dict[str, Any], found: dict[str, Any]) -> None:
    if "asked" in line:
        books["open"][line["asked"]] = line["words"]
    elif "refused" in line:
        books["open"].pop(line["refused"], None)
    elif "key" in line:
        books["open"].pop(line["key"], None)
        books["acknowledged"][line["key"]] = books["fresh"][line["key"]] = line["answer"]
        found["acknowledged"] += 1
    elif "lost" in line:
        found["lost"].append(line["lost"])
    elif "sound" in line:
        found["sound"] = line["sound"]


def main(folder: Path) -> None:
    """Live as often as asked."""
    books: dict[str, Any] = {"acknowledged": {}, "fresh": {}, "open": {}}
    for order in map(json.loads, sys.stdin):
        print(json.dumps(one_life(folder, order, books)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
