"""The whole tent at one version: a value with look-ups. It decides nothing and reads no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from tentqueue.domain.errors import NotPossibleNow, UnknownLane, UnknownTherapist, UnknownTicket
from tentqueue.domain.events import (
    CommandUndone,
    Event,
    EventDefined,
    EventRestored,
    FinishRecorded,
    NumberLost,
    RecordsWiped,
    WipeProven,
)
from tentqueue.domain.lines import AT_TABLES, Lines, at_tables, at_tables_with, every_line
from tentqueue.domain.model import Instant, Lane, LaneName, Ticket, TicketState
from tentqueue.domain.planning.learning import Learnt
from tentqueue.domain.planning.ranges import Bands
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.rack import Rack
from tentqueue.domain.rules import LaneRules, TentRules
from tentqueue.domain.shelf import Shelf
from tentqueue.domain.therapist import Role, Therapist, TherapistState
from tentqueue.domain.value import Value

_OF_OPEN = ("_lines", "_few")
"""What a tent remembers of its open tickets."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SYSTEM = "system"
"""Actor of entries that nobody asked for by hand."""
_FIXED = (
    EventDefined,
    FinishRecorded,
    CommandUndone,
    EventRestored,
    NumberLost,
    RecordsWiped,
    WipeProven,
)


@dataclass(frozen=True)
class Entry:
    """A line of the permanent log: what one command made happen, and who asked."""

    number: int
    at: Instant
    actor: str
    events: tuple[Event, ...]

    @property
    def undoable(self) -> bool:
        """Whether a person could want it back: not time, a finish, a definition, an undo
        or a restore."""
        by_hand = self.actor != SYSTEM
        return by_hand and not any(isinstance(e, _FIXED) for e in self.events)


@dataclass(frozen=True)
class Trace:
    """An entry with the tents on both sides of it, kept for a while so that it can be undone."""

    entry: Entry
    before: Tent | None = None
    after: Tent | None = None


@dataclass(frozen=True)
class Counts(Value):
    """The day so far, in tickets; rule 32 needs the rest from the journal."""

    treated: dict[LaneName, int] = field(default_factory=dict)
    referred: int = 0
    no_shows: int = 0
    left: int = 0


@dataclass(frozen=True)
class WipeRecord(Value):
    """A wipe of the event's records (rule 31): when, why, and once it is proven what it found."""

    wiped_at: Instant
    why: str
    staff_too: bool
    proven_at: Instant | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Tent(Value):
    """Everything that is true after entry `version`."""

    event: RaceEvent
    version: int = 0
    now: Instant = EPOCH
    open: Rack[Ticket] = field(default_factory=Rack)
    closed: Shelf[Ticket] = field(default_factory=Shelf)
    ids: Shelf[str] = field(default_factory=Shelf)
    bibs: Shelf[str] = field(default_factory=Shelf)
    therapists: dict[str, Therapist] = field(default_factory=dict)
    lanes: dict[LaneName, Lane] = field(default_factory=dict)
    announcement: str = ""
    counts: Counts = field(default_factory=Counts)
    learnt: Learnt = field(default_factory=Learnt)
    bands: Bands = field(default_factory=Bands)
    recent: tuple[Trace, ...] = ()
    wipe: WipeRecord | None = None

    def but(self, **changes: Any) -> Self:
        """Return a copy with `changes`; what the open tickets tell stays while they do."""
        copy = super().but(**changes)
        if "open" in changes:
            for worked_out in _OF_OPEN:
                copy.__dict__.pop(worked_out, None)
        return copy

    @classmethod
    def unopened(cls, slug: str) -> Tent:
        """Return the tent of an event before its first entry."""
        return cls(RaceEvent(slug, slug, "UTC", "", 0, (), {}))

    @property
    def rules(self) -> TentRules:
        """Rules of the whole tent."""
        return self.event.rules

    def lane_rules(self, lane: LaneName) -> LaneRules:
        """Rules of one lane."""
        return self.event.lanes[lane].rules

    def lane(self, name: LaneName) -> Lane:
        """Return a lane. Raises: UnknownLane."""
        if name not in self.lanes:
            offered = ", ".join(self.lanes)
            raise UnknownLane(
                "This event has no {lane} lane. Choose one of: {offered}.",
                lane=name,
                offered=offered,
            )
        return self.lanes[name]

    def ticket(self, wanted: str) -> Ticket:
        """Find a ticket by code or id, open or closed. Raises: UnknownTicket."""
        code = self.ids.get(wanted, wanted)
        ticket = self.open.get(code) or self.closed.get(code)
        if ticket is None:
            raise UnknownTicket(
                "There is no such ticket in this event. Check the code.", ticket=wanted
            )
        return ticket

    def ticket_of_bib(self, bib_tag: str) -> Ticket | None:
        """Return the latest ticket of a bib, open or closed."""
        code = self.bibs.get(bib_tag)
        return None if code is None else self.ticket(code)

    def therapist(self, wanted: str) -> Therapist:
        """Find a therapist by id. Raises: UnknownTherapist."""
        if wanted not in self.therapists:
            raise UnknownTherapist("Nobody with that id works here.", therapist=wanted)
        return self.therapists[wanted]

    def line(self, lane: LaneName) -> list[Ticket]:
        """Return who waits in a lane, in order; worked out once for each value of the tent."""
        return self._every_line().of(lane)

    def _every_line(self) -> Lines:
        lines: Lines | None = self.__dict__.get("_lines")
        if lines is None:
            lines = self.__dict__["_lines"] = Lines(every_line(self.open))
        return lines

    def in_state(self, state: TicketState) -> list[Ticket]:
        """Return the open tickets in one state, in order of joining."""
        if state is TicketState.HELD:
            return self._every_line().held()
        among: Mapping[str, Ticket] = self._at_tables() if state in AT_TABLES else self.open
        return [t for t in among.values() if t.state is state]

    def _at_tables(self) -> dict[str, Ticket]:
        """The few who are called or in treatment; handed on from tent to tent."""
        few: dict[str, Ticket] | None = self.__dict__.get("_few")
        if few is None:
            few = self.__dict__["_few"] = at_tables(self.open)
        return few

    def supervised(self) -> bool:
        """Whether a licensed therapist is on duty and not on a break (rule 10)."""
        away = (TherapistState.OFF, TherapistState.BREAK)
        return any(
            t.role is Role.LICENSED and t.state not in away for t in self.therapists.values()
        )

    def with_ticket(self, ticket: Ticket) -> Tent:
        """Return the tent with `ticket` in its place, open or closed."""
        if ticket.is_open:
            after = self.but(open=self.open.put(ticket.code, ticket))
        else:
            still_open, closed = self.open.without(ticket.code), self.closed
            after = self.but(open=still_open, closed=closed.put(ticket.code, ticket))
        after.__dict__["_few"] = at_tables_with(self._at_tables(), ticket)
        lines: Lines | None = self.__dict__.get("_lines")
        if lines is not None:
            after.__dict__["_lines"] = lines.then(self.open.get(ticket.code), ticket)
        return after

    def with_therapist(self, therapist: Therapist) -> Tent:
        """Return the tent with `therapist` in their place."""
        return self.but(therapists={**self.therapists, therapist.id: therapist})

    def with_lane(self, lane: Lane) -> Tent:
        """Return the tent with `lane` in its place."""
        return self.but(lanes={**self.lanes, lane.name: lane})


def still_open(tent: Tent, wanted: str) -> Ticket:
    """Find an open ticket. Raises: UnknownTicket, NotPossibleNow if it is closed."""
    ticket = tent.ticket(wanted)
    if not ticket.is_open:
        raise NotPossibleNow(
            "This ticket is closed. Take a new one.", state=ticket.state, ticket=ticket.code
        )
    return ticket


def seconds(at: Instant) -> float:
    """Seconds since the epoch: the unit of orders and of the planner."""
    return at.timestamp()


def instant(at: float) -> Instant:
    """Seconds since the epoch as an instant."""
    return datetime.fromtimestamp(at, UTC)


def minutes(count: float) -> timedelta:
    """A duration of `count` minutes."""
    return timedelta(minutes=count)
