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
from benchmarks.tent_server import Caller, served

AT_ONCE = 32
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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = 600 if parser.parse_args().quick else 3_000
    with tempfile.TemporaryDirectory() as folder:
        with served(Path(folder), 8) as (port, token):
            joins(port, token, 100)
            rate, took = joins(port, token, count)
        floor, floor_p99 = bare(Path(folder), count)
    print(f"{'':34}{'a second':>10}{'x bare':>8}{'p50 ms':>8}{'p99 ms':>8}")
    print(f"{'bare sqlite3, FULL, one connection':34}{floor:10,.0f}{1:8.2f}{'':8}{floor_p99:8.1f}")
    middle = statistics.median(took) * 1e3
    name = f"joins through HTTP, {AT_ONCE} at once"
    print(f"{name:34}{rate:10,.0f}{rate / floor:8.2f}{middle:8.1f}{slowest(took):8.1f}")


if __name__ == "__main__":
    main()
