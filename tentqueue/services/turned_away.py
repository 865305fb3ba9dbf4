"""Who was refused a place, as counts until the clock writes them down. Knows nobody.

A refused command changes nothing: not the tent, not the journal. Its number reaches the journal a
minute later as the clock's own entry, so that a crowd at a full lane costs one entry a minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from tentqueue.domain.commands import Command, JoinLane, NoteTurnedAway
from tentqueue.domain.errors import LaneClosed, LaneFull, Refusal, WaveTooClose
from tentqueue.domain.model import LaneName

NO_ROOM = frozenset({LaneFull.code, LaneClosed.code, WaveTooClose.code})
"""Refusals that turn a runner away; a misspelt wave or a second join does not."""
EVERY = timedelta(minutes=1)
MOST_KNOWN = 20_000


class TurnedAway:
    """Counts refusals, each runner once for a lane and a reason where they can be told."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[LaneName, str]] = Counter()
        self._seen: set[tuple[str, LaneName, str]] = set()
        self._noted_at: datetime | None = None

    def count(self, command: Command, refusal: Refusal, key: str | None) -> None:
        """Count a refused join; `key` is its idempotency key, for runners without a bib."""
        if not isinstance(command, JoinLane) or refusal.code not in NO_ROOM:
            return
        who = command.bib_tag or key
        seen = (who or "", command.lane, refusal.code)
        if who and seen in self._seen:
            return
        if len(self._seen) < MOST_KNOWN:
            self._seen.add(seen)
        self._counts[command.lane, refusal.code] += 1

    def due(self, now: datetime) -> Iterator[NoteTurnedAway]:
        """Once a minute, what to write down; a count is dropped when the next is asked for."""
        if self._noted_at is not None and timedelta() <= now - self._noted_at < EVERY:
            return
        self._noted_at = now
        for (lane, reason), count in list(self._counts.items()):
            yield NoteTurnedAway(lane, reason, count)
            # Only now: a disk that was full raised at the yield, and the count stays.
            self._counts[lane, reason] -= count
        self._counts = +self._counts
