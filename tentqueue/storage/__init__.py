"""The only place with SQL: the journal, the people behind tickets, the staff, and the secret.

Open it once a process, after any fork: `Storage.open(url)`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from tentqueue.services.accounts import Badge, Member, Session, Token
from tentqueue.storage.alarms import AlarmTable
from tentqueue.storage.backups import Backups
from tentqueue.storage.connection import Reader
from tentqueue.storage.consents import Consents, PutConsent
from tentqueue.storage.counts import Counts
from tentqueue.storage.database import Database, database_at
from tentqueue.storage.erasure import EraseRunner
from tentqueue.storage.errors import (
    Clash,
    DatabaseTooNew,
    EventExists,
    JournalConflict,
    JournalError,
    JournalFull,
    JournalUnavailable,
    StorageError,
    UnknownEvent,
    UnsupportedDatabase,
)
from tentqueue.storage.event_files import StoredEvent
from tentqueue.storage.journal import Journal
from tentqueue.storage.keys import Keys, load_keys
from tentqueue.storage.pending import Pending
from tentqueue.storage.people import People, Person, PutPerson
from tentqueue.storage.record import Record, SideWrite
from tentqueue.storage.restore import Replacement
from tentqueue.storage.roster import FeedAnswers, Roster
from tentqueue.storage.sqlite import SqliteDatabase
from tentqueue.storage.staff import Staff
from tentqueue.storage.webhooks import HookRows
from tentqueue.storage.wipe import Wipes
from tentqueue.storage.writer import Writer

if TYPE_CHECKING:
    from tentqueue.storage.follower import Follower

LISTS_VARIABLE = "TENTQUEUE_LISTS"


@dataclass(frozen=True, slots=True)
class Storage:
    """One open database."""

    database: Database
    path: Path
    keys: Keys
    journal: Journal
    people: People
    staff: Staff
    backups: Backups
    consents: Consents
    hooks: HookRows
    wipes: Wipes
    alarms: AlarmTable
    roster: Roster
    feed_answers: FeedAnswers
    counts: Counts
    _writer: Writer
    _reader: Reader

    @classmethod
    def open(cls, url: str) -> Storage:
        """Makes or migrates the file that the URL names, and starts its writer.

        Raises: UnsupportedDatabase, DatabaseTooNew, StorageError.
        """
        database = database_at(url)
        database.migrate()
        writer, reader = Writer(database), database.reader()
        keys = load_keys(database.path)
        return cls(
            database=database,
            path=database.path,
            keys=keys,
            journal=Journal(writer, reader),
            people=People(reader),
            staff=Staff(writer, reader),
            backups=Backups(writer, reader),
            consents=Consents(reader),
            hooks=HookRows(writer, reader),
            wipes=Wipes(writer, reader),
            alarms=AlarmTable(writer, reader),
            roster=Roster(writer, reader, keys.erased_mark),
            feed_answers=FeedAnswers(writer, reader),
            counts=Counts(writer, reader, keys.derive("counts")),
            _writer=writer,
            _reader=reader,
        )

    @property
    def has_several_workers(self) -> bool:
        """Whether other workers may serve the same events."""
        return not isinstance(self.database, SqliteDatabase)

    @property
    def lists_folder(self) -> Path:
        """Where uploaded lists lie: beside the file, or where `TENTQUEUE_LISTS` says; the secret of
        PostgreSQL's workers may lie where nothing can be written."""
        if given := os.environ.get(LISTS_VARIABLE):
            return Path(given)
        if self.has_several_workers:
            return Path(platformdirs.user_cache_dir("tentqueue")) / f"{self.path.name}.lists"
        return self.path.with_name(f"{self.path.name}.lists")

    def follow(self, heard: Callable[[str, int], None]) -> Follower | None:
        """Listen to what other workers write; None where nobody tells, and each tick looks."""
        if isinstance(self.database, SqliteDatabase):
            return None
        from tentqueue.storage.follower import Follower
        from tentqueue.storage.postgres import PostgresDatabase

        assert isinstance(self.database, PostgresDatabase)
        return Follower(self.database, heard)

    def empty_the_log(self) -> bool:
        """Cuts the write-ahead log to nothing, so that deleted bytes are gone from it too; False
        when a reader is in the way."""
        return self._writer.empty_the_log()

    def replace(self, replacement: Replacement) -> None:
        """Puts a backup's rows in the place of an event's, all at once, durably.

        Raises: JournalFull, JournalUnavailable.
        """
        self._writer.submit(replacement.write).wait()

    def close(self) -> None:
        """Commits what is queued and lets go of the file."""
        self._reader.close()
        self._writer.close()


__all__ = [
    "Badge",
    "Clash",
    "DatabaseTooNew",
    "EraseRunner",
    "EventExists",
    "Journal",
    "JournalConflict",
    "JournalError",
    "JournalFull",
    "JournalUnavailable",
    "Keys",
    "Member",
    "Pending",
    "People",
    "Person",
    "PutConsent",
    "PutPerson",
    "Record",
    "Session",
    "SideWrite",
    "Staff",
    "Storage",
    "StorageError",
    "StoredEvent",
    "Token",
    "UnknownEvent",
    "UnsupportedDatabase",
]
