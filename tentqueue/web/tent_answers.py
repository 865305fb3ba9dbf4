"""What staff are answered: the tent, its tickets, therapists, lanes and log. Shapes only."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from tentqueue.domain.model import (
    AgeGroup,
    Area,
    Gender,
    HoldReason,
    LaneName,
    LaneState,
    RunnerClass,
    TicketState,
)
from tentqueue.domain.therapist import Role, TherapistState

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
    start_soon: bool
    joined_at: datetime
    ready_at: datetime | None
    deadline_at: datetime | None
    hold_until: datetime | None
    called_at: datetime | None
    respond_by: datetime | None
    started_at: datetime | None
    planned_end_at: datetime | None
    screening: Asked | None
    questions_due: bool
    areas: list[Area] | UnsetType = UNSET
    avoid: list[Area] | UnsetType = UNSET
    links: dict[str, list[Area]] | UnsetType = UNSET
    bib: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET


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
    shift_starts_at: datetime | None
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
    wait_with_two_more: int | None


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
