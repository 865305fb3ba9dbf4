"""What the organiser's hand and the clock ask: moves, doors, the board, notes, time.

Read as a part of `commands.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.command import Command, OfLane, OfTicket
from tentqueue.domain.model import Instant


@dataclass(frozen=True)
class MoveTicket(OfTicket):
    """Put a ticket before another (`before`, a code) or first; with a reason (rule 15)."""

    reason: str
    before: str | None = None


@dataclass(frozen=True)
class OpenLane(OfLane):
    """Take joins and call."""


@dataclass(frozen=True)
class CloseLane(OfLane):
    """Take no more joins; those in line are still called."""


@dataclass(frozen=True)
class PauseLane(OfLane):
    """Take no joins and call nobody for now."""


@dataclass(frozen=True)
class RemoveMadeUp(Command):
    """Take made-up tickets out of the line, all at once, for a reason: those that a program took
    from `since` to `until`. `pages_too`: also those taken on a page of ours with no bib, no word
    on the six questions and no sign of having come."""

    reason: str
    since: Instant | None = None
    until: Instant | None = None
    pages_too: bool = False


@dataclass(frozen=True)
class Announce(Command):
    """Show a sentence on the board; an empty one clears it."""

    text: str


@dataclass(frozen=True)
class NoteTurnedAway(OfLane):
    """So many were refused a place, for a reason: a refusal's code (rule 32)."""

    reason: str
    count: int


@dataclass(frozen=True)
class NoteEstimate(OfLane):
    """The times told in a lane have moved by `minutes`, for a reason (rule 19)."""

    minutes: int
    reason: str


@dataclass(frozen=True)
class Tick(Command):
    """Time has passed: re-calls, no-shows, releases, breaks, doors."""
