"""Web push subscriptions by ticket: where a phone can be woken. Wiped with the runner."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.services.alarms import Phone
from tentqueue.storage.connection import Reader
from tentqueue.storage.schema import alarms
from tentqueue.storage.statement import Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

_columns = [column.name for column in alarms.c]
_insert = insert(alarms)
_put = Statement(
    _insert.on_conflict_do_update(
        index_elements=["event", "ticket_id", "endpoint"],
        set_={name: _insert.excluded[name] for name in _columns[3:]},
    ),
    columns=_columns,
)
_of_event = alarms.c.event == bindparam("of_event")
_of_ticket = Statement(
    select(*alarms.c).where(_of_event).where(alarms.c.ticket_id == bindparam("of_ticket"))
)
_drop = Statement(
    delete(alarms).where(_of_event).where(alarms.c.endpoint == bindparam("of_endpoint"))
)
SILENCE = Statement(
    delete(alarms).where(_of_event).where(alarms.c.ticket_id == bindparam("of_ticket"))
)
"""Forgets the phones of one ticket."""


class AlarmTable:
    """Keeps, lists and forgets phones."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer, self._reader = writer, reader

    def keep(self, event: str, phone: Phone) -> None:
        """Keeps a phone, durably, or replaces its keys."""
        row = {"event": event} | {name: getattr(phone, name) for name in _columns[1:]}

        def write(transaction: Transaction) -> None:
            transaction.run(_put, **row)

        self._writer.submit(write).wait()

    def drop(self, event: str, endpoint: str) -> None:
        """Forgets a phone."""

        def write(transaction: Transaction) -> None:
            transaction.run(_drop, of_event=event, of_endpoint=endpoint)

        self._writer.submit(write).wait()

    def of_ticket(self, event: str, ticket_id: str) -> list[Phone]:
        """The phones of a ticket."""
        rows = self._reader.rows(_of_ticket, of_event=event, of_ticket=ticket_id)
        return [Phone(*row[1:]) for row in rows]
