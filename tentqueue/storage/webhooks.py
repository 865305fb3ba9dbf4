"""The webhooks' addresses, secrets and cursors, and the last try of each; never what was sent."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select, update
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
_TRY = ("failures", "retry_at", "tried_at", "answered")
_PROGRESS = ("cursor", "ended_at", *_TRY)


def _changing(names: Iterable[str]) -> Statement:
    one = update(webhooks).where(webhooks.c.id == bindparam("of_id"))
    return Statement(one.values({name: bindparam(f"new_{name}") for name in names}))


_set_progress, _set_try = _changing(_PROGRESS), _changing(_TRY)
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
        """Keeps a new hook."""

        def put(transaction: Transaction) -> None:
            transaction.run(_put, **{name: getattr(hook, name) for name in _columns})

        self._writer.submit(put).wait()

    def progress(self, hook: Hook) -> bool:
        """Keeps how far a hook has come; False, and nothing kept, when it was ended meanwhile."""
        return self._change(_set_progress, _PROGRESS, hook)

    def tried(self, hook: Hook) -> bool:
        """Keeps only how the last try went; False when the hook was ended meanwhile."""
        return self._change(_set_try, _TRY, hook)

    def _change(self, statement: Statement, names: Iterable[str], hook: Hook) -> bool:
        new = {f"new_{name}": getattr(hook, name) for name in names}

        def change(transaction: Transaction) -> bool:
            return bool(transaction.run(statement, of_id=hook.id, **new).rowcount)

        return self._writer.submit(change).wait()

    def drop(self, event: str, hook_id: str) -> bool:
        """Forgets a hook; False if there is none."""

        def drop(transaction: Transaction) -> bool:
            return bool(transaction.run(_drop, of_event=event, of_id=hook_id).rowcount)

        return self._writer.submit(drop).wait()
