"""One command's turn: the tent as it becomes while its consequences are decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tentqueue.domain.commands import Command
from tentqueue.domain.events import Event
from tentqueue.domain.evolution import evolve
from tentqueue.domain.model import Instant
from tentqueue.domain.tent import Tent

C = TypeVar("C", bound=Command)


class Turn:
    """Collects what happens. The tent handed in is never changed: each event makes the next one."""

    def __init__(self, tent: Tent, now: Instant) -> None:
        # Clocks jump: time in the journal never runs backwards (rule 29).
        self.now = max(now, tent.now)
        self.tent = tent
        self.events: list[Event] = []

    def happen(self, event: Event) -> None:
        """Let `event` happen; later decisions of this turn see it."""
        self.events.append(event)
        self.tent = evolve(self.tent, event)


DECISIONS: dict[type[Command], Callable[[Turn, Any], None]] = {}
"""What decides each command."""


def decides(kind: type[C]) -> Callable[[Callable[[Turn, C], None]], Callable[[Turn, C], None]]:
    """Register the function that decides commands of `kind`."""

    def register(decision: Callable[[Turn, C], None]) -> Callable[[Turn, C], None]:
        DECISIONS[kind] = decision
        return decision

    return register
