"""Makes an event's rows anonymous (rule 31); one runner's, at their word, are for `erasure`.

The rows of people go in the transaction of the journal entry that says so; the journal's own rows
are made blank after it, a few hundred at a time, so that no runner waits long for the writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import LargeBinary, bindparam, delete, func, or_, select, update

from tentqueue.domain.events import Event
from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.anonymity import Blanks, blank, blank_actor, staff_aliases, without_staff
from tentqueue.storage.connection import Reader
from tentqueue.storage.entries import decode_events, encode_events
from tentqueue.storage.holdings import wiped_tables
from tentqueue.storage.schema import badges, events, journal, sessions, staff, tokens
from tentqueue.storage.statement import Holds, Row, Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

ORGANISER = "organiser"
_PAGE = 200

_of_event = journal.c.event == bindparam("of_event")
_row = (journal.c.number, journal.c.events, journal.c.actor)
_unanswered = or_(
    journal.c.key.is_not(None), journal.c.digest.is_not(None), journal.c.answer.is_not(None)
)
_page = Statement(
    select(*_row, _unanswered)
    .where(_of_event)
    .where(journal.c.number > bindparam("since"))
    .where(journal.c.number <= bindparam("upto"))
    .order_by(journal.c.number)
    .limit(_PAGE)
)
NAMING = Statement(
    select(*_row)
    .where(_of_event)
    .where(Holds(journal.c.events, bindparam("words", type_=LargeBinary)))
    .order_by(journal.c.number)
)
"""Rows of an event with these words in their events."""
_rewrite = Statement(
    update(journal)
    .where(_of_event)
    .where(journal.c.number == bindparam("of_number"))
    .values(
        events=bindparam("new_events"),
        actor=bindparam("new_actor"),
        key=None,
        digest=None,
        answer=None,
    )
)
_definition = Statement(select(events.c.definition).where(events.c.slug == bindparam("of_event")))
_redefine = Statement(
    update(events)
    .where(events.c.slug == bindparam("of_event"))
    .values(definition=bindparam("new_definition"))
)
_wipes = {
    str(holding.table.name): Statement(
        delete(holding.table).where(holding.of_event == bindparam("of_event"))
    )
    for holding in wiped_tables()
}
_counts = {
    str(holding.table.name): Statement(
        select(func.count()).where(holding.of_event == bindparam("of_event"))
    )
    for holding in wiped_tables()
}
_staff_goes = (
    Statement(delete(badges).where(badges.c.event == bindparam("of_event"))),
    *(
        Statement(
            delete(table)
            .where(table.c.event == bindparam("of_event"))
            .where(table.c.role != ORGANISER)
        )
        for table in (staff, sessions)
    ),
    Statement(
        delete(tokens)
        .where(tokens.c.event == bindparam("of_event"))
        .where(tokens.c.therapist.is_not(None))
    ),
    Statement(
        update(staff)
        .where(staff.c.event == bindparam("of_event"))
        .values(name=ORGANISER.capitalize())
    ),
)


@dataclass(frozen=True)
class WipePeople:
    """Forgets everyone of an event but those who organise it, with the entry that says so."""

    event: str
    staff_too: bool

    def write(self, transaction: Transaction) -> None:
        """Makes the change inside the row's transaction."""
        for statement in _wipes.values():
            transaction.run(statement, of_event=self.event)
        if not self.staff_too:
            return
        for statement in _staff_goes:
            transaction.run(statement, of_event=self.event)
        self._rename_in_definition(transaction)

    def _rename_in_definition(self, transaction: Transaction) -> None:
        row = transaction.rows(_definition, of_event=self.event)[0]
        try:
            event = msgspec.json.decode(row[0], type=RaceEvent)
        except msgspec.ValidationError:
            return
        aliases = {t.id: f"therapist-{i}" for i, t in enumerate(event.therapists, 1)}
        raw = msgspec.json.encode(without_staff(event, aliases))
        transaction.run(_redefine, of_event=self.event, new_definition=raw)


class Wipes:
    """Makes journals blank, and counts what is left of people."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer, self._reader = writer, reader

    def people(self, event: str) -> dict[str, int]:
        """Rows about people, by table."""
        return {
            name: int(self._reader.rows(statement, of_event=event)[0][0])
            for name, statement in _counts.items()
        }

    def aliases(self, event: str) -> dict[str, str]:
        """A number for each therapist who was ever in the event's file."""
        rows = self._reader.rows(NAMING, of_event=event, words=b"EventDefined")
        return staff_aliases([happened for row in rows for happened in decode_events(row[1])])

    def blank(self, event: str, upto: int, blanks: Blanks) -> int:
        """Makes the entries up to `upto` anonymous; gives how many had something to forget."""
        changed = 0
        since = 0
        while page := self._pages(event, since, upto):
            rows = [new for row in page if (new := _blanked(row, blanks)) is not None]
            if rows:
                self._writer.submit(_putting(event, rows)).wait()
            changed += len(rows)
            since = page[-1][0]
        return changed

    def not_blank(self, event: str, upto: int, blanks: Blanks) -> int:
        """How many entries up to `upto` still have something to forget; 0 is the proof."""
        return sum(_blanked(row, blanks) is not None for row in self._rows(event, upto))

    def _pages(self, event: str, since: int, upto: int) -> list[Row]:
        return self._reader.rows(_page, of_event=event, since=since, upto=upto)

    def _rows(self, event: str, upto: int) -> Iterator[Row]:
        since = 0
        while page := self._pages(event, since, upto):
            yield from page
            since = page[-1][0]


def _blanked(row: Row, blanks: Blanks) -> Row | None:
    number, raw, actor, answered = row
    happened: tuple[Event, ...] = decode_events(raw)
    new = encode_events(tuple(blank(event, blanks) for event in happened))
    by = blank_actor(actor, blanks)
    return (number, new, by) if answered or new != raw or by != actor else None


def _putting(event: str, rows: list[Row]) -> Callable[[Transaction], None]:
    def put(transaction: Transaction) -> None:
        for row in rows:
            rewrite(transaction, event, row)

    return put


def rewrite(transaction: Transaction, event: str, row: Row) -> None:
    """Puts a row's events and actor anew, and forgets what was asked and answered."""
    number, raw, actor = row
    transaction.run(_rewrite, of_event=event, of_number=number, new_events=raw, new_actor=actor)
