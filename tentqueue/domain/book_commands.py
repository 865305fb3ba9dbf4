"""What can be asked of the books themselves: undo, restore, wipe. Never anything of one runner.

Read as a part of `commands.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tentqueue.domain.command import Command
from tentqueue.domain.model import Instant, LaneName


@dataclass(frozen=True)
class Undo(Command):
    """Take back entry `number`, or the last one; only entries of `by`, or anyone's."""

    number: int | None = None
    by: str | None = None


@dataclass(frozen=True)
class ContinueRestored(Command):
    """The event goes on from a backup made at `made_at`; each lane's codes behind `issued`."""

    made_at: Instant
    issued: dict[LaneName, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WipeRecords(Command):
    """Make the records anonymous (rule 31). `why`: hour, button or command."""

    why: str
    staff_too: bool = False


@dataclass(frozen=True)
class ProveWipe(Command):
    """The wipe is done and was looked over: what was found, by kind."""

    counts: dict[str, int] = field(default_factory=dict)
