"""A disk that is full, or can't sync: a clear no, nothing acknowledged is lost, and it heals."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tentqueue.storage import Storage
from tests.faults.written import SLUG

COUNT = 150
SMALL = 12_000_000
"""Bytes of the small file system: the log alone grows to four million before it is copied."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of twelve megabytes; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)]
    made = shutil.which("mount") and subprocess.run(mount, check=False, capture_output=True)
    if not made or made.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def start(folder: Path, *before: str) -> subprocess.Popen[str]:
    """The stubborn program, perhaps watched."""
    program = [*before, sys.executable, "-m", "tests.faults.stubborn", str(folder), str(COUNT)]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def begin(program: subprocess.Popen[str]) -> None:
    """Let it commit."""
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()


def check(folder: Path, told: list[str]) -> list[str]:
    """What was kept is there, each number once; returns the troubles."""
    kept = [int(line.split()[1]) for line in told if line.startswith("kept")]
    storage = Storage.open(f"sqlite:///{folder}/tent.db")
    try:
        there = [record.number for record in storage.journal.read(SLUG)]
    finally:
        storage.close()
    assert there == list(range(1, COUNT + 1)), "it did not heal"
    assert set(kept) <= set(there)
    assert len(kept) == len(set(kept)) > COUNT // 2
    return [line.split()[2] for line in told if line.startswith("not")]


def test_a_full_disk_is_said_and_heals_when_there_is_room_again(small_disk: Path) -> None:
    filler = small_disk / "photos"
    with start(small_disk) as program:
        assert program.stdout is not None
        told = [program.stdout.readline()]
        with suppress(OSError):
            filler.write_bytes(bytes(SMALL))
        begin(program)
        for line in program.stdout:
            told.append(line)
            if line.startswith("not"):
                filler.unlink(missing_ok=True)
    assert set(check(small_disk, told)) == {"JournalFull"}


@pytest.mark.parametrize(("call", "which"), [("fdatasync", 80), ("pwrite64", 900)])
def test_a_disk_that_fails_for_a_moment_is_said_and_nothing_told_is_lost(
    tmp_path: Path, call: str, which: int
) -> None:
    tracer = shutil.which("strace")
    if tracer is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("strace is not installed")
    # Three errors in a row, in the midst of it.
    inject = ["-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    inject += ["-e", f"inject={call}:error=EIO:when={which}..{which + 2}"]
    with start(tmp_path, tracer, *inject) as program:
        assert program.stdout is not None
        begin(program)
        told = list(program.stdout)
    if not told:
        pytest.skip("this machine lets no process be watched")
    assert program.returncode == 0
    assert check(tmp_path, told), "the disk never failed"
