"""The event as its file describes it: waves, lanes, therapists, rules. Never any progress."""

from __future__ import annotations

from dataclasses import dataclass, field

from tentqueue.domain.model import Instant, LaneName
from tentqueue.domain.rules import LaneRules, TentRules
from tentqueue.domain.therapist import Therapist


@dataclass(frozen=True)
class Wave:
    """A start time; `id` is unique in the event, as `Half/A`."""

    id: str
    contest: str
    name: str
    starts_at: Instant
    distance_km: float | None = None
    """For people; nothing of the tent depends on it."""


@dataclass(frozen=True)
class LanePlan:
    """When a lane is planned to be open, and its rules."""

    opens_at: Instant
    closes_at: Instant
    rules: LaneRules


@dataclass(frozen=True)
class Expected:
    """How many runners are expected to be ready, by equal bins from `starts_at`."""

    starts_at: Instant
    bin_minutes: int
    ready: dict[LaneName, tuple[float, ...]]


@dataclass(frozen=True)
class RaceEvent:
    """A race weekend: everything known before the tent opens."""

    slug: str
    name: str
    timezone: str
    date: str
    tables: int
    waves: tuple[Wave, ...]
    lanes: dict[LaneName, LanePlan]
    therapists: tuple[Therapist, ...] = ()
    rules: TentRules = field(default_factory=TentRules)
    expected: Expected | None = None
    languages: tuple[str, ...] = ()
    """What the board says, first to last; empty for what its browser asks for."""

    confirmed_by: str = ""
    """The medical lead who confirmed the rules marked medical as they stand here; "" nobody yet."""

    def wave(self, wanted: str) -> Wave | None:
        """Find a wave by id (`Half/A`), or by its name or contest where only one has it."""
        exact = [w for w in self.waves if w.id == wanted]
        loose = [
            w for w in self.waves if wanted.casefold() in (w.name.casefold(), w.contest.casefold())
        ]
        return exact[0] if exact else loose[0] if len(loose) == 1 else None
