"""Why: what moved the times of a lane, and who went before a runner. It decides nothing.

Codes and counts only, so that a runner may be told; the words are the screens'.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter

from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.model import AgeGroup, Instant, LaneName, Moved, Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import TherapistState
from tentqueue.domain.turn import Turn, decides

TOLD_FOR = timedelta(minutes=20)
"""How long a move of the times explains a runner's range."""
_JOINING = attrgetter("joined_at", "code")
SLOWER = 0.03
"""Change of the treatments' length that counts as a cause."""


@decides(do.NoteEstimate)
def note_estimate(turn: Turn, command: do.NoteEstimate) -> None:
    """Write down that the times told in a lane have moved, and why (rule 19)."""
    lane = turn.tent.lane(command.lane)
    turn.happen(ev.EstimateMoved(turn.now, lane.name, command.minutes, command.reason))


def moves_lately(tent: Tent, now: Instant) -> dict[LaneName, Moved | None]:
    """The last move of each lane's times, while it explains the ranges that runners are told."""
    moves = {name: lane.moved for name, lane in tent.lanes.items()}
    return {
        name: None if moved is None or now - moved.at > TOLD_FOR else moved
        for name, moved in moves.items()
    }


def moved_since(moved: Moved | None, ticket: Ticket) -> Moved | None:
    """A move of the lane's times, if this runner was told other times before it."""
    return None if moved is None or ticket.joined_at >= moved.at else moved


class Passing:
    """Who is at a table or on the way to one, looked up once for everybody who was passed."""

    def __init__(self, tent: Tent) -> None:
        at_tables = (
            *tent.in_state(TicketState.CALLED),
            *tent.in_state(TicketState.IN_TREATMENT),
        )
        self._others = {lane: [t for t in at_tables if t.lane is lane] for lane in tent.lanes}
        self.last = {
            lane: max(other.joined_at for other in others)
            for lane, others in self._others.items()
            if others
        }
        """When the last of those joined, by lane: nobody who joined later was passed."""

    def reason(self, ticket: Ticket) -> str | None:
        """Why runners who joined this lane later are before this one: the commonest reason; None
        when nobody passed.

        `start`: their start is sooner; `ready`: they could be called earlier; `staff`: a credit or
        the team put them before; `suited`: the table was not one for this runner; `here`: they
        stood at the tent when a table came free. Whoever missed a call or asked for more time is
        not passed.
        """
        last = self.last.get(ticket.lane)
        if last is None or last < ticket.joined_at:
            return None
        if ticket.state is not TicketState.WAITING or ticket.misses or ticket.delayed:
            return None
        passing = [other for other in self._others[ticket.lane] if _passes(other, ticket)]
        if not passing:
            return None
        return Counter(_why(other, ticket) for other in passing).most_common(1)[0][0]


def _passes(other: Ticket, ticket: Ticket) -> bool:
    """Whether `other` joined later and was called while `ticket` could have been."""
    if other.called_at is None or ticket.ready_at is None:
        return False
    return _JOINING(other) > _JOINING(ticket) and ticket.ready_at <= other.called_at


def _why(other: Ticket, ticket: Ticket) -> str:
    if other.order > ticket.order:
        chooses = ticket.prefers is not None or ticket.age_group is not AgeGroup.ADULT
        stood_there = other.at_tent or other.here_at == other.called_at
        return "here" if stood_there and not chooses else "suited"
    if other.deadline_at and ticket.deadline_at and other.deadline_at < ticket.deadline_at:
        return "start"
    if other.ready_at and ticket.ready_at and other.ready_at < ticket.ready_at:
        return "ready"
    return "staff"


@dataclass(frozen=True)
class Pace:
    """What the speed of a lane depends on."""

    on_duty: int
    resting: int
    factor: float
    """Length of a treatment as a share of the planned one."""


def pace_of(tent: Tent, lane: LaneName) -> Pace:
    """How a lane is staffed, and how fast its treatments go."""
    hands = [t for t in tent.therapists.values() if t.on_duty and lane in t.lanes]
    resting = sum(t.state is TherapistState.BREAK for t in hands)
    return Pace(len(hands), resting, tent.learnt.factor(lane.value))


def cause_of(before: Pace, now: Pace, later: bool) -> str:
    """What moved a lane's times later or earlier, from its pace before and now."""
    sign = 1 if later else -1
    if sign * (now.resting - before.resting) > 0:
        return "breaks" if later else "breaks_over"
    if sign * (before.on_duty - now.on_duty) > 0:
        return "fewer_therapists" if later else "more_therapists"
    if sign * (now.factor - before.factor) > SLOWER:
        return "longer_treatments" if later else "shorter_treatments"
    return "others_first" if later else "places_given_up"
