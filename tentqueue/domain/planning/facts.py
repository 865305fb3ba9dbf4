"""What dispatch and the estimates need to know of the tent: small frozen values.

All times are seconds, instants since any one epoch. Nothing here decides or reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tentqueue.domain.planning.learning import Learnt

WARMUP, RECOVERY = "warmup", "recovery"
PATIENT_FOR = 1200.0
"""A warm-up is due this long after joining, or in time for its wave, whichever is first: runners
begin to leave then."""
START_BEFORE = 780.0
"""A warm-up should start this long before its deadline: a treatment and some room."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """One open ticket. `deadline` is the latest END of a warm-up (rule 3)."""

    key: str
    lane: str
    joined: float
    ready: float
    deadline: float = inf
    calls: int = 0
    called_at: float = -inf
    recalled_at: float = inf
    """When the call was repeated; inf: not yet."""
    present_since: float | None = None
    near_until: float = -inf
    """Joined standing at the tent: needs no walk before this instant."""
    order: tuple[float, float] = (0.0, 0.0)
    """Place in line, smaller first: due time less credit, then the entry; a move by hand
    changes it."""
    only: frozenset[str] | None = None
    """The therapists this runner may have (preference, under age: rules 8, 10); None: any."""
    held: bool = False
    """Will be in line only when ready: has a start in the plan, and no place yet."""

    @property
    def since(self) -> float:
        """When the waiting began."""
        return self.ready if self.ready > self.joined else self.joined


def due_at(ticket_lane: str, joined: float, ready: float, deadline: float) -> float:
    """Where a newcomer stands in line, smaller first (rule 14).

    Warm-ups by their wave's deadline, or soon after joining if that is earlier; others by
    readiness.
    """
    if ticket_lane == WARMUP:
        return min(deadline - START_BEFORE, joined + PATIENT_FOR)
    return ready


@dataclass(frozen=True, slots=True)
class Break:
    """A break that may begin from `earliest` and must by `latest` (rule 11)."""

    earliest: float
    latest: float
    length: float


@dataclass(frozen=True, slots=True)
class TherapistFacts:
    """One therapist. `state`: idle, treating, changeover, break, away (not checked in), gone."""

    key: str
    lanes: frozenset[str]
    state: str
    shift_start: float
    shift_end: float
    since: float = 0.0
    until: float = 0.0
    """End of a changeover or break; not read in other states."""
    lane: str = WARMUP
    """Lane of the running treatment."""
    breaks: tuple[Break, ...] = ()
    worked: float = 0.0
    """Hands-on time today: the least tired goes first (rule 14)."""
    supervised: bool = True
    """False for a student while no licensed therapist is on duty: gets nobody (rule 10)."""

    @property
    def on_duty(self) -> bool:
        """In the tent, working or on a break."""
        return self.state not in ("away", "gone")


@dataclass(frozen=True, slots=True)
class DispatchRules:
    """The organiser's numbers that dispatch reads."""

    planned: Mapping[str, float]
    changeover: Mapping[str, float]
    call_grace: float = 240.0
    """How long a called runner counts as on the way for `standby_cap`."""
    standby_cap: int = 40
    """People called or standing in the tent at most."""
    overtime: float = 300.0


@dataclass(frozen=True, slots=True)
class TentFacts:
    """The tent at one instant; every line is in order of `TicketFacts.order`."""

    now: float
    waiting: Mapping[str, tuple[TicketFacts, ...]]
    """Uncalled tickets by lane; lanes in the order in which they go when no deadline presses."""
    called: tuple[TicketFacts, ...]
    """Called and not yet in treatment, at the tent or not."""
    near: tuple[TicketFacts, ...]
    """Those of `waiting` who joined standing at the tent a moment ago."""
    therapists: tuple[TherapistFacts, ...]
    rules: DispatchRules
    learnt: Learnt = field(repr=False)
