"""A row of another table that belongs to a journal row. Many of a kind go in by one statement: each
statement hands the interpreter to the event loop and waits to get it back. It never replaces what
another row of the same statement has put there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from tentqueue.storage.statement import Statement, Value
from tentqueue.storage.transaction import Transaction


class Insertion:
    """One row to put in, kept or lost with its journal row. Rows that may go in together differ in
    their keys: each belongs to a ticket of its own."""

    __slots__ = ()

    into: ClassVar[Statement]
    """Puts one row in."""

    @property
    def row(self) -> Mapping[str, Value]:
        """The row's values by column."""
        raise NotImplementedError

    def write(self, transaction: Transaction) -> None:
        """Makes the change inside the journal row's transaction."""
        transaction.run(self.into, **self.row)


def insert_all(insertions: Iterable[Insertion], transaction: Transaction) -> None:
    """Puts every row in, by one statement for each table. Raises: RowRefused."""
    rows: dict[Statement, list[Mapping[str, Value]]] = {}
    for insertion in insertions:
        rows.setdefault(insertion.into, []).append(insertion.row)
    for statement, of_one_table in rows.items():
        transaction.run_all(statement, of_one_table)
