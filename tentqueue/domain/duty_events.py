"""What happens in a therapist's day, the treatments apart. Read as a part of `events.py`."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.event import OfTherapist
from tentqueue.domain.model import Instant


@dataclass(frozen=True)
class TherapistArrived(OfTherapist):
    """On duty."""


@dataclass(frozen=True)
class TableCleaned(OfTherapist):
    """The changeover is over."""


@dataclass(frozen=True)
class BreakDue(OfTherapist):
    """A break comes as soon as the present treatment ends."""

    reason: str


@dataclass(frozen=True)
class BreakStarted(OfTherapist):
    """Resting until `until`; `reason`: asked, time, treatments or lull (rule 11)."""

    until: Instant
    reason: str


@dataclass(frozen=True)
class BreakEnded(OfTherapist):
    """Back from a break, by the clock or a tap."""


@dataclass(frozen=True)
class LeaveDue(OfTherapist):
    """Goes home as soon as the present treatment ends."""


@dataclass(frozen=True)
class TherapistLeft(OfTherapist):
    """Off duty; `reason`: went home, or unseen for an hour outside every shift."""

    reason: str = "went home"


@dataclass(frozen=True)
class ShiftChanged(OfTherapist):
    """The shift of now, or the next one, is another: late, early, or one that was not planned."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True)
class TableChanged(OfTherapist):
    """The therapist works at another table from now on."""

    table: int
