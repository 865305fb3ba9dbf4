"""The people of a played day: where each runner is, and what each therapist is doing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tentqueue.simulation.dayfile import Message, Visitor, Worker


class Place(StrEnum):
    """Where a runner is."""

    NOT_YET = "not yet"
    ASKING = "asking"
    WAITING = "waiting"
    CALLED = "called"
    HERE = "here"
    TREATED = "treated"
    DONE = "done"
    GONE = "gone"
    CLOSED = "closed"
    REFUSED = "refused"


class Doing(StrEnum):
    """What a therapist is doing."""

    AWAY = "away"
    IDLE = "idle"
    TREATING = "treating"
    CLEANING = "cleaning"
    BREAK = "on a break"
    HOME = "home"


@dataclass(slots=True)
class Guest:
    """A runner of the day, from the first thought of a massage to the end."""

    who: Visitor
    place: Place = Place.NOT_YET
    calls: list[int] = field(default_factory=list)
    comes_at: int | None = None
    """When they will appear, once a call was heard."""
    here_since: int | None = None
    first_here: int | None = None
    lingers_until: int = 0
    """Until when somebody who joined in the tent stays near without a call."""
    started: int | None = None
    ends: int | None = None
    table: str | None = None
    refused_at: int | None = None
    closed_at: int | None = None
    gone_at: int | None = None
    known_gone: bool = False
    promised: bool = False
    chance: float | None = None
    told: tuple[float, float, float] | None = None
    polls: list[tuple[tuple[float, float, float], int]] = field(default_factory=list)
    """Ranges told while waiting, each with the calls made until then."""

    @property
    def service(self) -> str:
        """`pre` or `post`."""
        return str(self.who.seen["service"])

    @property
    def ready(self) -> int:
        """Before this no treatment may start."""
        return int(self.who.seen["ready_s"])

    def lingers(self, now: int) -> bool:
        """Whether they still stand where they joined, uncalled."""
        return not self.calls and now < self.lingers_until

    def stays_until(self) -> int:
        """Who walked here gives it a quarter of an hour, warm-ups only to their deadline."""
        limit = max(self.who.leaves, (self.here_since or 0) + 900)
        return limit if self.who.deadline is None else min(limit, self.who.deadline)

    def expected(self, now: int, grace: int) -> bool:
        """Whether the tent must keep room: they stand in it, or may be on their way to it."""
        if self.place is Place.HERE:
            return True
        if self.place not in (Place.CALLED, Place.GONE) or not self.calls:
            return False
        known = self.closed_at is not None or self.known_gone
        return not known and now - self.calls[-1] < grace


@dataclass(slots=True)
class Hand:
    """A therapist of the day."""

    who: Worker
    doing: Doing = Doing.AWAY
    ticket: str | None = None
    leaves_after: bool = False
    """The shift ended during a treatment."""
    breaks: list[Message] = field(default_factory=list)
    busy: int = 0
    duty: list[list[int | None]] = field(default_factory=list)
    rests: list[tuple[int, int]] = field(default_factory=list)

    def break_due(self, now: int) -> bool:
        """Whether the next break can wait no longer."""
        return bool(self.breaks) and int(self.breaks[0]["latest_s"]) <= now


def guests_of(visitors: Iterable[Visitor]) -> dict[str, Guest]:
    """Everyone who will come, by ticket."""
    return {each.id: Guest(each) for each in visitors}


def hands_of(workers: Iterable[Worker]) -> dict[str, Hand]:
    """The therapists by id."""
    return {each.id: Hand(each, breaks=list(each.breaks)) for each in workers}
