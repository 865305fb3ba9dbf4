"""Durable commits a second: bare sqlite3, one row a commit, against the journal's group commit.

    python -m benchmarks.commit [--quick] [--directory DIR]

Both sync every commit to the disk (WAL, synchronous=FULL). Put the directory on the disk you mean.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import gevent

from tentqueue.storage import Record, Storage

_EVENTS = b'[["TicketCalled",{"code":"R217","table":4,"therapist":"Ana"}]]' * 4


def bare(directory: Path, rows: int) -> tuple[float, float]:
    """One connection, one thread, one row a transaction: rows a second, and the slowest 1 %."""
    connection = sqlite3.connect(directory / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE j (event TEXT, number INTEGER, events BLOB, UNIQUE (event, number))"
    )
    took = []
    began = time.perf_counter()
    for number in range(rows):
        at = time.perf_counter()
        connection.execute("INSERT INTO j VALUES ('riverside', ?, ?)", (number, _EVENTS))
        took.append(time.perf_counter() - at)
    return rows / (time.perf_counter() - began), slowest(took)


def journal(directory: Path, rows: int, callers: int) -> tuple[float, float]:
    """The journal with so many greenlets that each wait for their row to be on the disk."""
    storage = Storage.open(f"sqlite:///{directory}/journal-{callers}.db")
    storage.journal.create_event("riverside", b"{}", at=1)
    took: list[float] = []
    number = 0

    def call() -> None:
        nonlocal number
        while number < rows:
            number += 1
            mine, at = number, time.perf_counter()
            record = Record(mine, mine, _EVENTS, "Ana", f"key-{mine:08}", b"d" * 32, b"{}")
            storage.journal.submit("riverside", record).wait()
            took.append(time.perf_counter() - at)

    began = time.perf_counter()
    gevent.joinall([gevent.spawn(call) for _ in range(callers)], raise_error=True)
    rate = rows / (time.perf_counter() - began)
    storage.close()
    return rate, slowest(took)


def slowest(took: Sequence[float]) -> float:
    """The 99th percentile, in milliseconds."""
    return statistics.quantiles(took, n=100)[98] * 1e3


def main() -> None:
    """Prints one line a way of writing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--directory", default=None)
    options = parser.parse_args()
    rows = 1_000 if options.quick else 5_000
    with tempfile.TemporaryDirectory(dir=options.directory) as name:
        directory = Path(name)
        ways: dict[str, Callable[[], tuple[float, float]]] = {
            "bare sqlite3, one row a commit": lambda: bare(directory, rows),
            "journal, 1 caller": lambda: journal(directory, rows, 1),
            "journal, 32 callers": lambda: journal(directory, rows * 2, 32),
            "journal, 256 callers": lambda: journal(directory, rows * 4, 256),
        }
        print(f"{'way':34}{'rows a second':>14}{'x bare':>8}{'p99':>11}")
        first = 0.0
        for title, way in ways.items():
            rate, p99 = way()
            first = first or rate
            print(f"{title:34}{rate:14,.0f}{rate / first:8.2f}{p99:8.2f} ms")


if __name__ == "__main__":
    main()
