"""The tent's rules, pure: what is asked, what happens, what is refused.

No web, no SQL, no clock, no chance.
"""

from __future__ import annotations

from tentqueue.domain import (  # noqa: F401  (registers their decisions)
    duty,
    explaining,
    intake,
    keeping,
    made_up,
    steering,
    treatment,
    waiting,
    writing_up,
)
from tentqueue.domain.commands import Command
from tentqueue.domain.dispatch import assign
from tentqueue.domain.events import Event
from tentqueue.domain.evolution import evolve
from tentqueue.domain.model import Instant
from tentqueue.domain.tent import Entry, Tent, Trace
from tentqueue.domain.turn import DECISIONS, Turn

REMEMBERED = 40
"""Entries kept in the tent for undo and for 'why?'."""


def decide(tent: Tent, command: Command, now: Instant) -> tuple[Event, ...]:
    """Return what happens when `command` is asked at `now`, the consequences included.

    Raises:
        Refusal: nothing happens; the refusal says why and what to do.
    """
    turn = Turn(tent, now)
    DECISIONS[type(command)](turn, command)
    assign(turn)
    return tuple(turn.events)


def fold(tent: Tent, entry: Entry) -> Tent:
    """Return the tent after `entry`."""
    after = tent
    for event in entry.events:
        after = evolve(after, event)
    after = after.but(version=entry.number, now=entry.at)
    return after.but(recent=_remember(after, tent, entry))


def _remember(after: Tent, before: Tent, entry: Entry) -> tuple[Trace, ...]:
    """Keep the tents around an undoable entry, without their own memories."""
    trace = (
        Trace(entry, before.but(recent=()), after.but(recent=()))
        if entry.undoable
        else Trace(entry)
    )
    return (*after.recent[1 - REMEMBERED :], trace)


__all__ = ["Command", "Entry", "Event", "Instant", "Tent", "decide", "fold"]
