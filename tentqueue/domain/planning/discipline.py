"""Whose turn, at which table: one function from the tent's facts to decisions with reasons.

It changes nothing, closes nobody and calls nobody a second time: the tent's rules do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.planning.calling import call
from tentqueue.domain.planning.moment import Decision, Moment, Tuning
from tentqueue.domain.planning.seating import rest, seat
from tentqueue.domain.planning.tables import free_at

if TYPE_CHECKING:
    from tentqueue.domain.planning.facts import TentFacts, TherapistFacts

__all__ = ["Decision", "Tuning", "decide", "soon_free"]
_USUAL = Tuning()


def decide(facts: TentFacts, tuning: Tuning = _USUAL) -> list[Decision]:
    """Everything to do at this instant, in the order in which to do it."""
    soon = soon_free(facts, tuning)
    if not soon:
        return []
    moment = Moment(facts, tuning)
    idle = [who for _, who in soon if who.state == "idle"]
    if idle:
        seat(moment, idle)
        rest(moment, idle)
    call(moment, [pair for pair in soon if pair[1].key not in moment.taken])
    return moment.out


def soon_free(facts: TentFacts, tuning: Tuning = _USUAL) -> list[tuple[float, TherapistFacts]]:
    """Tables free by the horizon: soonest, then least flexible, then least tired (rule 14).

    Without one there is nothing to decide; only the therapists are looked at.
    """
    horizon = facts.now + tuning.horizon * facts.learnt.walk
    on = ((free_at(facts, who), who) for who in facts.therapists if who.on_duty and who.supervised)
    soon = [(at, who) for at, who in on if at <= horizon]
    soon.sort(key=lambda pair: (pair[0], len(pair[1].lanes), pair[1].worked))
    return soon
