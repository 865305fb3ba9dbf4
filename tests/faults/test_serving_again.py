"""A server that was killed with 5,000 tickets serves again, with all of them (faults: kill -9).

How soon is printed; `python -m benchmarks.returns` measures it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from tentqueue.domain.rules import TentRules
from tentqueue.services.ledger import Line
from tentqueue.storage import Storage
from tentqueue.storage.ledger import EventLedger
from tests.cast import NOON, Scene, race

TICKETS = 5_000
SLUG = "riverside-half"
ENDLESS = TentRules(longest_wait_minutes=0, capacity_factor=10_000.0)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with 5,000 tickets in the line, each with the answer that its runner got."""
    scene = Scene(race(rules=ENDLESS), NOON)
    for number in range(TICKETS):
        scene.recovery(f"{number:026d}")
    url = f"sqlite:///{tmp_path / 'tent.db'}"
    storage = Storage.open(url)
    storage.journal.create_event(SLUG, b"{}", at=1)
    ledger = EventLedger(storage.journal, SLUG)
    for entry in scene.entries:
        last = ledger.append(Line(entry, f"key-{entry.number:08}", b"d" * 16, b"a" * 1_000))
    last.wait()
    storage.close()
    return url


def one_life(url: str) -> tuple[dict[str, Any], float]:
    """Start the server, ask for the board, kill it: the board, and seconds of processor time."""
    command = [sys.executable, "-m", "tentqueue.cli", "serve", "--port", "0", "--database", url]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    found = re.search(r"http://127.0.0.1:\d+", server.stdout.readline())
    assert found is not None
    board = requests.get(f"{found[0]}/api/v1/events/{SLUG}/board", timeout=60).json()
    server.kill()
    server.stdout.close()
    _, _, used = os.wait4(server.pid, 0)
    return board, used.ru_utime + used.ru_stime


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Windows tells no processor time this way")
def test_a_killed_server_with_5000_tickets_serves_all_of_them_again(url: str) -> None:
    one_life(url)
    board, took = one_life(url)
    print(f"serving again after {took:.2f} s of processor time")
    assert board["version"] >= TICKETS
    assert board["lanes"][1]["waiting"] == TICKETS
