"""Forgets one runner at their word (rule 31), in the transaction of the entry that says so.

It forgets nobody else, and leaves a mark that tells nobody who it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, update

from tentqueue.domain.events import RunnerJoined
from tentqueue.services.anonymity import erased
from tentqueue.storage.alarms import SILENCE
from tentqueue.storage.entries import decode_events, encode_events
from tentqueue.storage.erased import Mark, leave_mark
from tentqueue.storage.holdings import wiped_tables
from tentqueue.storage.roster import STRIKE, UNANSWER
from tentqueue.storage.schema import consents
from tentqueue.storage.statement import Row, Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.wipe import NAMING, rewrite

_withdraw = Statement(
    update(consents)
    .where(consents.c.event == bindparam("of_event"))
    .where(consents.c.ticket_id == bindparam("of_ticket"))
    .where(consents.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("now"))
)
# A consent's row stays until the wipe, as proof, with the hour it was taken back.
_erases = tuple(
    Statement(
        delete(holding.table)
        .where(holding.of_event == bindparam("of_event"))
        .where(holding.table.c.ticket_id == bindparam("of_ticket"))
    )
    for holding in wiped_tables()
    if "ticket_id" in holding.table.c and holding.table is not consents
)


@dataclass(frozen=True)
class EraseRunner:
    """Forgets the runner of one ticket, in every row that names it, with the entry that says so."""

    event: str
    ticket_id: str
    at: int
    mark: Mark

    def write(self, transaction: Transaction) -> None:
        """Makes the change inside the row's transaction."""
        leave_mark(transaction, self.mark, self.event, self.ticket_id)
        transaction.run(STRIKE, of_event=self.event, of_ticket=self.ticket_id)
        transaction.run(UNANSWER, of_event=self.event)
        for statement in _erases:
            transaction.run(statement, of_event=self.event, of_ticket=self.ticket_id)
        transaction.run(SILENCE, of_event=self.event, of_ticket=self.ticket_id)
        transaction.run(_withdraw, of_event=self.event, of_ticket=self.ticket_id, now=self.at)
        code = self._code(transaction)
        if code is None:
            return
        for number, raw, actor in self._naming(transaction, code):
            changed = tuple(erased(event, code) for event in decode_events(raw))
            # The digest is of what was typed into the join, and a name is soon guessed.
            rewrite(transaction, self.event, (number, encode_events(changed), actor))

    def _code(self, transaction: Transaction) -> str | None:
        for _, raw, _ in self._naming(transaction, self.ticket_id):
            for event in decode_events(raw):
                if isinstance(event, RunnerJoined) and event.ticket.id == self.ticket_id:
                    return event.ticket.code
        return None

    def _naming(self, transaction: Transaction, words: str) -> list[Row]:
        return transaction.rows(NAMING, of_event=self.event, words=words.encode())
