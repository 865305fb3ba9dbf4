"""The cast and the scenes that tests share: a small race on a spring morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tentqueue.domain import Command, Event, Tent, decide, fold
from tentqueue.domain import commands as do
from tentqueue.domain.model import Gender, LaneName, Ticket
from tentqueue.domain.race_event import LanePlan, RaceEvent, Wave
from tentqueue.domain.rules import LANE_DEFAULTS, TentRules
from tentqueue.domain.tent import Entry
from tentqueue.domain.therapist import Role, Therapist

NINE = datetime(2027, 4, 25, 9, 0, tzinfo=UTC)
"""Doors of the warm-up lane are open; the first wave starts at half past ten."""
WAVE_A = NINE + timedelta(minutes=90)
WAVE_B = NINE + timedelta(minutes=120)
NOON = NINE + timedelta(hours=3)
"""The race is under way and the recovery lane is open."""
BOTH = (LaneName.WARMUP, LaneName.RECOVERY)


def mins(count: float) -> timedelta:
    """A duration in minutes."""
    return timedelta(minutes=count)


ANA = Therapist("ana", "Ana", Role.LICENSED, BOTH, 1, gender=Gender.WOMAN)
BEN = Therapist("ben", "Ben", Role.LICENSED, BOTH, 2, gender=Gender.MAN)
CHIDI = Therapist("chidi", "Chidi", Role.STUDENT, BOTH, 3)
DORA = Therapist("dora", "Dora", Role.LICENSED, (LaneName.RECOVERY, LaneName.NEXTDAY), 4)


def race(
    *therapists: Therapist, rules: TentRules | None = None, waves: tuple[Wave, ...] | None = None
) -> RaceEvent:
    """Riverside Half: two waves, three lanes, the cast or those given."""
    opens = {
        LaneName.WARMUP: (NINE - mins(60), NINE + mins(120)),
        LaneName.RECOVERY: (NINE + mins(150), NINE + mins(480)),
        LaneName.NEXTDAY: (NINE + mins(24 * 60), NINE + mins(34 * 60)),
    }
    return RaceEvent(
        "riverside-half",
        "Riverside Half",
        "Europe/London",
        "2027-04-25",
        4,
        waves or (Wave("Half/A", "Half", "A", WAVE_A), Wave("Half/B", "Half", "B", WAVE_B)),
        {name: LanePlan(*hours, LANE_DEFAULTS[name]) for name, hours in opens.items()},
        therapists or (ANA, BEN, CHIDI, DORA),
        rules or TentRules(),
    )


class Scene:
    """A tent being told what happens; remembers every entry, so that any test can replay it."""

    def __init__(self, event: RaceEvent | None = None, at: datetime = NINE) -> None:
        self.now = at
        self.entries: list[Entry] = []
        self.tent = Tent.unopened("riverside-half")
        self.ask(do.DefineEvent(event or race()), actor="system")

    def ask(self, command: Command, actor: str = "desk:Eve") -> tuple[Event, ...]:
        """Ask; raises the refusal, or folds and returns what happened."""
        events = decide(self.tent, command, self.now)
        if events:
            entry = Entry(self.tent.version + 1, max(self.now, self.tent.now), actor, events)
            self.entries.append(entry)
            self.tent = fold(self.tent, entry)
        return events

    def after(self, minutes: float) -> tuple[Event, ...]:
        """Let time pass, then tick."""
        self.now += mins(minutes)
        return self.ask(do.Tick(), actor="system")

    def at(self, when: datetime) -> tuple[Event, ...]:
        """Let it be `when`, then tick."""
        self.now = when
        return self.ask(do.Tick(), actor="system")

    def available(self, *therapists: Therapist) -> None:
        """Put therapists on duty."""
        for therapist in therapists:
            self.ask(do.BeAvailable(therapist.id))

    def warmup(self, name: str, wave: str = "Half/A", **more: object) -> Ticket:
        """A runner called `name` joins for a warm-up."""
        self.ask(do.JoinLane(name, LaneName.WARMUP, True, wave=wave, **more))  # type: ignore[arg-type]
        return self.tent.ticket(name)

    def recovery(self, name: str, finished: float | None = 30, **more: object) -> Ticket:
        """A runner called `name` joins for recovery, `finished` minutes after the finish."""
        at = None if finished is None else self.now - mins(finished)
        self.ask(do.JoinLane(name, LaneName.RECOVERY, True, finished_at=at, **more))  # type: ignore[arg-type]
        return self.tent.ticket(name)

    def ticket(self, name: str) -> Ticket:
        """The ticket of a runner as it is now."""
        return self.tent.ticket(name)


def kinds(events: Iterable[Event]) -> list[str]:
    """The names of what happened, in order."""
    return [type(event).__name__ for event in events]
