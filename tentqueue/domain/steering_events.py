"""What the organiser's hand and the clock do to the line and its doors.

Read as a part of `events.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.event import Event, OfTicket
from tentqueue.domain.model import LaneName, LaneState


@dataclass(frozen=True)
class TicketMoved(OfTicket):
    """Put elsewhere in line by hand, for a reason the runner may see (rule 15)."""

    order: tuple[float, float]
    before: str | None
    reason: str


@dataclass(frozen=True)
class MadeUpRemoved(Event):
    """So many tickets were taken out of the line as made up."""

    codes: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class LaneChanged(Event):
    """A lane's door: open, full, paused or closed."""

    lane: LaneName
    state: LaneState
    reason: str
    by_hand: bool = False


@dataclass(frozen=True)
class LoadShed(Event):
    """Treatments of a lane are shortened to `minutes`; None: no more (rule 22)."""

    lane: LaneName
    minutes: int | None


@dataclass(frozen=True)
class Announced(Event):
    """A sentence for the board; empty: none."""

    text: str


@dataclass(frozen=True)
class EstimateMoved(Event):
    """The times told in a lane moved by `minutes`, later or (below 0) earlier; `reason` is a code
    of `explaining.cause_of`."""

    lane: LaneName
    minutes: int
    reason: str


@dataclass(frozen=True)
class RunnersTurnedAway(Event):
    """So many were refused a place lately; `reason` is the refusal's code. For rule 32 only."""

    lane: LaneName
    reason: str
    count: int
