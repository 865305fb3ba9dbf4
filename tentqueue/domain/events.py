"""Everything that can have happened. Past tense, with `at`; a journal entry holds a few of these.

Never a name, a bib or an answer to a health question.
"""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.book_events import (
    CommandUndone,
    EventRestored,
    NumberLost,
    RecordsWiped,
    WipeProven,
)
from tentqueue.domain.duty_events import (
    BreakDue,
    BreakEnded,
    BreakStarted,
    LeaveDue,
    ShiftChanged,
    TableChanged,
    TableCleaned,
    TherapistArrived,
    TherapistLeft,
)
from tentqueue.domain.event import Event, OfTherapist, OfTicket
from tentqueue.domain.model import Area, HoldReason, Instant, ReferralCategory, Screening, Ticket
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.steering_events import (
    Announced,
    EstimateMoved,
    LaneChanged,
    LoadShed,
    MadeUpRemoved,
    RunnersTurnedAway,
    TicketMoved,
)

__all__ = [
    "Announced",
    "BreakDue",
    "BreakEnded",
    "BreakStarted",
    "CommandUndone",
    "EstimateMoved",
    "Event",
    "EventRestored",
    "LaneChanged",
    "LeaveDue",
    "LoadShed",
    "MadeUpRemoved",
    "NumberLost",
    "OfTherapist",
    "OfTicket",
    "RecordsWiped",
    "RunnersTurnedAway",
    "ShiftChanged",
    "TableChanged",
    "TableCleaned",
    "TherapistArrived",
    "TherapistLeft",
    "TicketMoved",
    "WipeProven",
]


@dataclass(frozen=True)
class EventDefined(Event):
    """The event was opened, or its definition changed."""

    event: RaceEvent


@dataclass(frozen=True)
class RunnerJoined(Event):
    """A runner has a place; the whole new ticket."""

    ticket: Ticket


@dataclass(frozen=True)
class RunnerScreened(OfTicket):
    """The six questions were asked: what followed, and where hands stay away (rule 6)."""

    screening: Screening
    avoid: tuple[Area, ...] = ()


@dataclass(frozen=True)
class FinishRecorded(OfTicket):
    """The finish time is known; the ticket may be called from `ready_at`."""

    finished_at: Instant
    ready_at: Instant


@dataclass(frozen=True)
class TicketHeld(OfTicket):
    """Set aside; `until` None: until something happens."""

    hold: HoldReason
    until: Instant | None


@dataclass(frozen=True)
class TicketReleased(OfTicket):
    """Back in line, at `order` if given."""

    order: tuple[float, float] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class MoreTimeGiven(OfTicket):
    """Asked for once: not called before `until` (rule 16)."""

    until: Instant


@dataclass(frozen=True)
class RunnerArrived(OfTicket):
    """The runner stands in the tent."""


@dataclass(frozen=True)
class RunnerLeft(OfTicket):
    """Gave the place up."""

    reason: str = "left"


@dataclass(frozen=True)
class TicketExpired(OfTicket):
    """Can't be served any more: the wave's limit or the lane's close has passed."""

    reason: str


@dataclass(frozen=True)
class TicketErased(OfTicket):
    """Nothing personal is kept of it."""


@dataclass(frozen=True)
class RunnerCalled(OfTicket):
    """Come to `table`; therapist and table None: come to the tent (called ahead on standby)."""

    therapist: str | None
    table: int | None
    respond_by: Instant
    reason: str


@dataclass(frozen=True)
class TableGiven(OfTicket):
    """A called runner has a different table; None: none yet, wait in the tent."""

    therapist: str | None
    table: int | None
    reason: str


@dataclass(frozen=True)
class RunnerRecalled(OfTicket):
    """Called a second time; to appear by `respond_by` (rule 16)."""

    respond_by: Instant


@dataclass(frozen=True)
class CallMissed(OfTicket):
    """Not here in time: kept aside until `until`."""

    until: Instant


@dataclass(frozen=True)
class RunnerNoShow(OfTicket):
    """Missed for good."""


@dataclass(frozen=True)
class TreatmentStarted(OfTicket):
    """Hands on."""

    therapist: str
    table: int
    planned_end_at: Instant


@dataclass(frozen=True)
class TreatmentExtended(OfTicket):
    """A few minutes more, at a tap of the therapist's."""

    planned_end_at: Instant


@dataclass(frozen=True)
class TreatmentFinished(OfTicket):
    """Hands off; the table is free when clean at `clean_at`. `reason`: finished or released."""

    therapist: str
    clean_at: Instant
    reason: str = "finished"


@dataclass(frozen=True)
class TreatmentWrittenUp(OfTicket):
    """Was treated while the screens were off, as the paper sheet says; `at` is when hands were
    off (rule 28)."""

    therapist: str
    table: int
    started_at: Instant


@dataclass(frozen=True)
class RunnerReferred(OfTicket):
    """To medical; the table, if there was one, is clean at `clean_at`."""

    category: ReferralCategory
    clean_at: Instant | None = None


@dataclass(frozen=True)
class LengthChanged(OfTicket):
    """A waiting ticket's planned length was changed (load shedding, rule 22)."""

    minutes: int
    reason: str
