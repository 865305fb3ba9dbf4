"""A folder that a timing system drops files into: each is taken once it is whole, and again when it
changes. Partly written files wait until they have stood still.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

EVERY_S = 1.0
STILL_FOR = 2
"""Looks in a row that find a file the same before it is taken."""
ENDINGS = frozenset({".csv", ".txt", ".tsv"})
Mark = tuple[int, int]


class Watched:
    """A folder, and what is known of each of its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[Mark, int]] = {}
        self._taken: dict[Path, Mark] = {}

    def ready(self) -> list[Path]:
        """Look once: the files that have stood still since two looks ago and are new or changed,
        the oldest first."""
        found = [(file, mark) for file in self._files() if (mark := _mark(file)) is not None]
        self._seen = {file: (mark, self._looks(file, mark)) for file, mark in found}
        ready = [
            (mark, file)
            for file, (mark, looks) in self._seen.items()
            if looks >= STILL_FOR and self._taken.get(file) != mark
        ]
        for mark, file in ready:
            self._taken[file] = mark
        return [file for _, file in sorted(ready)]

    def _looks(self, file: Path, mark: Mark) -> int:
        before, looks = self._seen.get(file, (None, 0))
        return looks + 1 if before == mark else 0

    def _files(self) -> list[Path]:
        try:
            return [f for f in self._folder.iterdir() if f.suffix.lower() in ENDINGS]
        except OSError:
            return []


def _mark(file: Path) -> Mark | None:
    """When and how large a file is; None for what is no file to take."""
    try:
        about = file.stat()
    except OSError:
        return None
    is_one = file.is_file() and not file.name.startswith((".", "~"))
    return (about.st_mtime_ns, about.st_size) if is_one and about.st_size else None


def watch(
    watched: Watched, take: Callable[[Path], None], stop: threading.Event | None = None
) -> None:
    """Take each file that is ready, until stopped; what `take` raises ends it."""
    stop = stop or threading.Event()
    while not stop.wait(EVERY_S):
        for file in watched.ready():
            take(file)
