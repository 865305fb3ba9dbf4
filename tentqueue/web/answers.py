"""The shapes of every answer, for the OpenAPI document and the test that the server answers as it says.

The views themselves are built in `screens/`; nothing is converted through these at run time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from tentqueue.domain.model import (
    AgeGroup, Area, Gender, HoldReason, LaneName, LaneState, Role, RunnerClass, TherapistState, TicketState,
)

Phase = Literal["wait", "walk", "finish_needed", "close", "call", "here", "treatment", "aftercare", "missed",
                "gone"]
Asked = Literal["ok", "ask", "unasked"]


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all answers."""


class Estimate(Answer, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A range for the call, leaning late (rule 19)."""

    from_: datetime
    to: datetime
    reason: str


class Wait(Answer, frozen=True, kw_only=True):
    """What a newcomer would wait, in minutes."""

    from_minutes: int
    to_minutes: int


class TicketView(Answer, frozen=True, kw_only=True):
    """A runner's ticket. Areas and screening only for its runner and the therapist it is called to."""

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


class Calling(Answer, frozen=True, kw_only=True):
    """Who is called where; without a table: to the tent."""

    code: str
    table: int | None
    since: datetime


class Recent(Calling, frozen=True, kw_only=True):
    """A call worth showing; `call` rises with each call of a ticket."""

    call: int


class Treating(Answer, frozen=True, kw_only=True):
    """Who is treated where."""

    code: str
    table: int
    until: datetime


class BoardLane(Answer, frozen=True, kw_only=True):
    """A lane on the board."""

    lane: LaneName
    name: str
    letter: str
    state: LaneState
    reason: str | None
    waiting: int
    wait: Wait
    next: list[str]
    opens_at: datetime
    closes_at: datetime


class BoardView(Answer, frozen=True, kw_only=True):
    """What everyone may see."""

    event: str
    name: str
    timezone: str
    join_path: str
    version: int
    now: datetime
    calling: list[Calling]
    in_treatment: list[Treating]
    recent: list[Recent]
    next: list[str]
    lanes: list[BoardLane]
    announcement: str


class TentTicket(Answer, frozen=True, kw_only=True):
    """A ticket as staff see it; bib and name for desk and organiser only."""

    id: str
    code: str
    lane: LaneName
    state: TicketState
    place: int | None
    estimate: Estimate | None
    wave: str | None
    minutes: int
    calls: int
    recalled: bool
    here: bool
    therapist: str | None
    table: int | None
    hold: HoldReason | None
    runner_class: RunnerClass
    age_group: AgeGroup
    more_time: bool
    joined_at: datetime
    ready_at: datetime | None
    deadline_at: datetime | None
    hold_until: datetime | None
    called_at: datetime | None
    respond_by: datetime | None
    started_at: datetime | None
    planned_end_at: datetime | None
    screening: Asked | None
    areas: list[Area] | UnsetType = UNSET
    avoid: list[Area] | UnsetType = UNSET
    links: dict[str, list[Area]] | UnsetType = UNSET
    bib: str | None | UnsetType = UNSET
    name: str | None | UnsetType = UNSET


class TherapistView(Answer, frozen=True, kw_only=True):
    """A therapist; `ticket` and `next` are codes."""

    id: str
    name: str
    role: Role
    lanes: list[LaneName]
    table: int
    state: TherapistState
    ticket: str | None
    until: datetime | None
    treated: int
    hands_on_minutes: int
    gender: Gender | None
    languages: list[str]
    since: datetime | None
    next: str | None
    shift_ends_at: datetime | None
    break_due: bool
    break_advised: bool
    leaving: bool
    worked_minutes: int
    version: int | UnsetType = UNSET


class LaneView(Answer, frozen=True, kw_only=True):
    """A lane as staff see it."""

    lane: LaneName
    state: LaneState
    reason: str | None
    waiting: int
    held: int
    wait: Wait
    opens_at: datetime
    closes_at: datetime
    treated: int
    version: int | UnsetType = UNSET


class Alert(Answer, frozen=True, kw_only=True):
    """Something to look at, with at most one thing to do about it."""

    id: str
    kind: str
    level: Literal["red", "amber", "info"]
    text: str
    ticket: str | UnsetType = UNSET
    therapist: str | UnsetType = UNSET
    action: str | UnsetType = UNSET


class Numbers(Answer, frozen=True, kw_only=True):
    """The organiser's numbers."""

    waiting: int
    wait_minutes: int | None
    working: int
    finish_by_close: int
    referrals: int
    treated: int


class CanUndo(Answer, frozen=True, kw_only=True):
    """What the undo button would take back."""

    number: int
    text: str
    until: datetime


class LogLine(Answer, frozen=True, kw_only=True):
    """A journal entry as a sentence."""

    number: int
    at: datetime
    actor: str
    text: str
    reason: str | None


class TentEvent(Answer, frozen=True, kw_only=True):
    """The event as staff see it."""

    slug: str
    name: str
    timezone: str
    waves: list[dict[str, str]]


class TentView(Answer, frozen=True, kw_only=True):
    """The whole tent, as the asker's role may see it."""

    event: TentEvent
    version: int
    now: datetime
    tickets: list[TentTicket]
    therapists: list[TherapistView]
    lanes: list[LaneView]
    alerts: list[Alert]
    announcement: str
    numbers: Numbers
    undo: CanUndo | None
    log: list[LogLine]


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
    """What became of a batch; finishes nobody waits for are received and not taken."""

    received: int
    taken: int
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


SHOWN: dict[str, type[Struct]] = {
    "joined": Joined, "ticket": TicketView, "therapist": TherapistView, "lane": LaneView, "version": Version,
}
"""The answer of a command by what it shows."""
READ: dict[str, type[Struct]] = {
    "event": EventView, "board": BoardView, "tent": TentView, "journal": JournalView, "ticket": TicketView,
}
"""The answer of each read."""
