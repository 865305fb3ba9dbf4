"""A journal that lives as long as the process: for days that are only played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tentqueue.services.ledger import Line


class MemoryLedger:
    """Keeps lines in a list; durable at once, gone at the end."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def append(self, line: Line, side: Sequence[Any] = ()) -> MemoryLedger:
        """Keep a line."""
        self.lines.append(line)
        return self

    def wait(self) -> None:
        """Return at once: memory has no disk to wait for."""

    def tail(self, since: int) -> Iterator[Line]:
        """Read the lines after number `since`."""
        return iter(self.lines[since:])

    def answered(self, key: str) -> Line | None:
        """Played days use no idempotency keys."""
        return None

    def baton(self) -> None:
        """It has one worker."""

    def reopen(self) -> None:
        """Nothing was shut."""
