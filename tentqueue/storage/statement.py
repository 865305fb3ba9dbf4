"""A Core statement compiled once, so that the hot path pays for the driver only.

Compiling and running through SQLAlchemy costs some 60 us a statement; the driver alone 5.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

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


class _Compiled:
    """The SQL of one kind of database, and the order of its parameters."""

    def __init__(self, expression: ClauseElement, dialect: Dialect, columns: list[str] | None):
        compiled: Any = expression.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        self.order: tuple[str, ...] = tuple(compiled.positiontup or ())
        self.fixed: Mapping[str, Value] = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        # Types are cast in PostgreSQL's: `(%s::TEXT, %s::BIGINT)`.
        head, _, rest = self.sql.rpartition(" VALUES ")
        self._places, clash, what_then = rest.partition(" ON CONFLICT")
        self._before, self._after = f"{head} VALUES ", clash + what_then

    def of_rows(self, count: int) -> str:
        """The insert of one row, as an insert of `count`."""
        return self._before + ", ".join([self._places] * count) + self._after

    def in_order(self, values: Mapping[str, Value]) -> tuple[Value, ...]:
        named = {**self.fixed, **values}
        return tuple(named[name] for name in self.order)


class Statement:
    """An expression over the schema, compiled once for each kind of database that runs it, when
    it first does: compiling all of them would keep a killed server from serving for longer."""

    def __init__(self, expression: ClauseElement, columns: list[str] | None = None) -> None:
        self._for_sqlite: _Compiled | None = None
        self._for_postgres: _Compiled | None = None
        self._source = expression, columns

    def run(self, connection: Connection, **values: Value) -> Cursor:
        """Runs the statement on a connection with the named parameters."""
        compiled = self._compiled(connection)
        return connection.execute(compiled.sql, compiled.in_order(values))

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Value]]) -> Cursor:
        """Runs an insert of one row for all of `rows` at once: all of them, or none."""
        compiled = self._compiled(connection)
        values = tuple(value for row in rows for value in compiled.in_order(row))
        return connection.execute(compiled.of_rows(len(rows)), values)

    def _compiled(self, connection: Connection) -> _Compiled:
        expression, columns = self._source
        if isinstance(connection, sqlite3.Connection):
            if self._for_sqlite is None:
                self._for_sqlite = _Compiled(expression, sqlite.dialect(), columns)
            return self._for_sqlite
        if self._for_postgres is None:
            dialect: Any = postgresql.dialect
            self._for_postgres = _Compiled(expression, dialect(paramstyle="format"), columns)
        return self._for_postgres


class Holds(FunctionElement[bool]):
    """Whether bytes hold other bytes: `Holds(column, words)`."""

    inherit_cache = True
    type = Boolean()


@compiles(Holds, "sqlite")
def _instr(element: Holds, compiler: Any, **how: Any) -> str:
    column, words = element.clauses
    return f"instr({compiler.process(column, **how)}, {compiler.process(words, **how)}) > 0"


@compiles(Holds, "postgresql")
def _position(element: Holds, compiler: Any, **how: Any) -> str:
    column, words = element.clauses
    return f"position({compiler.process(words, **how)} in {compiler.process(column, **how)}) > 0"
