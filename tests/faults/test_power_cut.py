"""The power goes at any moment, with writes torn and in any order: what was acknowledged is there,
and the file opens again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from tentqueue.storage import Storage, StorageError
from tests.faults.power import Cut, Disk, Step, watched
from tests.faults.written import SLUG

COMMITS = 60
CUTS = int(os.environ.get("CUTS", "40"))
"""Moments at which the power goes; with `make soak` each comes up again and again."""
WAYS = (
    Cut(0.0),
    Cut(1.0),
    Cut(0.5, any_order=True),
    Cut(0.5, sector=512, any_order=True),
    Cut(0.8, sector=4096, any_order=True),
)
"""What the disk may have kept, each drawn at every moment."""


@dataclass(frozen=True)
class After:
    """What is there when the power is back: how many rows of those acknowledged are missing, and
    what is wrong with the file."""

    way: Cut
    lost: int = 0
    broken: str = ""


def moments(steps: list[Step], seed: int) -> Iterator[tuple[Disk, Random]]:
    """Play the recording and stop at moments spread over it, where something isn't synced yet or
    somebody was just told."""
    chance, disk = Random(seed), Disk()
    first = next(n for n, step in enumerate(steps) if step.kind == "told")
    open_at = [n for n in range(first, len(steps)) if steps[n].kind != "sync"]
    times = dict.fromkeys(open_at, 0)
    for n in chance.sample(open_at, min(CUTS, len(open_at))):
        times[n] = max(1, CUTS // len(open_at))
    for number, step in enumerate(steps):
        disk.take(step)
        for _ in range(times.get(number, 0)):
            yield disk, chance


def after(disk: Disk, way: Cut, chance: Random) -> After:
    """Cut the power and switch on again."""
    with TemporaryDirectory() as folder:
        disk.after_the_cut(Path(folder), way, chance)
        return _switched_on(disk.told, way, Path(folder))


def _switched_on(told: int, way: Cut, folder: Path) -> After:
    try:
        with closing(sqlite3.connect(folder / "tent.db")) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            return After(way, broken=str(found[0][0]))
        with closing(Storage.open(f"sqlite:///{folder}/tent.db")) as storage:
            kept = [record.number for record in storage.journal.read(SLUG)]
            agreed = sum(n for _, _, n, _ in storage.consents.summary(SLUG))
    except (sqlite3.DatabaseError, StorageError) as wrong:
        return After(way, broken=str(wrong))
    if agreed != len(kept):
        return After(way, broken="a row without what belongs to it")
    if kept != [*range(1, len(kept) + 1)]:
        return After(way, broken=f"the rows {kept}")
    return After(way, told - len(kept))


def cuts(steps: list[Step], seed: int = 1) -> Iterator[After]:
    """Every cut there is to look at, one after the other."""
    for disk, chance in moments(steps, seed):
        for way in WAYS:
            yield after(disk, way, chance)


def bad(found: Iterator[After]) -> Iterator[After]:
    """Cuts after which something that was acknowledged is missing, or the file is broken."""
    return (each for each in found if each.lost > 0 or each.broken)


@pytest.mark.timeout(3600)
def test_whatever_was_acknowledged_survives_a_power_cut_at_any_moment(tmp_path: Path) -> None:
    steps = watched(tmp_path, "FULL", COMMITS)
    assert [step.number for step in steps if step.kind == "told"] == [*range(1, COMMITS + 1)]
    copied = sum(step.kind == "sync" and step.file == "tent.db" for step in steps)
    assert copied > 3, "the log was never copied into the file"
    found = list(cuts(steps))
    assert list(bad(iter(found))) == []
    # The last row may be there already though nobody was told.
    assert min(each.lost for each in found) in (0, -1)
    print(f"{len(found)} cuts of {len(steps)} steps, {copied} copies of the log, none lost")


@pytest.mark.timeout(600)
def test_a_journal_that_syncs_less_is_caught(tmp_path: Path) -> None:
    found = next(bad(cuts(watched(tmp_path, "NORMAL", COMMITS))), None)
    assert found is not None
    assert found.lost > 0


@pytest.mark.timeout(600)
def test_a_storage_that_acknowledges_before_it_commits_is_caught(tmp_path: Path) -> None:
    found = next(bad(cuts(watched(tmp_path, "hasty", COMMITS))), None)
    assert found is not None
    assert found.lost > 0


@pytest.mark.timeout(600)
def test_a_copy_of_the_log_that_is_never_synced_is_caught(tmp_path: Path) -> None:
    steps = watched(tmp_path, "FULL", COMMITS)
    first = next(n for n, step in enumerate(steps) if step.kind == "told")
    kept = [s for n, s in enumerate(steps) if n < first or (s.kind, s.file) != ("sync", "tent.db")]
    assert next(bad(cuts(kept)), None) is not None


def after_writes(cut: Cut, *steps: Step, seeds: int = 60) -> set[bytes]:
    """All that a file of zeros may hold after these."""
    held = set()
    for seed in range(seeds):
        content = bytearray(2048)
        disk = Disk()
        for step in steps:
            disk.take(step)
        for piece in cut.kept(disk.maybe["tent.db"], Random(seed)):
            content[piece.at : piece.at + len(piece.data)] = piece.data
        held.add(bytes(content))
    return held


def test_a_write_is_torn_at_sectors_and_nowhere_else() -> None:
    write = Step("write", "tent.db", 256, b"x" * 1024)
    held = after_writes(Cut(0.5, sector=512), write)
    parts = [(256, 512), (512, 1024), (1024, 1280)]
    for content in held:
        assert all(len(set(content[start:end])) == 1 for start, end in parts)
    assert len(held) == 2 ** len(parts), "any part of the write may be there"


def test_writes_since_a_sync_may_come_in_any_order() -> None:
    one, two = (Step("write", "tent.db", 0, byte * 512) for byte in (b"1", b"2"))
    firsts = {content[:1] for content in after_writes(Cut(1.0, any_order=True), one, two)}
    assert firsts == {b"1", b"2"}
    assert {content[:1] for content in after_writes(Cut(1.0), one, two)} == {b"2"}
