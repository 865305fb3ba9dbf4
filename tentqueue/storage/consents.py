"""Who agreed, when, by whose hand and to which words: by ticket, never with an answer or a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.storage.connection import Reader
from tentqueue.storage.insertion import Insertion
from tentqueue.storage.schema import consents
from tentqueue.storage.statement import Statement, Value

_columns = ["event", "ticket_id", "wording", "given_at", "given_by"]
_put = Statement(insert(consents).on_conflict_do_nothing(), columns=_columns)
_summary = Statement(
    select(
        consents.c.wording,
        consents.c.given_by,
        func.count(),
        func.count(consents.c.withdrawn_at),
    )
    .where(consents.c.event == bindparam("of_event"))
    .group_by(consents.c.wording, consents.c.given_by)
    .order_by(consents.c.wording, consents.c.given_by)
)
_one = Statement(
    select(consents.c.wording, consents.c.given_at, consents.c.given_by, consents.c.withdrawn_at)
    .where(consents.c.event == bindparam("of_event"))
    .where(consents.c.ticket_id == bindparam("of_ticket"))
)


@dataclass(frozen=True, slots=True)
class PutConsent(Insertion):
    """Keeps one consent with the join's journal entry. `given_by` is the hand that pressed."""

    event: str
    ticket_id: str
    wording: str
    given_at: int
    given_by: str
    into = _put

    @property
    def row(self) -> dict[str, Value]:
        """The row's values by column."""
        return {name: getattr(self, name) for name in _columns}


@dataclass(frozen=True, slots=True)
class ConsentOf:
    """One ticket's consent; instants are microseconds UTC."""

    wording: str
    given_at: int
    given_by: str
    withdrawn_at: int | None


class Consents:
    """Looks consents up."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def of_ticket(self, event: str, ticket_id: str) -> ConsentOf | None:
        """The consent a ticket was taken with."""
        row = self._reader.first(_one, of_event=event, of_ticket=ticket_id)
        return ConsentOf(*row) if row else None

    def summary(self, event: str) -> list[tuple[str, str, int, int]]:
        """By wording and hand: how many agreed, and how many of them took it back."""
        rows = self._reader.rows(_summary, of_event=event)
        return [(str(w), str(by), int(n), int(back)) for w, by, n, back in rows]
