"""The power goes at any moment: what was acknowledged is there, and the file opens again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tentqueue.storage import Storage
from tests.faults.power import Disk, Step, watched
from tests.faults.written import SLUG

COMMITS = 60
CUTS = int(os.environ.get("CUTS", "40"))
"""Moments at which the power goes, each with three things the disk may have kept."""


def moments(steps: list[Step], seed: int) -> Iterator[tuple[Disk, Random]]:
    """Play the recording and stop at moments spread over it."""
    chance = Random(seed)
    first = next(n for n, step in enumerate(steps) if step.kind == "told")
    chosen = set(chance.sample(range(first, len(steps)), min(CUTS, len(steps) - first)))
    disk = Disk()
    for number, step in enumerate(steps):
        disk.take(step)
        if number in chosen:
            yield disk, chance


def after(disk: Disk, folder: Path, keep: float, chance: Random) -> list[int]:
    """Cut the power and switch on again; the numbers that are there."""
    folder.mkdir()
    disk.after_the_cut(folder, keep, chance)
    with sqlite3.connect(folder / "tent.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    storage = Storage.open(f"sqlite:///{folder}/tent.db")
    try:
        kept = [record.number for record in storage.journal.read(SLUG)]
        agreed = sum(n for _, _, n, _ in storage.consents.summary(SLUG))
        assert agreed == len(kept), "a row without what belongs to it"
        assert kept == list(range(1, len(kept) + 1))
        return kept
    finally:
        storage.close()


def lost(steps: list[Step], folder: Path) -> list[int]:
    """How many acknowledged rows are missing, cut by cut."""
    found = []
    for number, (disk, chance) in enumerate(moments(steps, 1)):
        for keep in (0.0, 0.5, 1.0):
            kept = after(disk, folder / f"cut-{number}-{keep}", keep, chance)
            found.append(disk.told - len(kept))
    return found


@pytest.mark.timeout(600)
def test_whatever_was_acknowledged_survives_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    steps = watched(tmp_path, "FULL", COMMITS)
    assert [step.number for step in steps if step.kind == "told"] == [*range(1, COMMITS + 1)]
    copied = sum(step.kind == "sync" and step.file == "tent.db" for step in steps)
    assert copied > 3, "the log was never copied into the file"
    found = lost(steps, tmp_path)
    # The last row may be there already though nobody was told.
    assert max(found) == 0
    assert min(found) in (0, -1)


@pytest.mark.timeout(600)
def test_a_journal_that_syncs_less_is_caught(tmp_path: Path) -> None:
    assert max(lost(watched(tmp_path, "NORMAL", COMMITS), tmp_path)) > 0
