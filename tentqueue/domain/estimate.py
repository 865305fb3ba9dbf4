"""What a waiting runner is told: the plan played forward once, as ranges that hold (rule 19).

Never changes the tent; a forecast is a value that anybody may throw away and make again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from math import inf
from typing import NamedTuple

from tentqueue.domain.explaining import moved_since, moves_lately
from tentqueue.domain.model import Instant, LaneName, Moved, Ticket, TicketState
from tentqueue.domain.newcomers import STEP_S, safe_joins_of, waits_of
from tentqueue.domain.planning.facts import TentFacts, TicketFacts
from tentqueue.domain.planning.plan import Plan, play
from tentqueue.domain.planning.ranges import Range, alike, is_plain, range_of, ranges, spread
from tentqueue.domain.seen import facts_of, ticket_facts
from tentqueue.domain.tent import Tent, instant, seconds
from tentqueue.domain.therapist import TherapistState

_TOLD = (TicketState.WAITING, TicketState.HELD)


class Told(NamedTuple):
    """What people are told of a range, rounded outward to 5 minutes; hundreds share one."""

    from_at: Instant
    to_at: Instant
    reason: str


class Estimate(NamedTuple):
    """A range for the start of a ticket's treatment, and the likely start, in epoch seconds."""

    told: Told
    likely: float

    @property
    def from_at(self) -> Instant:
        """The early end of the range."""
        return self.told.from_at

    @property
    def to_at(self) -> Instant:
        """The late end of the range."""
        return self.told.to_at

    @property
    def reason(self) -> str:
        """Why it is what it is: steady, or what moved it."""
        return self.told.reason

    @property
    def likely_at(self) -> Instant:
        """The likely start."""
        return instant(self.likely)


class Forecast:
    """One plan for the whole tent; serves every screen of its version.

    What it tells of a ticket, a lane or a wave is worked out when somebody asks, once.
    """

    def __init__(self, tent: Tent, now: Instant, facts: TentFacts, plan: Plan) -> None:
        self.now = now
        self._tent, self._facts, self._plan = tent, facts, plan
        self._told: dict[str, Estimate | None] = {}

    @property
    def version(self) -> int:
        """The tent's version that it was made of."""
        return self._tent.version

    def of(self, code: str) -> Estimate | None:
        """Return the range for a ticket that waits or is held for a known time, else None."""
        if code not in self._told:
            ticket = self._tent.open.get(code)
            comes = ticket is not None and ticket.state in _TOLD
            self._told[code] = self.of_ticket(ticket) if ticket and comes else None
        return self._told[code]

    def of_ticket(self, ticket: Ticket) -> Estimate | None:
        """Work out the range for one of this tent who waits or is held, at hand; None when the
        therapists go home before. For everybody in turn: nothing is looked up or remembered."""
        if ticket.code not in self._plan.starts:
            return None
        known = ticket_facts(self._tent, ticket)
        said = range_of(self._facts, self._plan, known, self._wider)
        moved = moved_since(self._moved[ticket.lane], ticket)
        return told(said, self._steady if moved is None else moved.cause)

    def in_line(self, lane: LaneName) -> Iterator[tuple[TicketFacts, Told | None, float]]:
        """Work out what everybody in a lane's line is told, in order, and the likely start; what
        `of_ticket` would say, but hundreds in a row who are told alike cost little more than one.
        """
        facts, starts = self._facts, self._plan.starts
        moved, steady, scale = self._moved[lane], self._steady, self._wider.get(lane.value, 1.0)
        moved_at = -inf if moved is None else seconds(moved.at)
        since, until, shift, why, shared = inf, -inf, 0.0, "", None
        for known in facts.waiting.get(lane.value, ()):
            if known.held:
                continue
            start = starts.get(known.key)
            if start is None:
                yield known, None, inf
                continue
            reason = steady if moved is None or known.joined >= moved_at else moved.cause
            if not is_plain(facts, known):
                said = told(range_of(facts, self._plan, known, self._wider), reason)
                yield known, said.told, said.likely
                continue
            if not since <= start < until or reason is not why:
                said_alike, shift, until = alike(facts, lane.value, start, scale, STEP_S)
                since, why, shared = start, reason, told(said_alike, reason).told
            yield known, shared, start + shift

    def place(self, code: str) -> int | None:
        """Return the place in the lane's line, 1 is next; None when not in line."""
        return self._places.get(code)

    def wait(self, lane: LaneName) -> tuple[int, int]:
        """Return the wait of a newcomer as whole minutes, from and to, in steps of 5."""
        return self.waits.get(lane, (0, 0))

    def last_safe_join(self, wave: str) -> Instant | None:
        """Return the latest time to join for a warm-up that ends before this wave's limit."""
        return self.safe_joins.get(wave)

    @cached_property
    def waits(self) -> dict[LaneName, tuple[int, int]]:
        """What somebody who joins now, ready at once, would wait, by lane."""
        return waits_of(self._tent, self._facts, self._plan)

    @cached_property
    def safe_joins(self) -> dict[str, Instant | None]:
        """Each wave's last safe join (rule 21); None: too late, or the lane takes nobody."""
        return safe_joins_of(self._tent, self._facts, self._plan)

    @cached_property
    def _places(self) -> dict[str, int]:
        tent = self._tent
        return {t.code: at for lane in tent.lanes for at, t in enumerate(tent.line(lane), 1)}

    @cached_property
    def _wider(self) -> dict[str, float]:
        return spread(self._facts, self._tent.bands)

    @cached_property
    def _moved(self) -> dict[LaneName, Moved | None]:
        return moves_lately(self._tent, self.now)

    @cached_property
    def _steady(self) -> str:
        return _reason(self._tent, self.now)


def forecast(tent: Tent, now: Instant) -> Forecast:
    """Play the present order forward on the tables as they will come free."""
    now = max(now, tent.now)
    facts = facts_of(tent, now, coming=True)
    return Forecast(tent, now, facts, play(facts))


def said_of(tent: Tent, now: Instant) -> dict[str, Range]:
    """The unrounded range of everybody who waits or is held for a known time."""
    facts = facts_of(tent, now, coming=True)
    return ranges(facts, play(facts), tent.bands)


def told(said: Range, reason: str) -> Estimate:
    """Round a range outward to steps of 5 minutes, for people."""
    early, likely, late = said
    return Estimate(_told(early // STEP_S, -(-late // STEP_S), reason), likely)


@lru_cache(maxsize=2048)
def _told(early: float, late: float, reason: str) -> Told:
    """What is told of a range between these steps since the epoch."""
    return Told(instant(early * STEP_S), instant(late * STEP_S), reason)


def _reason(tent: Tent, now: Instant) -> str:
    resting = any(t.state is TherapistState.BREAK for t in tent.therapists.values())
    late = any(
        t.planned_end_at is not None and t.planned_end_at < now
        for t in tent.in_state(TicketState.IN_TREATMENT)
    )
    return "breaks" if resting else "running_late" if late else "steady"
