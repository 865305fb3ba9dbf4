"""A power cut from a recording: what a watched process wrote, what it synced, and what a disk may
hold when the power goes at any moment. Of what was written since a file's last sync any part may be
there, sector by sector and in any order (the model of SQLite's own crash tests, and worse than it:
https://www.sqlite.org/testing.html 3.2). A sector is never half there, and a sync never lies."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

CALLS = "openat,open,close,pwrite64,write,ftruncate,fsync,fdatasync,unlink"
_LINE = re.compile(r"^\d+ +(\w+)\((.*?)(?:\) += (-?\d+).*| <unfinished \.\.\.>)$")
_RESUMED = re.compile(r"^\d+ +<\.\.\. (\w+) resumed>.*?\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_TOLD = "acknowledged"


@dataclass(frozen=True)
class Step:
    """One thing that reached the kernel; `number` is what was acknowledged."""

    kind: str
    file: str = ""
    at: int = 0
    data: bytes = b""
    number: int = 0


def watched(folder: Path, level: str, count: int) -> list[Step]:
    """Record commits at a level of `synchronous`, or by a hasty storage that acknowledges before it
    commits; skips where nothing may be watched."""
    tracer = shutil.which("strace")
    if tracer is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("strace is not installed")
    log = folder / "calls"
    program = [sys.executable, "-m", "tests.faults.written", str(folder), level, str(count)]
    watch = [tracer, "-f", "-e", f"trace={CALLS}", "-xx", "-s", "1000000", "-o", str(log)]
    done = subprocess.run(
        [*watch, *program], check=False, capture_output=True, text=True, timeout=120
    )
    if "ptrace" in done.stderr.lower():
        pytest.skip("this machine lets no process be watched")
    assert done.returncode == 0, done.stderr[-500:]
    return list(_steps(log.read_text("ascii", "replace").splitlines()))


def _steps(lines: list[str]) -> Iterator[Step]:
    files: dict[str, str] = {}
    opening = ""
    for line in lines:
        if (again := _RESUMED.match(line)) is not None:
            name, result = again.groups()
            if name in ("openat", "open") and opening:
                files[result] = opening
            continue
        match = _LINE.match(line)
        if match is None:
            continue
        call, words, result = match.groups()
        if call in ("openat", "open"):
            path = Path(_bytes(words).decode("utf-8", "replace")).name
            opening = path if path in KEPT or path == _TOLD else ""
            if opening and result is not None:
                files[result] = opening
        elif call == "unlink":
            yield Step("gone", Path(_bytes(words).decode()).name)
        elif (file := files.get(handle := words.split(",", 1)[0])) is not None:
            if call == "close":
                del files[handle]
            else:
                yield from _of_file(call, file, words)


KEPT = ("tent.db", "tent.db-wal", "tent.db.keys")


def _of_file(call: str, file: str, words: str) -> Iterator[Step]:
    if file == _TOLD:
        yield Step("told", number=int(_bytes(words)))
    elif call in ("fsync", "fdatasync"):
        yield Step("sync", file)
    elif call == "ftruncate":
        yield Step("cut", file, int(words.split(",")[1]))
    elif call == "pwrite64":
        yield Step("write", file, int(words.rsplit(",", 1)[1]), _bytes(words))
    elif call == "write":
        yield Step("append", file, 0, _bytes(words))


def _bytes(words: str) -> bytes:
    found = _TEXT.search(words)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


@dataclass(frozen=True)
class Cut:
    """How the disk met the cut: the share of the unsynced writes it kept, how large the sectors are
    at which a write may be torn (0: none is), and whether they got there in any order."""

    keep: float
    sector: int = 0
    any_order: bool = False

    def __str__(self) -> str:
        torn = f", torn at {self.sector}" if self.sector else ""
        return f"{self.keep:.0%} kept{torn}{', in any order' if self.any_order else ''}"

    def kept(self, pending: list[Step], chance: Random) -> list[Step]:
        """Draw what reached the disk, in the order in which it did."""
        pieces = [piece for step in pending for piece in _torn(step, self.sector, chance)]
        kept = [piece for piece in pieces if chance.random() < self.keep]
        if self.any_order:
            chance.shuffle(kept)
        return kept


def _torn(step: Step, sector: int, chance: Random) -> Iterator[Step]:
    """A write in the sectors it touches; half of the writes stay whole."""
    if not sector or step.kind != "write" or chance.random() < 0.5:
        yield step
        return
    at, end = step.at, step.at + len(step.data)
    while at < end:
        stop = min(end, (at // sector + 1) * sector)
        yield replace(step, at=at, data=step.data[at - step.at : stop - step.at])
        at = stop


@dataclass
class Disk:
    """What is surely on the disk, and what may be."""

    sure: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    maybe: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    told: int = 0
    _sizes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, step: Step) -> None:
        """One step further in the recording."""
        if step.kind == "told":
            self.told = step.number
        elif step.kind == "sync":
            for pending in self.maybe.pop(step.file, []):
                _apply(self.sure[step.file], pending)
        elif step.kind == "gone":
            for held in (self.sure, self.maybe, self._sizes):
                held.pop(step.file, None)  # type: ignore[attr-defined]
        else:
            self.maybe[step.file].append(self._placed(step))

    def _placed(self, step: Step) -> Step:
        """The step with the place it was written at, whatever comes to the disk before it."""
        size = self._sizes[step.file]
        if step.kind == "append":
            step = replace(step, kind="write", at=size)
        end = step.at + len(step.data)
        self._sizes[step.file] = end if step.kind == "cut" else max(size, end)
        return step

    def after_the_cut(self, folder: Path, cut: Cut, chance: Random) -> None:
        """Write into `folder` what is there when the power comes back."""
        for file in {*self.sure, *self.maybe}:
            content = bytearray(self.sure.get(file, b""))
            for piece in cut.kept(self.maybe.get(file, []), chance):
                _apply(content, piece)
            (folder / file).write_bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "cut":
        content[step.at :] = bytes(max(0, step.at - len(content)))
        return
    content.extend(bytes(max(0, step.at - len(content))))
    content[step.at : step.at + len(step.data)] = step.data
