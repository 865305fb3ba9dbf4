"""Durable joins a second through HTTP, one process, 32 at once, beside bare sqlite3 commits.

python -m benchmarks.joins [--quick]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import gevent

from benchmarks.commit import bare, slowest
from benchmarks.tent_server import Caller, at_work, served

AT_ONCE = 32
THERAPISTS = 4
BODY = {"lane": "recovery", "consent": True}


def joins(port: int, token: str, count: int) -> tuple[float, list[float]]:
    """Joins a second, and the seconds that each took."""
    took: list[float] = []
    left = count

    def one() -> None:
        nonlocal left
        caller = Caller(port, token)
        while left > 0:
            left -= 1
            began = time.perf_counter()
            status, answer = caller.post("/tickets", BODY)
            took.append(time.perf_counter() - began)
            assert status == 201, answer

    began = time.perf_counter()
    gevent.joinall([gevent.spawn(one) for _ in range(AT_ONCE)], raise_error=True)
    return count / (time.perf_counter() - began), took


def one_run(count: int) -> tuple[float, float, list[float]]:
    """Bare commits a second around the run, joins a second, and the seconds each join took."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "before").mkdir()
        (here / "after").mkdir()
        floor = bare(here / "before", count)[0]
        with served(here, THERAPISTS) as (port, token):
            at_work(port, token, THERAPISTS)
            joins(port, token, 50)
            rate, took = joins(port, token, count)
        return (floor + bare(here / "after", count)[0]) / 2, rate, took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    count, runs = (600, 2) if quick else (3_000, 5)
    print(f"{'bare a second':>14}{'joins a second':>16}{'ratio':>8}{'p50 ms':>8}{'p99 ms':>8}")
    ratios = []
    for _ in range(runs):
        floor, rate, took = one_run(count)
        ratios.append(rate / floor)
        middle = statistics.median(took) * 1e3
        print(f"{floor:14,.0f}{rate:16,.0f}{ratios[-1]:8.2f}{middle:8.1f}{slowest(took):8.1f}")
    print(f"median ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
