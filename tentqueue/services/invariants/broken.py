"""One promise that a history did not keep. Says what; never why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """What was found against invariant `invariant` (1 to 12), at journal entry `number` if any."""

    invariant: int
    what: str
    number: int | None = None

    def __str__(self) -> str:
        where = "" if self.number is None else f" (entry {self.number})"
        return f"invariant {self.invariant}: {self.what}{where}"
