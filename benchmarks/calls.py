"""Eight therapists at once, each on a connection of their own: available, start, finish, clean.

    python -m benchmarks.calls [--quick | --full]

Prints how long a press takes, and checks from the journal that no runner was treated twice and no
table had two runners.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import gevent

from benchmarks.commit import slowest
from benchmarks.tent_server import Caller, served

THERAPISTS = 8


def work(caller: Caller, therapist: str, until: int, done: list[str], took: list[float]) -> None:
    """Treat whoever is called to this table, as fast as the server answers."""

    def press(path: str) -> tuple[int, dict[str, Any]]:
        began = time.perf_counter()
        answer = caller.post(path, {})
        took.append(time.perf_counter() - began)
        return answer

    while len(done) < until:
        _, mine = press(f"/therapists/{therapist}/available")
        code = mine.get("ticket")
        if mine.get("state") != "called" or code is None:
            gevent.sleep(0.002)
            continue
        if press(f"/tickets/{code}/start")[0] == 200:
            press(f"/tickets/{code}/finish")
            press(f"/tickets/{code}/clean")
            done.append(code)


def feed(caller: Caller, until: int, done: list[str]) -> None:
    """Keep a short line, so that somebody always waits."""
    joined = 0
    while len(done) < until:
        if joined < len(done) + 40:
            joined += caller.post("/tickets", {"lane": "recovery", "consent": True})[0] == 201
        else:
            gevent.sleep(0.002)


def twice(caller: Caller) -> tuple[int, int]:
    """From the journal: treatments begun, and runners whose treatment began more than once."""
    started: Counter[str] = Counter()
    since = 0
    while entries := caller.get(f"/journal?since={since}")["entries"]:
        for entry in entries:
            begun = [e for e in entry["events"] if e["type"] == "TreatmentStarted"]
            started.update(e["code"] for e in begun)
        since = entries[-1]["number"]
    return sum(started.values()), sum(count > 1 for count in started.values())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    until = 200 if given.quick else 10_000 if given.full else 1_000
    done: list[str] = []
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), THERAPISTS) as (port, token):
        hands = [
            gevent.spawn(work, Caller(port, token), f"th{n}", until, done, took)
            for n in range(1, THERAPISTS + 1)
        ]
        hands.append(gevent.spawn(feed, Caller(port, token), until, done))
        gevent.joinall(hands, raise_error=True)
        begun, doubled = twice(Caller(port, token))
    print(f"{len(took):,} presses by {THERAPISTS} therapists at once")
    print(f"p50 {statistics.median(took) * 1e3:.1f} ms   p99 {slowest(took):.1f} ms")
    print(f"{begun:,} treatments begun, {doubled} runners treated twice")
    assert doubled == 0


if __name__ == "__main__":
    main()
