"""Idle tables: who stands at the tent starts, else a due break. It calls nobody who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.planning.tables import fits, length

if TYPE_CHECKING:
    from tentqueue.domain.planning.facts import TherapistFacts, TicketFacts
    from tentqueue.domain.planning.moment import Moment


def seat(moment: Moment, idle: list[TherapistFacts]) -> None:
    """Whoever is at the tent starts, in order, on the least flexible and least tired table."""
    here = _at_the_tent(moment, idle)
    if not here:
        return
    here.sort(key=lambda t: t.order)
    for who in sorted(idle, key=lambda w: (len(w.lanes), w.worked)):
        chosen = _best_here(moment, who, here)
        if chosen is not None:
            moment.decided("seat", chosen, who.key)


def _at_the_tent(moment: Moment, idle: list[TherapistFacts]) -> list[TicketFacts]:
    here = [t for t in moment.facts.called if t.present_since is not None]
    return here + [t for t in moment.facts.near if _their_turn(moment, t, idle)]


def _their_turn(moment: Moment, ticket: TicketFacts, idle: list[TherapistFacts]) -> bool:
    """Whether a newcomer at the tent passes nobody.

    An idle table must remain after those on their way and those before in line.
    """
    facts = moment.facts
    tables = sum(ticket.lane in who.lanes for who in idle)
    for other in facts.called:
        if other.lane == ticket.lane:
            age, again = moment.now - other.called_at, moment.now - other.recalled_at
            tables -= facts.learnt.here_soon(age, again) > 0.5
    for other in facts.waiting[ticket.lane]:
        if tables <= 0 or other.key == ticket.key:
            break
        tables -= other.ready <= moment.now
    return tables > 0


def _best_here(moment: Moment, who: TherapistFacts, here: list[TicketFacts]) -> TicketFacts | None:
    for lane in moment.lanes:
        if fits(moment.facts, who, lane, moment.now):
            hands = length(moment.facts, lane, who.key)
            mine = (t for t in here if t.lane == lane)
            chosen = moment.next_of(mine, who, moment.now, hands)
            if chosen is not None:
                return chosen
    return None


def rest(moment: Moment, idle: list[TherapistFacts]) -> None:
    """A due break in a lull: nobody this therapist could serve is ready soon (rule 11)."""
    for who in idle:
        due = who.breaks and who.breaks[0].earliest <= moment.now <= who.breaks[0].latest
        if due and who.key not in moment.taken and not _wanted(moment, who):
            moment.rests(who.key)


def _wanted(moment: Moment, who: TherapistFacts) -> bool:
    if any(t.lane in who.lanes and t.key not in moment.gone for t in moment.facts.called):
        return True
    by = moment.now + moment.tuning.lull
    lines = (line for lane, line in moment.facts.waiting.items() if lane in who.lanes)
    return any(t.ready <= by and t.key not in moment.gone for line in lines for t in line)
