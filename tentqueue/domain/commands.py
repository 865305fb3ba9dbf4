"""Everything that can be asked of the tent. Imperative; `decide` answers."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.book_commands import ContinueRestored, ProveWipe, Undo, WipeRecords
from tentqueue.domain.command import Command, OfLane, OfTherapist, OfTicket
from tentqueue.domain.duty_commands import (
    BeAvailable,
    ChangeShift,
    ChangeTable,
    GoHome,
    TakeBreak,
)
from tentqueue.domain.model import (
    AgeGroup,
    Area,
    Gender,
    Instant,
    LaneName,
    ReferralCategory,
    RunnerClass,
    Screening,
)
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.steering_commands import (
    Announce,
    CloseLane,
    MoveTicket,
    NoteEstimate,
    NoteTurnedAway,
    OpenLane,
    PauseLane,
    RemoveMadeUp,
    Tick,
)
from tentqueue.domain.taking import TakenBy

__all__ = [
    "Announce",
    "BeAvailable",
    "ChangeShift",
    "ChangeTable",
    "CloseLane",
    "Command",
    "ContinueRestored",
    "GoHome",
    "MoveTicket",
    "NoteEstimate",
    "NoteTurnedAway",
    "OfLane",
    "OfTherapist",
    "OfTicket",
    "OpenLane",
    "PauseLane",
    "ProveWipe",
    "RemoveMadeUp",
    "TakeBreak",
    "Tick",
    "Undo",
    "WipeRecords",
]


@dataclass(frozen=True)
class DefineEvent(Command):
    """Open a new event, or change the one that runs: rules, lanes, therapists."""

    event: RaceEvent


@dataclass(frozen=True)
class JoinLane(Command):
    """A runner asks for a place in a lane. `ticket` is the new id: 128 random bits, 26 letters."""

    ticket: str
    lane: LaneName
    consent: bool
    wave: str | None = None
    bib_tag: str | None = None
    minutes: int | None = None
    finished_at: Instant | None = None
    before_finish: bool = False
    """A recovery ticket taken before the race: held until the finish is known (rule 4)."""
    screening: Screening = Screening.UNASKED
    areas: tuple[Area, ...] = ()
    avoid: tuple[Area, ...] = ()
    runner_class: RunnerClass = RunnerClass.NONE
    age_group: AgeGroup = AgeGroup.ADULT
    guardian_consent: bool = False
    prefers: Gender | None = None
    at_tent: bool = False
    appointment_at: Instant | None = None
    paper: str | None = None
    """The code on the ticket printed before the day; None: the next number."""
    joined_at: Instant | None = None
    """When a line of the paper sheet says so (rule 28): the doors of now no longer matter."""
    taken_by: TakenBy = TakenBy.PAGE


@dataclass(frozen=True)
class ScreenRunner(OfTicket):
    """The six questions were answered (again); without `avoid` what was to avoid stays so."""

    screening: Screening = Screening.OK
    avoid: tuple[Area, ...] | None = None


@dataclass(frozen=True)
class LeaveLine(OfTicket):
    """The runner gives the place up; `left_at` where the paper sheet says when."""

    left_at: Instant | None = None


@dataclass(frozen=True)
class WriteUpTreatment(OfTicket):
    """A line of the paper sheet (rule 28): treated while the screens were off.

    `table` and `started_at` None: as the screens know. `finished_at` None: still on the table."""

    started_at: Instant | None = None
    finished_at: Instant | None = None
    table: int | None = None


@dataclass(frozen=True)
class GiveMoreTime(OfTicket):
    """The runner asks for more time, once."""


@dataclass(frozen=True)
class ConfirmHere(OfTicket):
    """The runner stands in the tent."""


@dataclass(frozen=True)
class EraseTicket(OfTicket):
    """The runner wants to be forgotten: leaves the line, and the people table is wiped."""


@dataclass(frozen=True)
class RecordFinish(Command):
    """The timing system says when a runner finished."""

    bib_tag: str
    finished_at: Instant


@dataclass(frozen=True)
class StartTreatment(OfTicket):
    """Hands on. `therapist` is who pressed; None when desk or organiser did."""

    therapist: str | None = None
    guardian_present: bool = False


@dataclass(frozen=True)
class FinishTreatment(OfTicket):
    """Hands off."""

    therapist: str | None = None


@dataclass(frozen=True)
class CleanTable(OfTicket):
    """The table is clean before the changeover is over. `ticket` is the one just treated."""

    therapist: str | None = None


@dataclass(frozen=True)
class MarkNoShow(OfTicket):
    """The called runner is not here."""

    therapist: str | None = None


@dataclass(frozen=True)
class ReferRunner(OfTicket):
    """To medical, in one tap (rule 7)."""

    therapist: str | None = None
    category: ReferralCategory = ReferralCategory.OTHER


@dataclass(frozen=True)
class ExtendTreatment(OfTicket):
    """Five minutes more, up to the lane's longest."""

    therapist: str | None = None
    minutes: int = 5


@dataclass(frozen=True)
class HoldTicket(OfTicket):
    """Staff set a ticket aside for a while."""

    therapist: str | None = None
    minutes: int = 15


@dataclass(frozen=True)
class RecallRunner(OfTicket):
    """Call again, now."""

    therapist: str | None = None
