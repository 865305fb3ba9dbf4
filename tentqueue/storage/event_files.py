"""The events themselves: each one's file as its organiser wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from tentqueue.storage.connection import Reader
from tentqueue.storage.errors import EventExists, RowRefused, UnknownEvent
from tentqueue.storage.schema import events as events_table
from tentqueue.storage.statement import Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

_create = Statement(events_table.insert())
_update = Statement(
    update(events_table)
    .where(events_table.c.slug == bindparam("of_slug"))
    .values(definition=bindparam("new_definition"), updated_at=bindparam("now"))
)
_event_fields = select(*events_table.c)
_get_event = Statement(_event_fields.where(events_table.c.slug == bindparam("of_slug")))
_list_events = Statement(_event_fields.order_by(events_table.c.created_at, events_table.c.slug))


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A race weekend as its organiser wrote it (JSON), and when, in microseconds UTC."""

    slug: str
    definition: bytes
    created_at: int
    updated_at: int


class EventFiles:
    """Keeps and finds events by slug."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def create_event(self, slug: str, definition: bytes, at: int) -> None:
        """Keeps a new event's definition (JSON).

        Raises: EventExists.
        """

        def create(transaction: Transaction) -> None:
            try:
                transaction.run(
                    _create, slug=slug, definition=definition, created_at=at, updated_at=at
                )
            except RowRefused:
                raise EventExists(f"event {slug!r} exists already") from None

        self._writer.submit(create).wait()

    def update_event(self, slug: str, definition: bytes, at: int) -> None:
        """Replaces an event's definition.

        Raises: UnknownEvent.
        """

        def replace(transaction: Transaction) -> None:
            changed = transaction.run(_update, of_slug=slug, new_definition=definition, now=at)
            if not changed.rowcount:
                raise UnknownEvent(f"there is no event {slug!r}")

        self._writer.submit(replace).wait()

    def get_event(self, slug: str) -> StoredEvent | None:
        """One event's definition."""
        row = self._reader.first(_get_event, of_slug=slug)
        return StoredEvent(*row) if row else None

    def list_events(self) -> list[StoredEvent]:
        """Every event, the oldest first."""
        return [StoredEvent(*row) for row in self._reader.rows(_list_events)]
