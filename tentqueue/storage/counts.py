"""How often somebody asked, counted by all workers together in spans of ten minutes.

Whom a count is about is kept as a digest under the installation's secret only, and forgotten with
its span. It never says whether that was too often.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.storage.connection import Reader
from tentqueue.storage.schema import counts
from tentqueue.storage.statement import Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

Kept = tuple[str, str]
"""What is counted, and for whom."""

_names = [column.name for column in counts.c]
_new = insert(counts)
_add = Statement(
    _new.on_conflict_do_update(
        index_elements=_names[:4], set_={"used": counts.c.used + _new.excluded.used}
    ).returning(counts.c.used),
    columns=_names,
)
_of_kind = Statement(
    select(counts.c.key, counts.c.used)
    .where(counts.c.event == "")
    .where(counts.c.span == bindparam("of_span"))
    .where(counts.c.kind == bindparam("of_kind"))
)
_forget = Statement(delete(counts).where(counts.c.span < bindparam("before")))


class Counts:
    """Adds up what workers count."""

    def __init__(self, writer: Writer, reader: Reader, key: bytes) -> None:
        self._writer, self._reader, self._key = writer, reader, key

    def add(self, span: int, counted: Mapping[Kept, int]) -> dict[Kept, int]:
        """Adds to a span's counts at once, and gives what they are then, of all workers; older
        spans are forgotten. Raises: JournalFull, JournalUnavailable."""

        def write(transaction: Transaction) -> dict[Kept, int]:
            transaction.run(_forget, before=span - 1)
            totals = {}
            # In one order, so that two workers never wait for each other.
            for kind, whom in sorted(counted):
                key, used = self._digest(kind, whom), counted[kind, whom]
                added = transaction.run(_add, event="", span=span, kind=kind, key=key, used=used)
                totals[kind, whom] = int(added.fetchall()[0][0])
            return totals

        return self._writer.submit(write).wait()

    def of(self, span: int, kind: str, whom: str) -> int:
        """How often in a span. Raises: JournalUnavailable."""
        rows = self._reader.rows(_of_kind, of_span=span, of_kind=kind)
        found: dict[str, int] = {row[0]: row[1] for row in rows}
        return found.get(self._digest(kind, whom), 0)

    def _digest(self, kind: str, whom: str) -> str:
        worth = f"{kind}\0{whom}".encode()
        return hmac.new(self._key, worth, sha256).hexdigest()[:32]
