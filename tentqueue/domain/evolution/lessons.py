"""What the day teaches with each event: lengths, walks, calls answered, and how good the ranges were."""

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
    """How long a called runner took to appear, for the first call."""
    if ticket.called_at is None or ticket.calls > 2 or ticket.misses:
        return tent
    return tent.but(learnt=tent.learnt.came((at - ticket.called_at).total_seconds()))


def learn_missed(tent: Tent, ticket: Ticket) -> Tent:
    """A first call that nobody answered."""
    return tent if ticket.misses else tent.but(learnt=tent.learnt.missed())


def learn_range(tent: Tent, ticket: Ticket, at: Instant) -> Tent:
    """Whether the range told at joining held."""
    if ticket.promised_at is None or ticket.misses or ticket.lane is LaneName.NEXTDAY:
        return tent
    said = Range(*(seconds(each) for each in ticket.promised_at))
    return tent.but(bands=tent.bands.outcome(said, seconds(at)))
