"""The webhooks' addresses, secrets and cursors."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.services.webhooks import Hook
from tentqueue.storage.connection import Reader
from tentqueue.storage.schema import webhooks
from tentqueue.storage.statement import Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

_columns = [str(column.name) for column in webhooks.c]
_new = insert(webhooks)
_put = Statement(
    _new.on_conflict_do_update(
        index_elements=["id"], set_={name: _new.excluded[name] for name in _columns[1:]}
    ),
    columns=_columns,
)
_all = Statement(select(*webhooks.c).order_by(webhooks.c.id))
_drop = Statement(
    delete(webhooks)
    .where(webhooks.c.event == bindparam("of_event"))
    .where(webhooks.c.id == bindparam("of_id"))
)


class HookRows:
    """Keeps hooks."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer, self._reader = writer, reader

    def all(self) -> list[Hook]:
        """Every hook of the server."""
        return [Hook(*row) for row in self._reader.rows(_all)]

    def put(self, hook: Hook) -> None:
        """Keeps a hook or how far it has come."""

        def put(transaction: Transaction) -> None:
            transaction.run(_put, **{name: getattr(hook, name) for name in _columns})

        self._writer.submit(put).wait()

    def drop(self, event: str, hook_id: str) -> bool:
        """Forgets a hook; False if there is none."""

        def drop(transaction: Transaction) -> bool:
            return bool(transaction.run(_drop, of_event=event, of_id=hook_id).rowcount)

        return self._writer.submit(drop).wait()
