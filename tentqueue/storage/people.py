"""Who is behind a ticket: the side table that can be wiped without touching the journal."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.storage.connection import Reader
from tentqueue.storage.insertion import Insertion
from tentqueue.storage.schema import people as people_table
from tentqueue.storage.statement import Statement, Value
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

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
_by_bib = Statement(
    select(*people_table.c)
    .where(_of_event)
    .where(people_table.c.bib_tag == bindparam("with_tag"))
    .order_by(people_table.c.ticket_id)
)
_all = Statement(select(*people_table.c).where(_of_event).order_by(people_table.c.ticket_id))
_erase = Statement(delete(people_table).where(_of_event).where(_of_ticket))
_purge = Statement(delete(people_table).where(_of_event))


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the runner who holds a ticket; every field but the ticket may be missing.

    `bib_tag` is the HMAC of the bib, for looking up; `screening` the outcome only, never answers;
    `key_sha256` the digest of the ticket's key; `word_hash` of the word only the runner knows;
    `device` a random mark of the phone.
    """

    event: str
    ticket_id: str
    bib: str | None = None
    bib_tag: bytes | None = None
    name: str | None = None
    screening: str | None = None
    key_sha256: bytes | None = None
    word_hash: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class PutPerson(Insertion):
    """Keeps a person, or replaces what was known, together with a journal row."""

    person: Person
    into = _put

    @property
    def row(self) -> dict[str, Value]:
        """The row's values by column."""
        return {name: getattr(self.person, name) for name in _columns}


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Forgets a person together with a journal row."""

    event: str
    ticket_id: str

    def write(self, transaction: Transaction) -> None:
        """Makes the change inside the row's transaction."""
        transaction.run(_erase, of_event=self.event, of_ticket=self.ticket_id)


class People:
    """Looks people up, and forgets them."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def put(self, person: Person) -> None:
        """Keeps a person outside any journal row, for an import."""
        self._writer.submit(PutPerson(person).write).wait()

    def get(self, event: str, ticket_id: str) -> Person | None:
        """Who holds a ticket; None when nobody does any more."""
        row = self._reader.first(_get, of_event=event, of_ticket=ticket_id)
        return Person(*row) if row else None

    def find_by_bib_tag(self, event: str, bib_tag: bytes) -> list[Person]:
        """Everyone in the event whose bib has this tag; a bib may have had several tickets."""
        rows = self._reader.rows(_by_bib, of_event=event, with_tag=bib_tag)
        return [Person(*row) for row in rows]

    def of_event(self, event: str) -> list[Person]:
        """Everyone in the event, by ticket."""
        return [Person(*row) for row in self._reader.rows(_all, of_event=event)]

    def erase(self, event: str, ticket_id: str) -> bool:
        """Forgets one person, in the write-ahead log too; False if a reader held the log."""
        self._writer.submit(ErasePerson(event, ticket_id).write).wait()
        return self._writer.empty_the_log()

    def purge(self, event: str) -> bool:
        """Forgets everyone in the event, in the write-ahead log too; False as for `erase`."""

        def purge(transaction: Transaction) -> None:
            transaction.run(_purge, of_event=event)

        self._writer.submit(purge).wait()
        return self._writer.empty_the_log()
