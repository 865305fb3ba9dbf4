"""What happens to the books themselves: undo, restore, wipe. Never anything of a runner.

Read as a part of `events.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tentqueue.domain.event import Event
from tentqueue.domain.model import Instant, LaneName


@dataclass(frozen=True)
class CommandUndone(Event):
    """The entry `number` is taken back: whom it touched are as before it."""

    number: int


@dataclass(frozen=True)
class EventRestored(Event):
    """The event goes on from a backup made at `made_at`; codes go on behind `issued`."""

    made_at: Instant
    issued: dict[LaneName, int] = field(default_factory=dict)


@dataclass(frozen=True)
class NumberLost(Event):
    """An entry of this number may have been written on the machine that was lost."""


@dataclass(frozen=True)
class RecordsWiped(Event):
    """The records became anonymous (rule 31). `why`: hour, button or command."""

    why: str
    staff_too: bool = False


@dataclass(frozen=True)
class WipeProven(Event):
    """The wipe was looked over: what it found, by kind."""

    counts: dict[str, int] = field(default_factory=dict)
