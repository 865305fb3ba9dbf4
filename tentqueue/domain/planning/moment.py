"""One instant being decided: who is spoken for, which tables are taken, who comes next.

It never changes a ticket: what it collects is carried out, or not, by the tent.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from tentqueue.domain.planning.facts import WARMUP
from tentqueue.domain.planning.tables import calm_until, on_duty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tentqueue.domain.planning.facts import TentFacts, TherapistFacts, TicketFacts


@dataclass(frozen=True, slots=True)
class Tuning:
    """The discipline's own constants, found on made-up race days.

    The optima are flat: no day depends on their decimals.
    """

    horizon: float = 2.2
    """Median walks to look ahead for tables coming free."""
    extra: float = 0.8
    """Runners called beyond the tables coming free: covers no-shows and slow walkers."""
    room: float = 1.15
    """Mean lengths before its deadline from which a warm-up has room; below it is tight."""
    risk: float = 0.75
    """Mean lengths before its deadline below which a warm-up is not started."""
    lull: float = 300.0
    """A due break is taken now if nobody this therapist serves is ready within this, seconds."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now. `act`: call, seat, break; the therapist of a call is meant, not binding."""

    act: str
    ticket: str | None
    therapist: str | None
    reason: str


class Moment:
    """Collects the decisions of one instant; nobody and no table is decided twice."""

    def __init__(self, facts: TentFacts, tuning: Tuning) -> None:
        self.facts, self.tuning, self.now = facts, tuning, facts.now
        self.out: list[Decision] = []
        self.gone: set[str] = set()
        """Tickets already decided."""
        self.taken: set[str] = set()
        """Therapists who were given a runner or a break."""
        self.lanes = self._lane_order()

    def decided(self, act: str, ticket: TicketFacts, therapist: str) -> None:
        """A runner is called or seated."""
        why = self._why_seated(ticket) if act == "seat" else self._why(ticket)
        self.out.append(Decision(act, ticket.key, therapist, why))
        self.gone.add(ticket.key)
        if act == "seat":
            self.taken.add(therapist)

    def rests(self, therapist: str) -> None:
        """A therapist takes the due break."""
        self.out.append(Decision("break", None, therapist, "lull"))
        self.taken.add(therapist)

    def _lane_order(self) -> tuple[str, ...]:
        """Lanes in their order, warm-ups first as soon as one would lose its slack (rule 14)."""
        waiting = self.facts.waiting
        line = waiting.get(WARMUP, ())
        if not line:
            return tuple(waiting)
        calm = calm_until(self.facts, line, on_duty(self.facts, WARMUP)) > self.now
        rest = tuple(lane for lane in waiting if lane != WARMUP)
        return (*rest, WARMUP) if calm else (WARMUP, *rest)

    def next_of(
        self, line: Iterable[TicketFacts], who: TherapistFacts, begin: float, hands: float
    ) -> TicketFacts | None:
        """The first in line who can begin then with this therapist; tight warm-ups last.

        `hands` is the length to expect, seconds. Among tight warm-ups goes the one with most
        time left: it is the likeliest to end in time.
        """
        tight = None
        for ticket in line:
            if ticket.ready > begin or ticket.key in self.gone:
                continue
            if ticket.only is not None and who.key not in ticket.only:
                continue
            left = ticket.deadline - begin
            if left >= self.tuning.room * hands:
                return ticket
            later = tight is None or ticket.deadline > tight.deadline
            if later and left >= self.tuning.risk * hands:
                tight = ticket
        return tight

    def _why_seated(self, ticket: TicketFacts) -> str:
        """Next in line, or at the tent while somebody before them was still to be called."""
        passed = any(
            other.order < ticket.order and other.ready <= self.now and other.key not in self.gone
            for other in self.facts.waiting.get(ticket.lane, ())
        )
        return "stands_at_the_tent" if passed else "next_in_line"

    def _why(self, ticket: TicketFacts) -> str:
        """Next in line, or which right let them pass those before (rule 15)."""
        line = self.facts.waiting[ticket.lane]
        for other in takewhile(lambda other: other.key != ticket.key, line):
            if other.key not in self.gone and other.ready <= self.now:
                return "suits_table" if other.only is not None else "more_room_before_wave"
        return "next_in_line"
