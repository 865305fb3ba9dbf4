"""A progress line for people who watch; nothing in a pipe."""

from __future__ import annotations

import sys
from typing import TextIO

_WIDTH = 30


class Progress:
    """Shows how far long work is, on a terminal only; `total` in any unit."""

    def __init__(self, total: float, what: str, stream: TextIO | None = None) -> None:
        self._total, self._what = max(total, 1e-9), what
        self._stream = stream or sys.stderr
        self._shown = -1
        self._seen = self._stream.isatty()

    def to(self, done: float) -> None:
        """Show that `done` of the total is done."""
        percent = min(100, int(100 * done / self._total))
        if self._seen and percent != self._shown:
            self._shown = percent
            bar = "#" * (percent * _WIDTH // 100)
            self._stream.write(f"\r{self._what} [{bar:<{_WIDTH}}] {percent:3d} %")
            self._stream.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._seen and self._shown >= 0:
            self._stream.write("\r" + " " * (len(self._what) + _WIDTH + 9) + "\r")
            self._stream.flush()
