"""A row of the journal, and what is kept or lost with it. It writes nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tentqueue.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Record:
    """One journal row: everything one command did.

    `at` is in microseconds UTC; `events` is a JSON array; `digest` is of the request's body, so
    that another body under the same `key` can be told; `answer` is what was sent.
    """

    number: int
    at: int
    events: bytes
    actor: str
    key: str | None = None
    digest: bytes | None = None
    answer: bytes | None = None


class SideWrite(Protocol):
    """A change of the people table that belongs to one journal row, kept or lost with it."""

    def write(self, transaction: Transaction) -> None:
        """Makes the change inside the row's transaction."""
