"""A long day at ten times its speed, and whether the server holds more and more.

    python -m benchmarks.long_day [--quick] [--minutes 72]

Runners join as fast as they are treated and open their page, and the oldest pages close; before
each look all lines are cut, and come back. Memory, file handles, greenlets and objects are read at
each twelfth of the time. The journal and the tickets of the day stay, so memory may rise by what
they weigh; handles and greenlets must not.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from benchmarks.herd import HerdProcess  # noqa: E402
from benchmarks.memory import resident_kb  # noqa: E402
from benchmarks.returns import fill  # noqa: E402
from benchmarks.shift import Shift  # noqa: E402
from benchmarks.tent_server import TentServer  # noqa: E402

SPEED = 10.0
THERAPISTS = 20
PHONES = 150
BOARDS = 3
LOOKS = 12
LINGERS_S = 17.0
"""What minds a line's pings sleeps on for up to 15 s after the line is gone."""
MOST_GREENLETS_AN_HOUR = 2.0
MOST_HANDLES_AN_HOUR = 2.0


@dataclass(frozen=True)
class Look:
    """What the server holds at one moment."""

    day_hours: float
    tickets: int
    memory_kb: int
    handles: int
    greenlets: int
    objects: int


class Day:
    """The tent, its staff and its runners' pages."""

    def __init__(self, folder: Path) -> None:
        self.server = TentServer(folder, THERAPISTS, SPEED)
        self.herd = HerdProcess(self.server.port)
        self.shift = Shift(self.server, SPEED)
        self.joined = 0
        self.began = time.monotonic()

    def open(self) -> None:
        """Boards, staff and the first runners."""
        self.herd.open([{"event": "bench", "view": "board"}] * BOARDS)
        self.join(PHONES)
        self.herd.current(within_s=60)
        for number in range(1, THERAPISTS + 1):
            gevent.spawn(self.shift.work, number)
        self.began = time.monotonic()

    def join(self, count: int) -> None:
        """So many more runners join, and open their pages; the oldest close theirs."""
        self.joined += count
        self.herd.open(fill(self.server, count))
        self.herd.ask("leave", keep=PHONES + BOARDS)

    def go_on(self, until: float) -> None:
        """Keep the line as long as it is, and cut every line now and then."""
        while time.monotonic() < until:
            gevent.sleep(2.0)
            self.join(max(0, self.shift.treated + PHONES - self.joined))
            left = until - time.monotonic()
            if LINGERS_S < left < LINGERS_S + 2.5:
                self.herd.ask("cut")

    def look(self) -> Look:
        """Read what the server holds, once everybody is back."""
        self.herd.current(within_s=60)
        pid = self.server.process.pid
        greenlets, objects = self.server.objects()
        handles = len(os.listdir(f"/proc/{pid}/fd"))
        hours = (time.monotonic() - self.began) * SPEED / 3600
        return Look(hours, self.joined, resident_kb(pid), handles, greenlets, objects)

    def close(self) -> None:
        """Everybody goes home."""
        self.shift.over.set()
        self.herd.close()
        self.server.kill()


def slope(looks: list[Look], what: str) -> float:
    """By how much something rises in an hour of the day: least squares."""
    hours, values = [x.day_hours for x in looks], [float(getattr(x, what)) for x in looks]
    return statistics.linear_regression(hours, values).slope


def main() -> int:
    """Print the table; 1 when handles or greenlets rise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--minutes", type=float, default=72.0)
    given = parser.parse_args()
    minutes = 1.0 if given.quick else given.minutes
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder))
        day.open()
        looks = []
        print(" hour  tickets  memory MB  handles  greenlets   objects")
        for number in range(LOOKS + 1):
            day.go_on(day.began + 10 + number * (minutes * 60 - 10) / LOOKS)
            looks.append(now := day.look())
            print(
                f"{now.day_hours:5.2f}{now.tickets:9,}{now.memory_kb / 1024:11.1f}"
                f"{now.handles:9}{now.greenlets:11}{now.objects:10,}",
                flush=True,
            )
        day.close()
    return verdict(looks[2:])


def verdict(looks: list[Look]) -> int:
    """Print what rises, after the start; 1 when what must not does."""
    memory, tickets = slope(looks, "memory_kb"), slope(looks, "tickets")
    print(f"an hour of the day adds {memory:.0f} kB, {memory / max(tickets, 1):.1f} kB a ticket")
    handles, greenlets = slope(looks, "handles"), slope(looks, "greenlets")
    print(f"handles {handles:+.2f} an hour, greenlets {greenlets:+.2f} an hour")
    return int(handles > MOST_HANDLES_AN_HOUR or greenlets > MOST_GREENLETS_AN_HOUR)


if __name__ == "__main__":
    sys.exit(main())
