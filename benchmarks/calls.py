"""Eight therapists at once, each on a connection of their own: available, start, finish, clean.

    python -m benchmarks.calls [--quick | --full]

Prints how long each kind of press takes, and reads the whole journal to check that no runner was
called while called already, none was treated twice, and no table had two runners at once.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import gevent

from benchmarks.commit import slowest
from benchmarks.tent_server import Caller, served

THERAPISTS = 8
ENDS_A_CALL = {"CallMissed", "MoreTimeGiven", "RunnerLeft", "TicketHeld"}
"""Events after which a runner may rightly be called again."""
FAULTS = ("called while called", "treated twice", "two at one table")
Took = defaultdict[str, list[float]]


def work(caller: Caller, therapist: str, until: int, done: list[str], took: Took) -> None:
    """Treat whoever is called to this table, as fast as the server answers."""

    def press(path: str) -> tuple[int, dict[str, Any]]:
        began = time.perf_counter()
        answer = caller.post(path, {})
        took[path.rpartition("/")[2]].append(time.perf_counter() - began)
        assert answer[0] != 429, "over the server's budget for staff: the run would only wait"
        return answer

    while len(done) < until:
        _, mine = press(f"/therapists/{therapist}/available")
        code = mine.get("ticket")
        if mine.get("state") != "called" or code is None:
            gevent.sleep(0.02)
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


def entries(caller: Caller) -> Iterator[dict[str, Any]]:
    """Every event of the journal, in order."""
    since = 0
    while page := caller.get(f"/journal?since={since}")["entries"]:
        for entry in page:
            yield from entry["events"]
        since = page[-1]["number"]


def faults(events: Iterable[dict[str, Any]]) -> Counter[str]:
    """Counts what must not happen, and the calls and treatments it was looked for in."""
    found: Counter[str] = Counter()
    called: set[str] = set()
    treated: set[str] = set()
    tables: dict[int, str] = {}
    for event in events:
        kind, code = event["type"], event.get("code", "")
        if kind == "RunnerCalled":
            found["calls"] += 1
            found["called while called"] += code in called
            called.add(code)
        elif kind == "TreatmentStarted":
            found["treatments"] += 1
            found["treated twice"] += code in treated
            found["two at one table"] += event["table"] in tables
            treated.add(code)
            tables[event["table"]] = code
        elif kind == "TreatmentFinished":
            tables = {table: who for table, who in tables.items() if who != code}
        if kind in ENDS_A_CALL:
            called.discard(code)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    given = parser.parse_args()
    until = 200 if given.quick else 10_000 if given.full else 1_000
    done: list[str] = []
    took: Took = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), THERAPISTS) as (port, token):
        hands = [
            gevent.spawn(work, Caller(port, token), f"th{n}", until, done, took)
            for n in range(1, THERAPISTS + 1)
        ]
        hands.append(gevent.spawn(feed, Caller(port, token), until, done))
        gevent.joinall(hands, raise_error=True)
        found = faults(entries(Caller(port, token)))
    for name, times in took.items():
        middle, slow = statistics.median(times) * 1e3, slowest(times)
        print(f"{name:10} {len(times):7,} presses   p50 {middle:5.1f} ms   p99 {slow:5.1f} ms")
    print(f"{found['calls']:,} calls, {found['treatments']:,} treatments")
    for fault in FAULTS:
        print(f"{fault:20} {found[fault]}")
    assert not any(found[fault] for fault in FAULTS)


if __name__ == "__main__":
    main()
