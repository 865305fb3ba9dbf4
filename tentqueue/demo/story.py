"""Who comes to the practice day's tent, when, and what each of them is like.

Real finish times, invented people: drawn once from a seed, so that the day is the same each time.
Nothing here acts; `crowd.py` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from tentqueue.domain.model import Area
from tentqueue.domain.race_event import RaceEvent
from tentqueue.practice import Finish

SAMPLE = 20
"""One of so many finishers runs in the practice day; the feed tells of each of these."""
WANT_RECOVERY = 0.13
WANT_WARMUP = 0.075
SEED = 12

ANNOUNCEMENTS = (
    (time(7, 20), "Good morning. Warm-ups first: bring your bib."),
    (time(8, 35), "Wave A is on its way. Warm-ups for waves B and C go on."),
    (time(11, 15), "Well run. Walk, drink, put on dry clothes, then join for recovery."),
    (time(14, 30), "Please come when your code shows: the table is ready for you."),
    (time(17, 30), "Last call soon. The next day has free times as well."),
    (time(18, 30), "The tent is closing. Thank you, and get home well."),
)
"""What the organiser writes on the board, and when by the race's clock."""

_FIRST = (
    "Aisha Alma Bo Carlos Cleo Dana Emil Esi Femi Fiona Goran Hana Ivo Jun Kemi Lars Lina "
    "Mateo Mia Nils Noor Olu Petra Priya Rosa Sam Sofia Tariq Uma Vera Wen Yara Zoe"
)
_LAST = "A B C D F G H K L M N O P R S T V W Z"


class Manner(StrEnum):
    """What a runner does when called."""

    COMES = "comes"
    NEVER_COMES = "never comes"
    COMES_LATE = "comes late"
    ASKS_FOR_TIME = "asks for time"


@dataclass(frozen=True)
class Guest:
    """One runner of the practice day. Instants that are None don't happen."""

    bib: str
    name: str
    wave: str
    finished_at: datetime
    warmup_at: datetime | None = None
    """When they ask for a warm-up."""
    recovery_at: datetime | None = None
    """When they ask for recovery; before the finish: the ticket is held for the feed."""
    nextday_at: datetime | None = None
    """When they book for the next day."""
    phone: bool = True
    at_tent: bool = False
    manner: Manner = Manner.COMES
    walks_for: timedelta = timedelta(seconds=75)
    patience: timedelta = timedelta(hours=3)
    """Leaves the line after this long."""
    screening: str = "ok"
    areas: tuple[str, ...] = ()
    wheelchair: bool = False
    unwell: bool = False
    """The therapist will refer them."""


def guests_of(event: RaceEvent, finishes: list[Finish], seed: int = SEED) -> list[Guest]:
    """Draw the practice day's runners from real finishes: every `SAMPLE`th, in order."""
    random = Random(seed)
    return [
        _guest(random, event, finish, number)
        for number, finish in enumerate(finishes[::SAMPLE], 1001)
    ]


def _guest(random: Random, event: RaceEvent, finish: Finish, number: int) -> Guest:
    wave = event.waves[finish.wave - 1]
    finished_at = wave.starts_at + timedelta(seconds=finish.after_s)
    guest = Guest(str(number), _name(random), wave.id, finished_at, **_nature(random))
    return Guest(**vars(guest) | _wishes(random, guest, wave.starts_at))


def _name(random: Random) -> str:
    return f"{random.choice(_FIRST.split())} {random.choice(_LAST.split())}."


def _nature(random: Random) -> dict[str, Any]:
    phone = random.random() < 0.75
    drawn = random.random()
    manner = (
        Manner.NEVER_COMES
        if drawn < 0.05
        else Manner.COMES_LATE
        if drawn < 0.09
        else Manner.ASKS_FOR_TIME
        if drawn < 0.13 and phone
        else Manner.COMES
    )
    walk = min(165.0, random.lognormvariate(4.25, 0.35))
    leaves = random.random() < 0.06
    return {
        "phone": phone,
        "at_tent": random.random() < 0.4,
        "manner": manner,
        "walks_for": timedelta(seconds=walk),
        "patience": timedelta(minutes=random.uniform(12, 30)) if leaves else timedelta(hours=3),
        "screening": random.choices(("ok", "ask", "refer"), (89, 10, 1))[0] if phone else "unasked",
        "areas": tuple(str(a) for a in random.sample(list(Area), random.randint(1, 2))),
        "wheelchair": not phone and random.random() < 0.06,
        "unwell": random.random() < 0.015,
    }


def _wishes(random: Random, guest: Guest, starts_at: datetime) -> dict[str, Any]:
    """Warm-ups are asked for from 110 to 20 minutes before the start, recovery after a while."""
    wishes: dict[str, Any] = {}
    if random.random() < WANT_WARMUP:
        wishes["warmup_at"] = starts_at - timedelta(minutes=random.triangular(20, 110, 60))
    if random.random() < WANT_RECOVERY:
        early = random.random() < 0.12
        after = timedelta(minutes=min(45.0, random.lognormvariate(2.2, 0.6)))
        before_start = starts_at - timedelta(minutes=random.uniform(10, 90))
        wishes["recovery_at"] = before_start if early else guest.finished_at + after
        if random.random() < 0.05:
            wishes["nextday_at"] = guest.finished_at + timedelta(minutes=70)
    return wishes
