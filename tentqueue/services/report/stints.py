"""What each therapist did from when to when, seen by folding the journal entry by entry.

A press that was undone never happened: a start taken back after three minutes is no hands-on time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tentqueue.domain import fold
from tentqueue.domain.events import CommandUndone, RunnersTurnedAway
from tentqueue.domain.model import Instant, LaneName
from tentqueue.domain.tent import Entry, Tent
from tentqueue.domain.therapist import Role, Therapist, TherapistState

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
    stints = _Stints(walked)
    for entry in entries:
        before, walked.tent = walked.tent, fold(walked.tent, entry)
        stints.note(entry, before.therapists)
        if walked.tent.open is not before.open or walked.tent.therapists is not before.therapists:
            walked.until_at = walked.tent.now
        for event in entry.events:
            if isinstance(event, RunnersTurnedAway):
                key = (event.lane, event.reason)
                walked.turned_away[key] = walked.turned_away.get(key, 0) + event.count
    stints.end()
    return walked


class _Switch(NamedTuple):
    """A therapist went from one state to another; what to put back when it is undone."""

    who: str
    since: Instant
    stint: Stint | None
    newly_present: bool


class _Stints:
    """Each therapist's present state since when, and the stints that are over."""

    def __init__(self, walked: Walk) -> None:
        self._walked = walked
        self._since: dict[str, Instant] = {}
        self._switches: dict[int, list[_Switch]] = {}

    def note(self, entry: Entry, before: Mapping[str, Therapist]) -> None:
        """See who is in another state after this entry."""
        after = self._walked.tent
        if after.therapists is before:
            return
        undone = [event.number for event in entry.events if isinstance(event, CommandUndone)]
        back = {who for number in undone for who in self._take_back(number)}
        for who, therapist in after.therapists.items():
            old = before.get(who)
            if old is None or old.state is therapist.state:
                self._since.setdefault(who, after.now)
            elif who not in back:
                switch = self._switch(who, old, therapist)
                self._switches.setdefault(entry.number, []).append(switch)

    def _switch(self, who: str, old: Therapist, new: Therapist) -> _Switch:
        walked, since = self._walked, self._since[who]
        now = self._since[who] = walked.tent.now
        stint = Stint(old.role, old.state, since, now) if old.on_duty else None
        if stint is not None:
            walked.stints.append(stint)
        newly_present = new.on_duty and who not in walked.present
        if newly_present:
            walked.present.add(who)
        return _Switch(who, since, stint, newly_present)

    def _take_back(self, number: int) -> Iterator[str]:
        for switch in self._switches.pop(number, ()):
            self._since[switch.who] = switch.since
            if switch.stint is not None:
                self._walked.stints.remove(switch.stint)
            if switch.newly_present:
                self._walked.present.discard(switch.who)
            yield switch.who

    def end(self) -> None:
        """Whoever is still there when the last thing happened was there until then."""
        now = self._walked.until_at
        for who, therapist in self._walked.tent.therapists.items():
            if therapist.on_duty and self._since[who] < now:
                last = Stint(therapist.role, therapist.state, self._since[who], now)
                self._walked.stints.append(last)
