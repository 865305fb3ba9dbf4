"""How long the one door takes: `RaceDay.handle` in a long line, at many tickets, and at start.

Each figure stands beside the commit alone, in the same run: `python benchmarks/handle.py`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tentqueue.domain import commands as do
from tentqueue.domain.model import LaneName, TicketState
from tentqueue.domain.race_event import LanePlan, RaceEvent, Wave
from tentqueue.domain.rules import LANE_DEFAULTS, TentRules
from tentqueue.domain.therapist import Role, Therapist
from tentqueue.services.asker import EVENT_FILE, Asker, Power
from tentqueue.services.ledger import Line
from tentqueue.services.race_day import RaceDay
from tentqueue.storage import Storage
from tentqueue.storage.ledger import EventLedger

NOON = datetime(2027, 4, 25, 12, tzinfo=UTC)
EVE = Asker(Power.DESK, "Eve")
RUNNER = Asker(Power.RUNNER, "runner")


class Clock:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        """The instant it was turned to."""
        return self.time


class Instant:
    """A journal that keeps nothing: what is left is the tent's own time."""

    def append(self, line: Line, side: Sequence[object] = ()) -> Instant:
        return self

    def wait(self) -> None:
        """Durable at once."""

    def tail(self, since: int) -> list[Line]:
        return []

    def answered(self, key: str) -> None:
        return None

    def baton(self) -> None:
        """It has one worker."""

    def reopen(self) -> None:
        """Nothing was shut."""


def race(therapists: int) -> RaceEvent:
    """An afternoon with only a recovery lane, open all day."""
    lanes = {
        LaneName.RECOVERY: LanePlan(
            NOON - timedelta(hours=2), NOON + timedelta(hours=9), LANE_DEFAULTS["recovery"]
        )
    }
    cast = tuple(
        Therapist(f"th{n}", f"Therapist {n}", Role.LICENSED, (LaneName.RECOVERY,), n)
        for n in range(1, therapists + 1)
    )
    start = Wave("Half/A", "Half", "A", NOON - timedelta(hours=2))
    rules = TentRules(break_after_treatments=10**6, break_required_minutes=10**6)
    return RaceEvent(
        "bench", "Bench", "UTC", "2027-04-25", therapists, (start,), lanes, cast, rules
    )


def afternoon(day: RaceDay, clock: Clock, waiting: int, therapists: int) -> None:
    """`therapists` treat, `waiting` wait, nobody is on a break."""
    day.handle(do.DefineEvent(race(therapists)), EVENT_FILE)
    for n in range(1, therapists + 1):
        day.handle(do.BeAvailable(f"th{n}"), EVE)
    for n in range(waiting + therapists):
        finished = clock.time - timedelta(minutes=30)
        day.handle(do.JoinLane(f"r{n}", LaneName.RECOVERY, True, finished_at=finished), RUNNER)
    for ticket in day.tent.in_state(TicketState.CALLED):
        if ticket.therapist and day.tent.therapists[ticket.therapist].ticket == ticket.code:
            day.handle(do.StartTreatment(ticket.code), EVE)


def rounds(day: RaceDay, clock: Clock, count: int) -> list[float]:
    """Seconds of each finish, clean and start, as the day goes on with as many waiting."""
    times: list[float] = []

    def timed(work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)

    for n in range(count):
        treated = day.tent.in_state(TicketState.IN_TREATMENT)[0].code
        clock.time += timedelta(seconds=0.5)
        timed(lambda code=treated: day.handle(do.FinishTreatment(code), EVE))
        timed(lambda code=treated: day.handle(do.CleanTable(code), EVE))
        finished = clock.time - timedelta(minutes=11)
        timed(
            lambda n=n, at=finished: day.handle(
                do.JoinLane(f"x{n}-{clock.time}", LaneName.RECOVERY, True, finished_at=at), RUNNER
            )
        )
        called = next(
            t
            for t in day.tent.in_state(TicketState.CALLED)
            if t.therapist and day.tent.therapists[t.therapist].ticket == t.code
        )
        timed(lambda code=called.code: day.handle(do.StartTreatment(code), EVE))
    return times


def in_memory(waiting: int, therapists: int, before: int, count: int) -> list[float]:
    """Times without a disk: `before` treatments happened earlier in the day."""
    clock = Clock()
    day = RaceDay("bench", Instant(), clock)  # type: ignore[arg-type]
    afternoon(day, clock, waiting, therapists)
    rounds(day, clock, before)
    return rounds(day, clock, count)


def on_disk(entries: int) -> tuple[float, float, int]:
    """Seconds a command with its commit, seconds to fold the journal again, and its length."""
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage.open(f"sqlite:///{folder}/tent.db")
        storage.journal.create_event("bench", b"{}", 0)
        clock, ledger = Clock(), EventLedger(storage.journal, "bench")
        day = RaceDay("bench", ledger, clock)
        afternoon(day, clock, 100, 40)
        times = rounds(day, clock, (entries - day.tent.version) // 4 + 1)
        began = time.perf_counter()
        again = RaceDay("bench", ledger, clock)
        folded = time.perf_counter() - began
        assert again.tent.open == day.tent.open
        storage.close()
        return statistics.median(times), folded, again.tent.version


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    count = 30 if quick else 150
    small, large = [], []
    for _ in range(1 if quick else 3):
        small += in_memory(50, 40, 10, count)
        large += in_memory(1000, 40, 10, count)
    few, many = in_memory(60, 10, 5, count), in_memory(60, 10, 300 if quick else 9_900, count)
    committed, folded, entries = on_disk(1_000 if quick else 10_000)
    rows = [
        ("handle, 50 waiting x 40 therapists, no commit", statistics.median(small) * 1000, "ms"),
        ("handle, 1,000 waiting x 40 therapists, no commit", statistics.median(large) * 1000, "ms"),
        ("the same, p99", sorted(large)[int(len(large) * 0.99)] * 1000, "ms"),
        (
            "10,000 tickets issued against 100",
            statistics.median(many) / statistics.median(few),
            "x",
        ),
        ("handle with its commit, 40 therapists", committed * 1000, "ms"),
        (f"fold {entries} journal entries at start", folded, "s"),
    ]
    for name, figure, unit in rows:
        print(f"{name:52} {figure:8.3f} {unit}")


if __name__ == "__main__":
    main()
