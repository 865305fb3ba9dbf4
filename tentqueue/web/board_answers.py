"""The shape of what everyone may see: who is called where, who is next, how long it takes."""

from __future__ import annotations

from datetime import datetime

from tentqueue.domain.model import LaneName, LaneState
from tentqueue.web.tent_answers import Answer, Wait


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
