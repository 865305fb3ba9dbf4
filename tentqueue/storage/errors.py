"""What can go wrong at the door of the database, in words a caller can act on."""

from __future__ import annotations

from enum import Enum
from sqlite3 import SQLITE_CONSTRAINT_FOREIGNKEY

from tentqueue.services.ledger import StorageBusy, StorageFull

FOREIGN_KEY_VIOLATION = "23503"
"""In PostgreSQL's words (SQLSTATE)."""

BEING_MOVED = "the event is being moved to another database; wait until that is done"
SOMEBODY_WRITES = "a server or another command uses this database; stop it, then move"


class StorageError(Exception):
    """Something the database could not do; the message is one line for people."""


class UnsupportedDatabase(StorageError):
    """The database URL names a kind of database, or a form of one, that is not supported."""


class DatabaseTooNew(StorageError):
    """The file was last written by a newer tentqueue than this one."""


class EventExists(StorageError):
    """An event with this slug is there already."""


class UnknownEvent(StorageError):
    """No event has this slug."""


class RowRefused(StorageError):
    """A row does not fit: its key is taken, or what it refers to is not there."""

    def __init__(self, refusal: Exception) -> None:
        super().__init__(str(refusal))
        code = getattr(refusal, "sqlite_errorcode", None) or getattr(refusal, "sqlstate", None)
        self.refers_to_nothing = code in (SQLITE_CONSTRAINT_FOREIGNKEY, FOREIGN_KEY_VIOLATION)


class JournalError(StorageError):
    """A journal entry was not written; nothing of it was kept."""


class Clash(Enum):
    """Why a journal entry did not fit where it was to go."""

    NUMBER_TAKEN = "another writer took this number first"
    GAP = "an entry before this one is missing"
    KEY_TAKEN = "another entry has this idempotency key"
    BEHIND_FAILURE = "an entry before this one was refused; read the tail and reopen the line"


class JournalConflict(JournalError):
    """The entry does not follow the last one; read the tail, decide again, and submit again."""

    def __init__(self, clash: Clash, event: str, number: int) -> None:
        super().__init__(f"entry {number} of {event!r} refused: {clash.value}")
        self.clash = clash
        self.event = event
        self.number = number


class JournalFull(JournalError, StorageFull):
    """The disk, or the file's own limit, is full; reading still works."""


class JournalUnavailable(JournalError, StorageBusy):
    """The database is locked, gone or its disk failed; worth trying again in a second."""
