"""What a race day needs of its journal, and how the journal says no. Implemented by storage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tentqueue.domain.tent import Entry
from tentqueue.services.rounds import Baton


@dataclass(frozen=True)
class Line:
    """A journal entry with its idempotency key, the digest of its request, and the answer given."""

    entry: Entry
    key: str | None = None
    digest: bytes | None = None
    answer: bytes | None = None


class LineTaken(Exception):
    """Somebody else wrote this number, or one before it failed: read the tail and decide again."""


class StorageFull(Exception):
    """The disk is full: nothing was changed; reading goes on."""


class StorageBusy(Exception):
    """The database is locked or gone for the moment: nothing was changed; try again."""


class Waiting(Protocol):
    """A line on its way to the disk."""

    def wait(self) -> None:
        """Return once it is durable. Raises: LineTaken, StorageFull, StorageBusy."""


class Ledger(Protocol):
    """One event's journal."""

    def append(self, line: Line, side: Sequence[Any] = ()) -> Waiting:
        """Queue a line and the writes of the people table that belong to it, in one transaction."""

    def tail(self, since: int) -> Iterator[Line]:
        """Read the durable lines after number `since`, in order."""

    def answered(self, key: str) -> Line | None:
        """Find the line an idempotency key was used for."""

    def baton(self) -> Baton | None:
        """Return what lets one worker write at a time; None where there is only one."""

    def reopen(self) -> None:
        """Let lines pass again after a failure, once the tail has been read."""
