"""A power cut from a recording: what a watched process wrote, what it synced, and what a disk may
hold when the power goes at any moment. Writes since a file's last sync may be there or not, in any
combination (the model of SQLite's own crash tests, https://www.sqlite.org/testing.html 3.2)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    """Record commits at a level of `synchronous`; skips where nothing may be watched."""
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


@dataclass
class Disk:
    """What is surely on the disk, and what may be."""

    sure: dict[str, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    maybe: dict[str, list[Step]] = field(default_factory=lambda: defaultdict(list))
    told: int = 0

    def take(self, step: Step) -> None:
        """One step further in the recording."""
        if step.kind == "told":
            self.told = step.number
        elif step.kind == "sync":
            for pending in self.maybe.pop(step.file, []):
                _apply(self.sure[step.file], pending)
        elif step.kind == "gone":
            self.sure.pop(step.file, None)
            self.maybe.pop(step.file, None)
        else:
            self.maybe[step.file].append(step)

    def after_the_cut(self, folder: Path, keep: float, chance: Random) -> None:
        """Write into `folder` what is there when the power comes back, if each unsynced write was
        kept with this chance."""
        for file in {*self.sure, *self.maybe}:
            content = bytearray(self.sure.get(file, b""))
            for pending in self.maybe.get(file, []):
                if chance.random() < keep:
                    _apply(content, pending)
            (folder / file).write_bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "cut":
        content[step.at :] = bytes(max(0, step.at - len(content)))
        return
    at = len(content) if step.kind == "append" else step.at
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(step.data)] = step.data
