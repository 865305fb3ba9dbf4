"""Who works in the tent: a therapist, their shifts and breaks. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tentqueue.domain.model import Gender, Instant, LaneName
from tentqueue.domain.value import Value

NIGHT = timedelta(hours=8)
"""Who was off duty for this long begins another day."""


class TherapistState(StrEnum):
    """What a therapist is doing."""

    OFF = "off"
    AVAILABLE = "available"
    CALLED = "called"
    IN_TREATMENT = "in_treatment"
    CHANGEOVER = "changeover"
    BREAK = "break"


class Role(StrEnum):
    """A student works only beside a licensed therapist on duty (rule 10)."""

    LICENSED = "licensed"
    STUDENT = "student"


@dataclass(frozen=True)
class Shift(Value):
    """One stretch of a therapist's duty."""

    starts_at: Instant
    ends_at: Instant


@dataclass(frozen=True)
class PlannedBreak(Value):
    """A planned break: may begin from `earliest_at`, must by `latest_at`."""

    earliest_at: Instant
    latest_at: Instant
    minutes: float


@dataclass(frozen=True)
class Therapist(Value):
    """A therapist and the table they work at."""

    id: str
    name: str
    role: Role
    lanes: tuple[LaneName, ...]
    table: int
    shifts: tuple[Shift, ...] = ()
    breaks: tuple[PlannedBreak, ...] = ()
    """Planned breaks still to come."""
    languages: tuple[str, ...] = ()
    gender: Gender | None = None
    state: TherapistState = TherapistState.OFF
    since: Instant | None = None
    until: Instant | None = None
    """When the present state is planned to end: treatment, changeover, break."""
    ticket: str | None = None
    """Code of the runner being treated or walking to this idle table."""
    next: str | None = None
    """Code of the runner called ahead while this table is still busy."""
    on_duty_at: Instant | None = None
    break_due: bool = False
    """A break is wanted as soon as the present treatment and changeover end."""
    leaving: bool = False
    """Goes home as soon as the present treatment ends."""
    worked_since_at: Instant | None = None
    """Start of duty or end of the last break."""
    treatments_since_break: int = 0
    treated: int = 0
    hands_on_for: timedelta = timedelta()

    @property
    def on_duty(self) -> bool:
        """Whether the therapist is in the tent, working or on a break."""
        return self.state is not TherapistState.OFF

    def begins_a_day(self, at: Instant) -> bool:
        """Whether a night lies between the last duty and one that begins at `at` (rule 11)."""
        return not self.on_duty and self.since is not None and at - self.since >= NIGHT
