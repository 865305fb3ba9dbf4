"""An event back from its file: checked whole before a row is written, then all rows at once.

Never restores over what is newer unless told to, and never under a running server then.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import LargeBinary, bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from tentqueue.domain.tent import Entry
from tentqueue.services.accounts import INSTALLATION
from tentqueue.storage.backup import SECRET, Manifest, manifest_of
from tentqueue.storage.entries import encode_events, entry_of, micros
from tentqueue.storage.errors import StorageError
from tentqueue.storage.holdings import HOLDINGS, Holding, backed_up
from tentqueue.storage.record import Record
from tentqueue.storage.schema import journal, staff
from tentqueue.storage.statement import Statement
from tentqueue.storage.transaction import Transaction

_append = Statement(insert(journal), columns=["event", "number", "at", "events", "actor"])
_LARGEST = 4_000_000_000
Rows = list[list[Any]]


@dataclass(frozen=True)
class Kept:
    """A backup that was read and found whole."""

    manifest: Manifest
    secret: bytes
    rows: dict[str, Rows]

    @property
    def event(self) -> str:
        """The event's slug."""
        return self.manifest.event

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        return datetime.fromtimestamp(self.manifest.made_at / 1e6, UTC)

    def records(self) -> list[Record]:
        """The journal's rows."""
        rows = self.named("journal")
        return [Record(**{k: v for k, v in row.items() if k != "event"}) for row in rows]

    def columns(self, table: str) -> list[str]:
        """Its columns in a table that the table still has, in the rows' order."""
        return _still_there(self.manifest.tables[table].columns, _holding(table))

    def named(self, table: str) -> Iterator[dict[str, Any]]:
        """A table's rows, each value by its column."""
        columns = self.columns(table)
        return (dict(zip(columns, row, strict=True)) for row in self.rows[table])

    def entries(self) -> list[Entry]:
        """The journal itself. Raises: StorageError for entries no version of ours wrote."""
        try:
            return [entry_of(r.number, r.at, r.actor, r.events) for r in self.records()]
        except (msgspec.DecodeError, KeyError):
            raise StorageError("its journal is of a newer tentqueue; install that one") from None


def read_backup(file: Path) -> Kept:
    """Reads a backup and checks every digest.

    Raises: StorageError naming what is wrong; OSError.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = manifest_of(archive)
            _refuse_bombs(archive)
            secret = bytes.fromhex(archive.read(SECRET).decode("ascii").strip())
            rows = {name: _read(archive, manifest, name) for name in manifest.tables}
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as wrong:
        raise StorageError(f"{file} is damaged ({wrong}); take an older copy of it") from None
    except StorageError as wrong:
        raise StorageError(f"{file}: {wrong}") from None
    if hashlib.sha256(secret).hexdigest() != manifest.secret_sha256:
        raise StorageError(f"{file} is damaged (its secret); take an older copy of it")
    return Kept(manifest, secret, rows)


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    if sum(info.file_size for info in archive.infolist()) > _LARGEST:
        raise StorageError("it unpacks to more than 4 GB, which no event needs")


def _read(archive: zipfile.ZipFile, manifest: Manifest, name: str) -> Rows:
    about = manifest.tables[name]
    raw = archive.read(f"tables/{name}.jsonl")
    if hashlib.sha256(raw).hexdigest() != about.sha256:
        raise StorageError(f"it is damaged (table {name}); take an older copy of it")
    rows: Rows = [msgspec.json.decode(line) for line in raw.splitlines()]
    holding = _holding(name)
    unknown = set(about.columns) - set(holding.table.c.keys()) - holding.gone
    if unknown or len(rows) != about.rows:
        raise StorageError("it was written by a newer tentqueue; install that one")
    columns = _still_there(about.columns, holding)
    binary = {c for c in columns if isinstance(holding.table.c[c].type, LargeBinary)}
    named = (dict(zip(about.columns, row, strict=True)) for row in rows)
    return [[_value(row[column], column in binary) for column in columns] for row in named]


def _still_there(columns: list[str], holding: Holding) -> list[str]:
    return [column for column in columns if column not in holding.gone]


def _value(value: Any, is_binary: bool) -> Any:
    return base64.b64decode(value) if is_binary and value is not None else value


def _holding(name: str) -> Holding:
    for holding in HOLDINGS:
        if holding.table.name == name:
            return holding
    raise StorageError("it was written by a newer tentqueue; install that one")


@dataclass(frozen=True)
class Replacement:
    """All rows of an event, in the place of those there are, with entries that follow them."""

    kept: Kept
    following: Sequence[Entry]
    with_organiser: bool

    def write(self, transaction: Transaction) -> None:
        """Makes the change: all of it, or none."""
        event = self.kept.event
        for holding in reversed(backed_up()):
            gone = delete(holding.table).where(holding.of_event == bindparam("of_event"))
            transaction.run(Statement(gone), of_event=event)
        for holding in backed_up():
            self._insert(transaction, holding)
        for entry in self.following:
            self._append(transaction, entry)

    def _insert(self, transaction: Transaction, holding: Holding) -> None:
        name = holding.table.name
        if name not in self.kept.rows:
            return
        columns = self.kept.columns(name)
        put = Statement(insert(holding.table).on_conflict_do_nothing(), columns=columns)
        for named in self.kept.named(name):
            ours = named[holding.event] == self.kept.event
            organiser = holding.table is staff and named[holding.event] == INSTALLATION
            if ours or (organiser and self.with_organiser):
                transaction.run(put, **named)

    def _append(self, transaction: Transaction, entry: Entry) -> None:
        transaction.run(
            _append,
            event=self.kept.event,
            number=entry.number,
            at=micros(entry.at),
            events=encode_events(entry.events),
            actor=entry.actor,
        )
