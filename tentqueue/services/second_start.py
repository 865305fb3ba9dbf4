"""A start on a second machine from a backup: how much room to leave for what was lost.

Pure sums over the journal; never reads a file or the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tentqueue.domain.events import RunnerJoined
from tentqueue.domain.keeping import LARGEST_CODE
from tentqueue.domain.model import LaneName
from tentqueue.domain.tent import Entry, Tent

LONGEST_LOSS = timedelta(minutes=10)
"""More than this is not assumed to be lost: the machine died, it did not go on for hours."""
FEWEST_CODES = 50
FEWEST_ENTRIES = 200
MOST_ENTRIES = 5_000


@dataclass(frozen=True)
class Pace:
    """The busiest minute so far."""

    joins: int = 0
    entries: int = 0


def pace_of(entries: Iterable[Entry]) -> Pace:
    """Find the busiest minute of a journal."""
    joins, lines = Counter[int](), Counter[int]()
    for entry in entries:
        minute = int(entry.at.timestamp()) // 60
        lines[minute] += 1
        joins[minute] += sum(isinstance(event, RunnerJoined) for event in entry.events)
    return Pace(max(joins.values(), default=0), max(lines.values(), default=0))


def lost_minutes(made_at: datetime, now: datetime) -> float:
    """How many minutes after the backup the first machine may have gone on; one at least."""
    return min(max(now - made_at, timedelta(minutes=1)), LONGEST_LOSS) / timedelta(minutes=1)


def codes_go_on_behind(
    tent: Tent, pace: Pace, lost: float, seen: dict[LaneName, int] | None = None
) -> dict[LaneName, int]:
    """Where each lane's codes go on: a round hundred, behind twice what the busiest minutes gave
    out and behind every code `seen` elsewhere (invariant 6)."""
    room = max(FEWEST_CODES, int(2 * pace.joins * lost))
    last = {name: max(lane.issued, (seen or {}).get(name, 0)) for name, lane in tent.lanes.items()}
    return {name: min((n + room + 99) // 100 * 100, LARGEST_CODE) for name, n in last.items()}


def numbers_lost(pace: Pace, lost: float) -> int:
    """How many entry numbers to pass over: screens must never see a version again with another
    content, and drop what is older than what they have."""
    return min(max(FEWEST_ENTRIES, int(2 * pace.entries * lost)), MOST_ENTRIES)
