"""Who is behind a ticket: the people table, which can be wiped without touching the journal."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.storage.connection import Reader
from tentqueue.storage.insertion import Insertion
from tentqueue.storage.schema import people as people_table
from tentqueue.storage.statement import Statement, Value

_columns = [column.name for column in people_table.c]
_insert = insert(people_table)
_put = Statement(
    _insert.on_conflict_do_update(
        index_elements=["event", "ticket_id"],
        set_={name: _insert.excluded[name] for name in _columns[2:]},
    ),
    columns=_columns,
)
_of_event = people_table.c.event == bindparam("of_event")
_of_ticket = people_table.c.ticket_id == bindparam("of_ticket")
_get = Statement(select(*people_table.c).where(_of_event).where(_of_ticket))
_all = Statement(select(*people_table.c).where(_of_event).order_by(people_table.c.ticket_id))


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the runner who holds a ticket; every field but the ticket may be missing.

    `bib_tag` is the HMAC of the bib, `word_hash` of the word only the runner knows.
    """

    event: str
    ticket_id: str
    bib: str | None = None
    bib_tag: bytes | None = None
    name: str | None = None
    word_hash: str | None = None


@dataclass(frozen=True, slots=True)
class PutPerson(Insertion):
    """Keeps a person, or replaces what was known, together with a journal row."""

    person: Person
    into = _put

    @property
    def row(self) -> dict[str, Value]:
        """The row's values by column."""
        return {name: getattr(self.person, name) for name in _columns}


class People:
    """Looks people up. They are kept and forgotten together with a journal row only."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def get(self, event: str, ticket_id: str) -> Person | None:
        """Who holds a ticket; None when nobody does any more."""
        row = self._reader.first(_get, of_event=event, of_ticket=ticket_id)
        return Person(*row) if row else None

    def of_event(self, event: str) -> list[Person]:
        """Everyone in the event, by ticket."""
        return [Person(*row) for row in self._reader.rows(_all, of_event=event)]
