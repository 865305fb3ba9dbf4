"""A Core statement compiled once, so that the hot path pays for the driver only.

Compiling and running through SQLAlchemy costs some 60 us a statement; the driver alone 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

Value = str | bytes | int | None
Row = tuple[Any, ...]


class Cursor(Protocol):
    """What is used of a driver's cursor."""

    @property
    def rowcount(self) -> int:
        """Rows changed by the last statement."""

    def fetchall(self) -> list[Row]:
        """Every row that is left."""


class Connection(Protocol):
    """What is used of a driver's connection."""

    def execute(self, sql: str, parameters: tuple[Value, ...] = ..., /) -> Cursor:
        """Runs one statement."""


class Statement:
    """SQL for SQLite and the order of its parameters, from an expression over the schema."""

    def __init__(self, expression: ClauseElement, columns: list[str] | None = None) -> None:
        compiled: Any = expression.compile(dialect=sqlite.dialect(), column_keys=columns)
        self.sql = str(compiled)
        self._order: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._fixed: Mapping[str, Value] = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }

    def run(self, connection: Connection, **values: Value) -> Cursor:
        """Runs the statement on a connection with the named parameters."""
        return connection.execute(self.sql, self._in_order(values))

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Value]]) -> Cursor:
        """Runs an insert of one row for all of `rows` at once: all of them, or none."""
        places = f"({', '.join('?' * len(self._order))})"
        values = tuple(value for row in rows for value in self._in_order(row))
        return connection.execute(self.sql + f", {places}" * (len(rows) - 1), values)

    def _in_order(self, values: Mapping[str, Value]) -> tuple[Value, ...]:
        named = {**self._fixed, **values}
        return tuple(named[name] for name in self._order)
