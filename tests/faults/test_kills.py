"""Killed at each step and at random, a tent loses nothing it has acknowledged, and goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from tests.faults.killed import STEPS
from tests.workers.crew import Crew, Worker

KILLS = int(os.environ.get("KILLS", "192"))
"""How many in all; `make soak` has a thousand and more."""
SHARES = 4
"""Tents they are spread over, so that several processes can share them."""


class Tent:
    """A tent in a process of its own, and its many lives."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.faults.killed", str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def live(self, **order: Any) -> dict[str, Any]:
        """One life to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert not told["crashed"], "it did not open again"
        return told

    def close(self) -> None:
        """No more lives."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture
def tent(tmp_path: Path) -> Iterator[Tent]:
    """A tent in an empty folder."""
    opened = Tent(tmp_path)
    yield opened
    opened.close()


def orders(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Every other life ends at a step, the others at any moment."""
    chance = Random(seed)
    for number in range(count):
        if number % 2:
            yield {"after_s": chance.uniform(0.0, 0.15)}
        else:
            yield {"step": STEPS[number // 2 % len(STEPS)], "times": chance.randint(1, 8)}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_was_acknowledged_is_there_after_every_kill(tent: Tent, share: int) -> None:
    acknowledged = again = 0
    for number, order in enumerate(orders(share, KILLS // SHARES)):
        life = tent.live(seed=1000 * share + number, **order)
        assert life["lost"] == [], order
        assert life["killed"], f"never came to {order}"
        acknowledged += life["acknowledged"]
        again += life["again"]
    last = tent.live(seed=share, examine=True)
    assert last["lost"] == []
    assert last["sound"] >= acknowledged > KILLS // SHARES
    assert again, "nothing was ever left without an answer"


def test_a_tent_that_answers_before_it_has_written_is_caught(tent: Tent) -> None:
    lost = []
    for number in range(12):
        lost += tent.live(seed=number, step="before COMMIT", times=6, hasty=True)["lost"]
    assert lost


class Phone(threading.Thread):
    """Joins again and again under keys of its own, until the server is gone."""

    def __init__(self, server: Worker, name: str) -> None:
        super().__init__(daemon=True)
        self._server, self.name = server, name
        self.told: dict[str, Any] = {}
        self.open: list[str] = []

    def run(self) -> None:
        """Ask; an answer that doesn't come leaves its key open."""
        for number in count():
            key = f"{self.name}-{number}"
            self.open.append(key)
            try:
                answer = self._server.join(key)
            except requests.RequestException:
                return
            self.open.remove(key)
            if answer.status_code == 201:
                self.told[key] = answer.json()


@pytest.mark.timeout(1800)
def test_a_killed_server_serves_on_with_every_ticket_and_repeats_its_answers(
    tmp_path: Path,
) -> None:
    crew, chance = Crew(f"sqlite:///{tmp_path}/tent.db"), Random(7)
    told: dict[str, Any] = {}
    unanswered: list[str] = []
    try:
        for cycle in range(max(4, KILLS // 48)):
            server = crew.start()
            for key in [*chance.sample(sorted(told), min(3, len(told))), *unanswered]:
                again = server.join(key).json()
                assert again["code"] == told.setdefault(key, again)["code"]
            phones = [Phone(server, f"phone-{cycle}-{n}") for n in range(6)]
            for phone in phones:
                phone.start()
            time.sleep(chance.uniform(0.1, 0.6))
            server.kill()
            for phone in phones:
                phone.join(20)
                told |= phone.told
            unanswered = [key for phone in phones for key in phone.open]
        last = crew.start()
        codes = {ticket["code"] for ticket in last.get("tent")["tickets"]}
        acknowledged = [answer["code"] for answer in told.values()]
        assert set(acknowledged) <= codes
        assert len(acknowledged) == len(set(acknowledged)) > 20
    finally:
        crew.close()
