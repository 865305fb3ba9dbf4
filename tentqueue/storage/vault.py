"""What the wipe works with: rows, backups and the log of one database, behind one door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tentqueue.services.anonymity import Blanks
from tentqueue.storage import Storage
from tentqueue.storage.backups import Dropped
from tentqueue.storage.entries import micros
from tentqueue.storage.wipe import WipePeople


class StorageVault:
    """A database as `services/privacy.py` wants it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.people: Callable[[str], dict[str, int]] = storage.wipes.people
        self.aliases: Callable[[str], dict[str, str]] = storage.wipes.aliases

    def wiping(self, event: str, staff_too: bool) -> WipePeople:
        """What forgets people, with a journal entry."""
        return WipePeople(event, staff_too)

    def blank(self, event: str, upto: int, blanks: Blanks) -> int:
        """Make entries anonymous; gives how many had something to forget."""
        return self._storage.wipes.blank(event, upto, blanks)

    def not_blank(self, event: str, upto: int, blanks: Blanks) -> int:
        """How many entries still have something to forget."""
        return self._storage.wipes.not_blank(event, upto, blanks)

    def backups(self, event: str) -> list[tuple[str, int]]:
        """Where backups are, and when the last was made."""
        return self._storage.backups.of_event(event)

    def drop_backups(self, event: str) -> Dropped:
        """Delete the backups that can be reached."""
        return self._storage.backups.drop(event)

    def consents(self, event: str) -> list[tuple[str, str, int, int]]:
        """How many agreed to which wording, by hand, and took it back."""
        return self._storage.consents.summary(event)

    def empty_the_log(self) -> bool:
        """Cut the write-ahead log to nothing; False when a reader is in the way."""
        return self._storage.empty_the_log()

    def forget_stale(self, before: datetime) -> None:
        """Drop sessions and badges that open nothing any more."""
        self._storage.staff.forget_stale(micros(before))
