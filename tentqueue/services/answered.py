"""Which idempotency keys were used, and what was answered: a request that comes twice is done once.

It answers nobody: what is not on the disk yet may still be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tentqueue.domain import Event, Tent
from tentqueue.services.ledger import Line

_IN_MEMORY = 512
"""Keys whose answers stay in memory; older ones are read from the journal when asked for."""


class KeyReused(Exception):
    """An idempotency key came back with a different request."""


@dataclass(frozen=True)
class Receipt:
    """The asker's idempotency key, a digest of the request, and how to write its answer."""

    key: str
    digest: bytes
    answer: Callable[[Tent, tuple[Event, ...]], bytes]


class Answered:
    """The keys of one event; `read` finds a key's line in the journal."""

    def __init__(self, read: Callable[[str], Line | None]) -> None:
        self._read = read
        self._lines: dict[str, Line] = {}
        self._older: set[str] = set()

    def to(self, receipt: Receipt) -> Line | None:
        """Return what was answered to this request, if it came before. Raises: KeyReused."""
        line = self._lines.get(receipt.key)
        if line is None and receipt.key in self._older:
            line = self._read(receipt.key)
        if line is not None and line.digest != receipt.digest:
            raise KeyReused(receipt.key)
        return line

    def remember(self, line: Line) -> None:
        """Keep the line of a key just used."""
        if line.key is None:
            return
        self._lines[line.key] = line
        if len(self._lines) > _IN_MEMORY:
            oldest = next(iter(self._lines))
            del self._lines[oldest]
            self._older.add(oldest)

    def note(self, line: Line) -> None:
        """Know the key of a line that was read, and no more of it."""
        if line.key is not None:
            self._lines.pop(line.key, None)
            self._older.add(line.key)

    def forget_after(self, number: int) -> None:
        """Forget the keys of lines after `number`: they never reached the disk."""
        self._lines = {
            key: line for key, line in self._lines.items() if line.entry.number <= number
        }

    def clear(self) -> None:
        """Forget every key: the journal is read again."""
        self._lines, self._older = {}, set()
