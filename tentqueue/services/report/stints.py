"""What each therapist did from when to when, seen by folding the journal entry by entry.

A fold is asked, not the events: an undo then needs no code of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tentqueue.domain import fold
from tentqueue.domain.events import RunnersTurnedAway
from tentqueue.domain.model import Instant, LaneName, Role, TherapistState
from tentqueue.domain.tent import Entry, Tent

ON_DUTY = frozenset(TherapistState) - {TherapistState.OFF, TherapistState.BREAK}


@dataclass(frozen=True)
class Stint:
    """A therapist, by role only, in one state for a while."""

    role: Role
    state: TherapistState
    from_at: Instant
    to_at: Instant

    @property
    def minutes(self) -> float:
        """How long it lasted."""
        return (self.to_at - self.from_at).total_seconds() / 60

    def within(self, from_at: Instant, to_at: Instant) -> float:
        """Minutes of it that fall between two instants."""
        overlap = min(self.to_at, to_at) - max(self.from_at, from_at)
        return max(0.0, overlap.total_seconds() / 60)


@dataclass
class Walk:
    """A journal walked to its end: the last tent, the stints, who was turned away."""

    tent: Tent
    until_at: Instant
    """When the last ticket or therapist changed: a wipe days later is no part of the day."""
    stints: list[Stint] = field(default_factory=list)
    turned_away: dict[tuple[LaneName, str], int] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    """Ids of therapists who were on duty at any moment: for counting heads, not for showing."""


def walk(slug: str, entries: Iterable[Entry]) -> Walk:
    """Fold a journal and note each change of a therapist's state."""
    nothing = Tent.unopened(slug)
    walked = Walk(nothing, nothing.now)
    since: dict[str, Instant] = {}
    for entry in entries:
        before, walked.tent = walked.tent, fold(walked.tent, entry)
        _note_changes(walked, before, since)
        if walked.tent.open is not before.open or walked.tent.therapists is not before.therapists:
            walked.until_at = walked.tent.now
        for event in entry.events:
            if isinstance(event, RunnersTurnedAway):
                key = (event.lane, event.reason)
                walked.turned_away[key] = walked.turned_away.get(key, 0) + event.count
    _end(walked, since)
    return walked


def _note_changes(walked: Walk, before: Tent, since: dict[str, Instant]) -> None:
    after = walked.tent
    if after.therapists is before.therapists:
        return
    for who, therapist in after.therapists.items():
        old = before.therapists.get(who)
        if old is None or old.state is therapist.state:
            since.setdefault(who, after.now)
            continue
        if old.on_duty:
            walked.stints.append(Stint(old.role, old.state, since[who], after.now))
        since[who] = after.now
        if therapist.on_duty:
            walked.present.add(who)


def _end(walked: Walk, since: dict[str, Instant]) -> None:
    """Whoever is still there when the last thing happened was there until then."""
    now = walked.until_at
    for who, therapist in walked.tent.therapists.items():
        if therapist.on_duty and since[who] < now:
            walked.stints.append(Stint(therapist.role, therapist.state, since[who], now))
