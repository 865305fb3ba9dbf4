"""The cast as the policy sees them: now is second 0, therapists are free, in both lanes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tentqueue.domain.planning.discipline import Decision, Tuning, decide
from tentqueue.domain.planning.facts import (
    RECOVERY,
    WARMUP,
    DispatchRules,
    TentFacts,
    TherapistFacts,
    TicketFacts,
)
from tentqueue.domain.planning.learning import Learnt

MINUTE = 60.0
BOTH = frozenset((WARMUP, RECOVERY))
RULES = DispatchRules({WARMUP: 540.0, RECOVERY: 780.0}, {WARMUP: 120.0, RECOVERY: 120.0})
ANA = TherapistFacts("ana", BOTH, "idle", -2 * 3600, 4 * 3600)
BEN = replace(ANA, key="ben")
CHIDI = replace(ANA, key="chidi", supervised=False)
DORA = replace(ANA, key="dora", lanes=frozenset((RECOVERY,)))
ONE_EACH = Tuning(extra=-0.15)
"""One call that is nearly sure to be answered is enough for a table."""


def recovery(name: str, waited: float = 5, **more: Any) -> TicketFacts:
    """Ready and waiting for so many minutes."""
    since = -waited * MINUTE
    return TicketFacts(name, RECOVERY, since, since, order=(since, 0.0), **more)


def warmup(name: str, left: float, waited: float = 5, **more: Any) -> TicketFacts:
    """Must have ended in `left` minutes."""
    since, deadline = -waited * MINUTE, left * MINUTE
    order = (deadline, 0.0)
    return TicketFacts(name, WARMUP, since, since, deadline=deadline, order=order, **more)


def called(ticket: TicketFacts, ago: float, here: bool = False) -> TicketFacts:
    """Called so many seconds ago; `here` when standing in the tent."""
    present = 0.0 if here else None
    return replace(ticket, calls=1, called_at=-ago, present_since=present)


def treating(who: TherapistFacts, since: float, lane: str = RECOVERY) -> TherapistFacts:
    """At work since so many seconds ago."""
    return replace(who, state="treating", since=-since, lane=lane)


def tent(
    therapists: Iterable[TherapistFacts],
    waiting: Iterable[TicketFacts] = (),
    called: Iterable[TicketFacts] = (),
    rules: DispatchRules = RULES,
    learnt: Learnt | None = None,
) -> TentFacts:
    """The tent at second 0."""
    line = sorted(waiting, key=lambda t: t.order)
    return TentFacts(
        now=0.0,
        waiting={lane: tuple(t for t in line if t.lane == lane) for lane in (RECOVERY, WARMUP)},
        called=tuple(called),
        near=tuple(t for t in line if t.near_until > 0),
        therapists=tuple(therapists),
        rules=rules,
        learnt=learnt or Learnt(),
    )


def done(facts: TentFacts, act: str, tuning: Tuning = ONE_EACH) -> list[str | None]:
    """Whom the discipline calls or seats, in order; who rests, for breaks."""
    decisions = [each for each in decide(facts, tuning) if each.act == act]
    return [each.therapist if act == "break" else each.ticket for each in decisions]


def decision_for(facts: TentFacts, name: str, tuning: Tuning = ONE_EACH) -> Decision | None:
    """What is decided for one runner."""
    return next((each for each in decide(facts, tuning) if each.ticket == name), None)
