"""The wipe: at its hour, by button or by command, with a proof in the journal (rule 31).

Never keeps what it forgets, nor says whose it was: a proof is counts. Each step may be done again,
so a wipe that a crash or a full disk cut short goes on with the next tick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from tentqueue.domain.commands import ProveWipe, WipeRecords
from tentqueue.domain.keeping import is_over, wipe_due_at
from tentqueue.domain.tent import Tent, WipeRecord
from tentqueue.services.anonymity import Blanks
from tentqueue.services.asker import CLOCK, Asker
from tentqueue.services.clock import Clock
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.services.race_day import RaceDay
from tentqueue.services.tents import Tents

log = structlog.get_logger(__name__)
LOOK_AGAIN_AFTER = timedelta(minutes=1)
STALE_STAFF_AFTER = timedelta(days=4)
"""A race weekend and the days around it: a session or badge older than this opens nothing."""


class Dropped(Protocol):
    """What became of the backups."""

    @property
    def files(self) -> int: ...
    @property
    def not_reached(self) -> tuple[str, ...]: ...


class Vault(Protocol):
    """What holds the rows, as storage offers it."""

    def people(self, event: str) -> dict[str, int]: ...
    def aliases(self, event: str) -> dict[str, str]: ...
    def wiping(self, event: str, staff_too: bool) -> Any: ...
    def blank(self, event: str, upto: int, blanks: Blanks) -> int: ...
    def not_blank(self, event: str, upto: int, blanks: Blanks) -> int: ...
    def drop_backups(self, event: str) -> Dropped: ...
    def backups(self, event: str) -> list[tuple[str, int]]: ...
    def consents(self, event: str) -> list[tuple[str, str, int, int]]: ...
    def empty_the_log(self) -> bool: ...
    def forget_stale(self, before: datetime) -> None: ...


class NotClean(Exception):
    """Something is in the way of the proof; the wipe goes on by itself with the next tick."""


@dataclass(frozen=True)
class Keeping:
    """How it stands with an event's records: when they go, the last wipe, where backups are."""

    due_at: datetime | None
    wipe: WipeRecord | None
    people: dict[str, int]
    backups: list[tuple[str, int]]
    consents: list[tuple[str, str, int, int]]
    """By wording and hand: how many agreed, how many took it back."""


class Privacy:
    """Wipes events, and looks every tick whether one is due."""

    def __init__(
        self, tents: Tents, vault: Vault, clock: Clock, forget: Callable[[str], None]
    ) -> None:
        self._tents, self._vault, self._clock, self._forget = tents, vault, clock, forget
        self._look_at: dict[str, datetime] = {}
        self._seen: dict[str, WipeRecord | None] = {}
        self._log_is_dirty = True
        self._stale_at: datetime | None = None

    def log_is_dirty(self) -> None:
        """Somebody was erased: what was written about them is in the write-ahead log still."""
        self._log_is_dirty = True

    def keeping(self, slug: str) -> Keeping:
        """Return how it stands with an event's records."""
        tent = self._tents.of(slug).tent
        due_at, vault = wipe_due_at(tent.event), self._vault
        people, backups = vault.people(slug), vault.backups(slug)
        return Keeping(due_at, tent.wipe, people, backups, vault.consents(slug))

    def wipe(self, slug: str, asker: Asker, why: str, staff_too: bool | None = None) -> WipeRecord:
        """Make an event's records anonymous now, and prove it. Tickets still in line keep their
        place and what their treatment needs; therapists' names go once the event is over, or when
        `staff_too` says so.

        Raises: NotClean when the proof has to wait; StorageBusy, StorageFull: try again.
        """
        day, now = self._tents.of(slug), self._clock.now()
        day.follow()
        goes = is_over(day.tent.event, now) if staff_too is None else staff_too
        found = self._vault.people(slug)
        day.handle(WipeRecords(why, goes), asker, side=(self._vault.wiping(slug, goes),))
        return self._finish(slug, day, found)

    def tick(self) -> None:
        """Wipe what is due, go on with what was cut short, take in what another process wiped."""
        now = self._clock.now()
        self._tidy(now)
        for slug in self._tents.slugs():
            try:
                self._look(slug, now)
            except NotClean as why:
                log.warning("wipe not proven yet", tent=slug, why=str(why))
            except (StorageBusy, StorageFull) as why:
                log.warning("wipe waits for the database", tent=slug, why=str(why))

    def take_in(self) -> None:
        """Of several workers those that do not lead: forget what another wiped."""
        for slug in self._tents.slugs():
            self._take_in_others(slug, self._tents.of(slug))

    def _tidy(self, now: datetime) -> None:
        if self._log_is_dirty and self._vault.empty_the_log():
            self._log_is_dirty = False
        if self._stale_at is None or now >= self._stale_at:
            self._vault.forget_stale(now - STALE_STAFF_AFTER)
            self._stale_at = now + timedelta(hours=1)

    def _look(self, slug: str, now: datetime) -> None:
        day = self._tents.of(slug)
        self._take_in_others(slug, day)
        if now < self._look_at.get(slug, now):
            return
        if day.tent.wipe is not None and day.tent.wipe.proven_at is None:
            self._finish(slug, day, {})
        elif self._is_due(slug, day.tent, now):
            self.wipe(slug, CLOCK, "hour")
        due_at = wipe_due_at(day.tent.event)
        again_at = now + LOOK_AGAIN_AFTER
        self._look_at[slug] = min(again_at, due_at) if due_at and due_at > now else again_at

    def _is_due(self, slug: str, tent: Tent, now: datetime) -> bool:
        due_at = wipe_due_at(tent.event)
        if due_at is None or now < due_at:
            return False
        before = tent.wipe is None or tent.wipe.wiped_at < due_at
        return before or any(self._vault.people(slug).values())

    def _finish(self, slug: str, day: RaceDay, found: dict[str, int]) -> WipeRecord:
        tent = day.tent
        assert tent.wipe is not None
        blanks, upto = self._blanks(slug, tent), tent.version
        entries = self._vault.blank(slug, upto, blanks)
        dropped = self._vault.drop_backups(slug)
        left = self._vault.not_blank(slug, upto, blanks) + sum(self._vault.people(slug).values())
        if left:
            raise NotClean(f"{left} rows came in meanwhile")
        if not self._vault.empty_the_log():
            self._log_is_dirty = True
            raise NotClean("somebody reads the write-ahead log")
        counts = {
            **found,
            "journal_entries": entries,
            "therapists": len(blanks.staff),
            "backups": dropped.files,
            "backups_not_reached": len(dropped.not_reached),
            "left": left,
        }
        day.handle(ProveWipe(counts), CLOCK)
        self._take_in(slug, day)
        assert day.tent.wipe is not None
        return day.tent.wipe

    def _blanks(self, slug: str, tent: Tent) -> Blanks:
        """Whom to forget: past its hour every ticket, before it those that are over."""
        assert tent.wipe is not None
        due_at = wipe_due_at(tent.event)
        past = due_at is not None and tent.wipe.wiped_at >= due_at
        over = frozenset(tent.closed) | (frozenset(tent.open) if past else frozenset())
        return Blanks(over, self._vault.aliases(slug) if tent.wipe.staff_too else {})

    def _take_in_others(self, slug: str, day: RaceDay) -> None:
        if self._seen.setdefault(slug, day.tent.wipe) != day.tent.wipe:
            self._take_in(slug, day)

    def _take_in(self, slug: str, day: RaceDay) -> None:
        """Forget in memory too: names, and the tent as it was before its journal became blank."""
        self._forget(slug)
        if day.refold():
            self._seen[slug] = day.tent.wipe
