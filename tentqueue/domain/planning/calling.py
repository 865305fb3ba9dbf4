"""Calls: as many as the tables coming free need (rule 17). It seats nobody and chooses no table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.planning.learning import staying, still_here
from tentqueue.domain.planning.tables import fits, mean_length

if TYPE_CHECKING:
    from tentqueue.domain.planning.facts import TherapistFacts, TicketFacts
    from tentqueue.domain.planning.moment import Moment


def call(moment: Moment, free: list[tuple[float, TherapistFacts]]) -> None:
    """Call for each table coming free, soonest first; lanes in their order."""
    if not any(moment.facts.waiting.values()):
        return
    calls = _Calls(moment)
    for at, who in free:
        for lane in moment.lanes:
            if fits(moment.facts, who, lane, at) and calls.serve(at, who, lane):
                break


class _Calls:
    """Runners to expect and tables to fill, by lane, while calls are decided."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.supply = dict.fromkeys(moment.facts.waiting, 0.0)
        """Runners to expect without another call, counted by the chance that they come."""
        self.need = dict.fromkeys(moment.facts.waiting, 0)
        self.standing = 0
        """People in the tent or on their way to it (`standby_cap`)."""
        for ticket in moment.facts.called:
            if ticket.key not in moment.gone:
                self._expect(ticket)

    def _expect(self, ticket: TicketFacts) -> None:
        here, now = ticket.present_since is not None, self.moment.now
        age, again = now - ticket.called_at, now - ticket.recalled_at
        learnt = self.moment.facts.learnt
        self.supply[ticket.lane] += 1.0 if here else learnt.here_soon(age, again)
        last = again if again >= 0.0 else age
        self.standing += here or last < self.moment.facts.rules.call_grace

    def serve(self, at: float, who: TherapistFacts, lane: str) -> bool:
        """Whether this lane has a runner for this table; calls until it has."""
        if self.supply[lane] < self.need[lane] + 1:
            self._fill(at, who, lane)
            if self.supply[lane] <= self.need[lane]:
                return False
        self.need[lane] += 1
        return True

    def _fill(self, at: float, who: TherapistFacts, lane: str) -> None:
        moment, cap = self.moment, self.moment.facts.rules.standby_cap
        wanted = self.need[lane] + 1 + moment.tuning.extra
        begin = max(at, moment.now + moment.facts.learnt.walk)
        hands = mean_length(moment.facts, lane)
        while self.supply[lane] < wanted and self.standing < cap:
            ticket = moment.next_of(moment.facts.waiting[lane], who, begin, hands)
            if ticket is None:
                return
            moment.decided("call", ticket, who.key)
            self.standing += 1
            self.supply[lane] += self._comes(ticket)

    def _comes(self, ticket: TicketFacts) -> float:
        """Chance that this runner answers a call made now."""
        if ticket.near_until > self.moment.now:
            return 1.0
        waited = self.moment.now - ticket.since
        answered = self.moment.facts.learnt.answered.value
        return answered * still_here(staying(ticket.lane), waited)
