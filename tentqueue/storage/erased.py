"""Marks of who asked to be erased: enough to know their bib again on a list, and nothing else.

Never keeps a bib, a ticket or a time; the wipe takes the marks along.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.storage.schema import erased, people
from tentqueue.storage.statement import Row, Statement
from tentqueue.storage.transaction import Transaction

Mark = Callable[[str, str], bytes]
"""The mark of an event's bib, keyed with the installation's secret."""

MARKS = Statement(select(erased.c.mark).where(erased.c.event == bindparam("of_event")))
"""Every mark of an event; there are few."""
_keep = Statement(insert(erased).on_conflict_do_nothing(), columns=["event", "mark"])
_bib = Statement(
    select(people.c.bib)
    .where(people.c.event == bindparam("of_event"))
    .where(people.c.ticket_id == bindparam("of_ticket"))
    .where(people.c.bib.is_not(None))
)


def leave_mark(transaction: Transaction, mark: Mark, event: str, ticket_id: str) -> None:
    """Note the bib of a ticket that is about to be erased; without a bib nothing is noted."""
    for (bib,) in transaction.rows(_bib, of_event=event, of_ticket=ticket_id):
        transaction.run(_keep, event=event, mark=mark(event, str(bib)))


def marks_of(rows: list[Row]) -> frozenset[bytes]:
    """Marks as read."""
    return frozenset(bytes(row[0]) for row in rows)
