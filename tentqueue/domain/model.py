"""The nouns of the tent: tickets and lanes. Values only: replaced, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tentqueue.domain.taking import TakenBy
from tentqueue.domain.value import Value

Instant = datetime
"""An aware UTC instant; naive datetimes never enter the domain."""


class LaneName(StrEnum):
    """The three lanes; rule 1."""

    WARMUP = "warmup"
    RECOVERY = "recovery"
    NEXTDAY = "nextday"

    @property
    def letter(self) -> str:
        """First letter of this lane's codes."""
        return {"warmup": "W", "recovery": "R", "nextday": "N"}[self.value]


class LaneState(StrEnum):
    """Whether a lane takes joins (open, full), calls (open, full, closed) or neither (paused)."""

    OPEN = "open"
    PAUSED = "paused"
    FULL = "full"
    CLOSED = "closed"


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    HELD = "held"
    WAITING = "waiting"
    CALLED = "called"
    IN_TREATMENT = "in_treatment"
    DONE = "done"
    NO_SHOW = "no_show"
    LEFT = "left"
    REFERRED = "referred"
    EXPIRED = "expired"


OPEN_STATES = frozenset(
    {TicketState.HELD, TicketState.WAITING, TicketState.CALLED, TicketState.IN_TREATMENT}
)


class HoldReason(StrEnum):
    """Why a held ticket can't be called yet."""

    COOLDOWN = "cooldown"
    FINISH = "finish"
    MISSED = "missed"
    MORE_TIME = "more_time"
    STAFF = "staff"
    SCREENING = "screening"
    APPOINTMENT = "appointment"


class Screening(StrEnum):
    """What the server learns of the six questions; the answers stay in the phone (rule 6)."""

    OK = "ok"
    ASK = "ask"
    REFER = "refer"
    UNASKED = "unasked"


class Area(StrEnum):
    """Where a runner can point at on the body picture (rule 9)."""

    FEET = "feet"
    CALVES = "calves"
    SHINS = "shins"
    KNEES = "knees"
    HAMSTRINGS = "hamstrings"
    QUADS = "quads"
    HIPS = "hips"
    LOWER_BACK = "lower_back"
    SHOULDERS = "shoulders"


LINKED_AREAS = {Area.KNEES: (Area.HAMSTRINGS, Area.QUADS), Area.FEET: (Area.CALVES,)}
"""Where pain often comes from (rule 9): shown to runner and therapist, never a diagnosis."""


class RunnerClass(StrEnum):
    """Classes with credit in the line (rule 15)."""

    NONE = "none"
    WHEELCHAIR = "wheelchair"


class AgeGroup(StrEnum):
    """What consent needs (rule 8)."""

    ADULT = "adult"
    UNDER_18 = "under_18"
    UNDER_16 = "under_16"


class ReferralCategory(StrEnum):
    """All that is kept of a referral (rule 7)."""

    FEELING_ILL = "feeling_ill"
    INJURY = "injury"
    SKIN = "skin"
    OTHER = "other"


class Gender(StrEnum):
    """For the preference of rule 10; only where both opted in."""

    WOMAN = "woman"
    MAN = "man"


@dataclass(frozen=True)
class Ticket(Value):
    """One runner's place in one lane."""

    id: str
    code: str
    lane: LaneName
    state: TicketState
    joined_at: Instant
    ready_at: Instant | None
    minutes: int
    order: tuple[float, float]
    """Sort key within the lane, smaller first: seconds since the epoch, entry's number."""
    wave: str | None = None
    deadline_at: Instant | None = None
    bib_tag: str | None = None
    """Keyed hash of the bib; the bib itself is personal and lives in the people table."""
    screening: Screening = Screening.UNASKED
    screened_at: Instant | None = None
    areas: tuple[Area, ...] = ()
    avoid: tuple[Area, ...] = ()
    runner_class: RunnerClass = RunnerClass.NONE
    age_group: AgeGroup = AgeGroup.ADULT
    guardian_consent: bool = False
    prefers: Gender | None = None
    at_tent: bool = False
    """Joined standing at the tent: a first call is answered at once while they linger."""
    taken_by: TakenBy = TakenBy.PAGE
    hold: HoldReason | None = None
    hold_until: Instant | None = None
    finished_at: Instant | None = None
    calls: int = 0
    misses: int = 0
    called_at: Instant | None = None
    respond_by: Instant | None = None
    recalled_at: Instant | None = None
    here_at: Instant | None = None
    therapist: str | None = None
    table: int | None = None
    delayed: bool = False
    started_at: Instant | None = None
    planned_end_at: Instant | None = None
    ended_at: Instant | None = None
    referral: ReferralCategory | None = None
    reason: str | None = None
    """Why it stands where it stands: the code of the last jump, hold or close."""
    promised_at: tuple[Instant, Instant, Instant] | None = None
    """The range told at joining: from, likely, to."""
    promised: bool = False
    """Whether being served in time was promised, not only hoped."""
    chance: float | None = None
    """The chance told at joining that a warm-up ends in time."""

    @property
    def is_open(self) -> bool:
        """Whether the ticket still has something coming."""
        return self.state in OPEN_STATES

    @property
    def recalled(self) -> bool:
        """Whether the call under way was repeated."""
        return self.recalled_at is not None

    @property
    def treatment_for(self) -> timedelta:
        """Planned hands-on time."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Moved(Value):
    """The times told in a lane moved by so many minutes, later or (below 0) earlier."""

    at: Instant
    minutes: int
    cause: str


@dataclass(frozen=True)
class Lane(Value):
    """One lane's doors."""

    name: LaneName
    state: LaneState
    opens_at: Instant
    closes_at: Instant
    reason: str | None = None
    by_hand: bool = False
    """An organiser set this state: the clock leaves it alone."""
    shed_minutes: int | None = None
    """Length of each treatment while load is shed (rule 22); None: the planned one."""
    issued: int = 0
    """Number of the last code given out; never used again. Printed codes have their own."""
    moved: Moved | None = None
    """The last time that the times told in this lane moved."""
