"""A surge hour played fast: 1,000 runners' pages, 60 therapists with their tablets, 5 boards.

    python -m benchmarks.surge [--quick] [--speed 30]

Half of the runners are in the line already, the others join during the hour; the therapists treat
as fast as they are called, through HTTP. It counts what staff wait, what the hour costs the server,
and whether every page is right at the end.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from benchmarks.commit import slowest  # noqa: E402
from benchmarks.crowd import cpu_seconds  # noqa: E402
from benchmarks.herd import HerdProcess  # noqa: E402
from benchmarks.phones import Hello  # noqa: E402
from benchmarks.returns import fill  # noqa: E402
from benchmarks.shift import Shift  # noqa: E402
from benchmarks.tent_server import Caller, TentServer  # noqa: E402

BOARDS = 5
PORTIONS = 12
"""The second half of the field joins in so many groups, as finishers come."""


def screens(server: TentServer, tablets: int) -> list[Hello]:
    """What the boards and the tablets say when they connect."""
    board: Hello = {"event": "bench", "view": "board"}
    tablet: Hello = {"event": "bench", "view": "tent", "token": server.token}
    return [board] * BOARDS + [tablet] * tablets


def play(server: TentServer, runners: int, therapists: int, speed: float) -> dict[str, Any]:
    """The hour; what came of it."""
    herd, shift = HerdProcess(server.port), Shift(server, speed)
    herd.open(screens(server, therapists) + fill(server, runners // 2), within_s=2)
    herd.current(within_s=60)
    began, used = time.monotonic(), cpu_seconds(server.process.pid)
    for number in range(1, therapists + 1):
        gevent.spawn(shift.work, number)
    for _ in range(PORTIONS):
        gevent.sleep(3600 / speed / PORTIONS)
        herd.open(fill(server, runners // 2 // PORTIONS))
    shift.over.set()
    spent = cpu_seconds(server.process.pid) - used
    counts = herd.current(within_s=30)
    herd.close()
    return {"seconds": time.monotonic() - began, "cpu": spent, "shift": shift, **counts}


def acknowledged(server: TentServer) -> int:
    """How many tickets the journal has."""
    caller, since, joined = Caller(server.port, server.token), 0, 0
    while page := caller.get(f"/journal?since={since}")["entries"]:
        joined += sum(e["type"] == "RunnerJoined" for entry in page for e in entry["events"])
        since = page[-1]["number"]
    return joined


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--speed", type=float, default=30.0)
    given = parser.parse_args()
    runners, therapists = (120, 12) if given.quick else (1000, 60)
    speed = 120.0 if given.quick else given.speed
    with tempfile.TemporaryDirectory() as folder:
        server = TentServer(Path(folder), therapists, speed)
        print(f"the machine's load was {os.getloadavg()[0]:.1f}")
        done = play(server, runners, therapists, speed)
        joined = runners // 2 + PORTIONS * (runners // 2 // PORTIONS)
        assert acknowledged(server) == joined, "an acknowledged ticket is lost"
        server.kill()
    shift: Shift = done["shift"]
    print(f"{joined:,} runners, {therapists} therapists: an hour in {done['seconds']:.0f} s")
    print(f"  {shift.treated} treated; {done['views']:,} views, {done['went_back']} went back")
    print(f"  server {done['cpu']:.1f} s of processor time, {done['lost']} lines lost")
    for title, times in zip(("waited", "server busy"), zip(*shift.took, strict=True), strict=True):
        middle = statistics.median(times) * 1e3
        print(
            f"  {len(times)} presses, {title:11}: p50 {middle:.1f} ms, p99 {slowest(times):.1f} ms"
        )


if __name__ == "__main__":
    main()
