"""What each event teaches: lengths, walks, calls answered, how good the ranges were."""

from __future__ import annotations

from tentqueue.domain import events as ev
from tentqueue.domain.model import Instant, LaneName, Ticket
from tentqueue.domain.planning.ranges import Range
from tentqueue.domain.tent import Tent, seconds


def learn_length(tent: Tent, ticket: Ticket, event: ev.TreatmentFinished) -> Tent:
    """A treatment's length against its plan; a forgotten Finish teaches nothing."""
    if ticket.started_at is None or event.reason != "finished":
        return tent
    ratio = (event.at - ticket.started_at).total_seconds() / ticket.treatment_for.total_seconds()
    return tent.but(learnt=tent.learnt.finished(ticket.lane.value, event.therapist, ratio))


def learn_walk(tent: Tent, ticket: Ticket, at: Instant) -> Tent:
    """How long a runner took to appear after the first call; who lingered did not walk."""
    if ticket.called_at is None or ticket.misses:
        return tent
    lingered_for = (ticket.called_at - ticket.joined_at).total_seconds()
    if ticket.at_tent and lingered_for < tent.rules.linger_seconds:
        return tent
    return tent.but(learnt=tent.learnt.came((at - ticket.called_at).total_seconds()))


def learn_missed(tent: Tent) -> Tent:
    """A runner who was called and never came."""
    return tent.but(learnt=tent.learnt.missed())


def learn_range(tent: Tent, ticket: Ticket, at: Instant) -> Tent:
    """Whether the range told at joining held."""
    if (
        ticket.promised_at is None
        or ticket.calls > 1
        or ticket.misses
        or ticket.lane is LaneName.NEXTDAY
    ):
        return tent
    said = Range(*(seconds(each) for each in ticket.promised_at))
    return tent.but(bands=tent.bands.outcome(said, seconds(at)))
