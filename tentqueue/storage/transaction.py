"""What a piece of work may do inside its group's transaction. It neither begins nor commits one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tentqueue.storage.database import Database
from tentqueue.storage.errors import RowRefused
from tentqueue.storage.statement import Connection, Cursor, Row, Statement, Value


class Transaction:
    """What a piece of work may do inside the group's transaction."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection, self._database = connection, database
        self.last_numbers: dict[str, int] = {}
        """The number of each event's last entry, as far as this group has looked."""
        self.appended: dict[str, int] = {}
        """The number of the last entry this group has added to each event."""

    def run(self, statement: Statement, **values: Value) -> Cursor:
        """Changes rows. Raises: RowRefused when one does not fit."""
        try:
            return statement.run(self._connection, **values)
        except self._database.refusals as refusal:
            raise RowRefused(refusal) from None

    def run_all(self, statement: Statement, rows: Sequence[Mapping[str, Value]]) -> Cursor:
        """Inserts several rows by one statement: each statement hands the interpreter to the
        event loop, and waits to get it back. Raises: RowRefused; nothing is changed then."""
        try:
            with self.guarded():
                return statement.run_all(self._connection, rows)
        except self._database.refusals as refusal:
            raise RowRefused(refusal) from None

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Keeps what is outside the block from what a refusal inside spoils."""
        if not self._database.error_spoils_all:
            yield
            return
        with self.undone_alone():
            yield

    @contextmanager
    def undone_alone(self) -> Iterator[None]:
        """Takes everything in the block back when it raises; a lost connection took it already."""
        self._connection.execute("SAVEPOINT work")
        try:
            yield
        except Exception as error:
            if not self.is_trouble(error):
                self._connection.execute("ROLLBACK TO SAVEPOINT work")
                self._connection.execute("RELEASE SAVEPOINT work")
            raise
        self._connection.execute("RELEASE SAVEPOINT work")

    def is_trouble(self, error: Exception) -> bool:
        """Whether disk, lock or network failed, rather than one row."""
        return isinstance(error, self._database.troubles)

    def rows(self, statement: Statement, **values: Value) -> list[Row]:
        """Reads rows as they are inside the transaction."""
        return statement.run(self._connection, **values).fetchall()
