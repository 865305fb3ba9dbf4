"""The shapes of the answers, for the OpenAPI document and the test that it tells the truth.

The views themselves are built in `screens/`; nothing is converted through these at run time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from tentqueue.domain.model import Area, HoldReason, LaneName, LaneState, TicketState
from tentqueue.web.board_answers import BoardView
from tentqueue.web.tent_answers import (
    Answer,
    Asked,
    Estimate,
    LaneView,
    LogLine,
    TentView,
    TherapistView,
    Wait,
)

Phase = Literal[
    "wait",
    "walk",
    "finish_needed",
    "close",
    "call",
    "here",
    "treatment",
    "aftercare",
    "missed",
    "gone",
]


class TicketView(Answer, frozen=True, kw_only=True):
    """A runner's ticket; areas and screening only for its runner and the therapist called to."""

    id: str
    code: str
    lane: LaneName
    state: TicketState
    place: int | None
    people_ahead: int | None
    estimate: Estimate | None
    table: int | None
    therapist: str | None
    joined_at: datetime
    ready_at: datetime | None
    hold: HoldReason | None
    hold_until: datetime | None
    called_at: datetime | None
    respond_by: datetime | None
    started_at: datetime | None
    planned_end_at: datetime | None
    deadline_at: datetime | None
    wave: str | None
    wave_starts_at: datetime | None
    minutes: int
    recalled: bool
    here: bool
    more_time: bool
    start_soon: bool
    phase: Phase
    message: str
    event: str
    timezone: str
    version: int
    now: datetime
    areas: list[Area] | UnsetType = UNSET
    avoid: list[Area] | UnsetType = UNSET
    links: dict[str, list[Area]] | UnsetType = UNSET
    screening: Asked | UnsetType = UNSET
    appointments: list[datetime] | UnsetType = UNSET
    """What can be booked for the next day, once treated."""
    moved: str | None
    """Why the range is another than was told before."""
    passed: str | None
    """Why runners who joined later went first."""


class Joined(TicketView, frozen=True, kw_only=True):
    """The answer to a join: the ticket, and once its key."""

    key: str
    url: str
    qr: str


class Found(Answer, frozen=True, kw_only=True):
    """A ticket found again."""

    id: str
    code: str
    key: str
    url: str


class JoinLane(Answer, frozen=True, kw_only=True):
    """A lane as a newcomer sees it."""

    lane: LaneName
    letter: str
    state: LaneState
    reason: str | None
    opens_at: datetime
    closes_at: datetime
    minutes: int
    short_minutes: int
    max_minutes: int
    wait: Wait
    times: list[datetime] | UnsetType = UNSET
    """Free appointments of the next-day lane, soonest first."""


class Wave(Answer, frozen=True, kw_only=True):
    """A start time, and until when joining for it is safe; null when it is not."""

    id: str
    contest: str
    name: str
    starts_at: datetime
    last_safe_join: datetime | None


class EventView(Answer, frozen=True, kw_only=True):
    """An event for newcomers."""

    slug: str
    name: str
    timezone: str
    date: str
    version: int
    now: datetime
    lanes: list[JoinLane]
    waves: list[Wave]
    areas: list[Area]
    announcement: str


class JournalLine(LogLine, frozen=True, kw_only=True):
    """An entry with its events; each has `type` and `at`, and what may be shown of it."""

    events: list[dict[str, Any]]


class JournalView(Answer, frozen=True, kw_only=True):
    """A stretch of the log; ask again with `since=next` while that is not null."""

    entries: list[JournalLine]
    version: int
    next: int | None


class Refused(Answer, frozen=True, kw_only=True):
    """A finish that can't be."""

    bib: str
    code: str
    detail: str


class FeedView(Answer, frozen=True, kw_only=True):
    """What became of a batch: `taken` by tickets that waited for it, `noted` for joins to come."""

    received: int
    taken: int
    noted: int
    refused: list[Refused]
    version: int


class Version(Answer, frozen=True, kw_only=True):
    """The tent's version after the command."""

    version: int


class Problem(Struct, frozen=True, kw_only=True):
    """Any answer that is not a yes (RFC 9457); refusals add their facts."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: dict[str, str] | UnsetType = UNSET
    alternatives: list[dict[str, Any]] | UnsetType = UNSET


class MadeUpView(Answer, frozen=True, kw_only=True):
    """How many made-up tickets went, or would, how many in line stay; counted only: when the first
    and the last of them were taken."""

    found: int
    kept: int
    version: int
    first_at: datetime | UnsetType | None = UNSET
    last_at: datetime | UnsetType | None = UNSET


SHOWN: dict[str, type[Struct]] = {
    "joined": Joined,
    "ticket": TicketView,
    "therapist": TherapistView,
    "lane": LaneView,
    "version": Version,
    "made-up": MadeUpView,
}
"""The answer of a command by what it shows."""
READ: dict[str, type[Struct]] = {
    "event": EventView,
    "board": BoardView,
    "tent": TentView,
    "journal": JournalView,
    "ticket": TicketView,
}
"""The answer of each read."""
