"""Killed at each step and at random, a tent loses nothing it has acknowledged, and goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.killed import STEPS

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
