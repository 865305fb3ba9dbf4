"""An event in one file, while the server writes on: a zip of a manifest and one file a table.

The manifest names each table's rows and SHA-256. Every row is read in one read transaction, so the
file is one moment of the database. It holds the secret too: keep it like the machine itself.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select

from tentqueue.services.accounts import INSTALLATION
from tentqueue.storage.database import Database
from tentqueue.storage.errors import StorageError, UnknownEvent
from tentqueue.storage.holdings import Holding, backed_up
from tentqueue.storage.keys import secret_of
from tentqueue.storage.schema import journal, staff
from tentqueue.storage.statement import Connection, Statement

KIND = "tentqueue-backup"
FORM = 1
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
SECRET = "secret.txt"
_last_number = Statement(
    select(func.max(journal.c.number)).where(journal.c.event == bindparam("of_event"))
)


class TableOf(msgspec.Struct, frozen=True):
    """One table in a backup."""

    columns: list[str]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself; instants are microseconds UTC."""

    kind: str
    form: int
    event: str
    made_at: int
    last_entry: int
    schema: str
    secret_sha256: str
    tables: dict[str, TableOf]


def write_backup(
    database: Database, event: str, file: Path, made_at: int, keep: int = 0
) -> Manifest:
    """Writes the event to `file`, replacing it at once or not at all; `keep` older ones stay as
    FILE.1 (the newest) to FILE.N.

    Raises: UnknownEvent; OSError when the disk is gone or full, and then FILE is as before.
    """
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        manifest = _write(database, event, part, made_at)
        _rotate(file, keep)
        os.replace(part, file)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    _sync_folder(file.parent)
    return manifest


def _write(database: Database, event: str, part: Path, made_at: int) -> Manifest:
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(handle, "w+b") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            manifest = _fill(archive, database, event, made_at)
            about = msgspec.json.format(msgspec.json.encode(manifest))
            archive.writestr(MANIFEST, about)
            archive.writestr(SEAL, hashlib.sha256(about).hexdigest() + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _fill(archive: zipfile.ZipFile, database: Database, event: str, made_at: int) -> Manifest:
    secret = secret_of(database.path)
    with database.snapshot() as connection:
        tables = {
            str(holding.table.name): _table(archive, connection, holding, event)
            for holding in backed_up()
        }
        if not tables["events"].rows:
            raise UnknownEvent(f"there is no event {event!r}")
        last = _last_number.run(connection, of_event=event).fetchall()[0][0]
        schema = connection.execute("SELECT version_num FROM alembic_version").fetchall()[0][0]
    archive.writestr(SECRET, secret.hex() + "\n")
    digest = hashlib.sha256(secret).hexdigest()
    return Manifest(KIND, FORM, event, made_at, last or 0, schema, digest, tables)


def _table(
    archive: zipfile.ZipFile, connection: Connection, holding: Holding, event: str
) -> TableOf:
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"tables/{holding.table.name}.jsonl", "w", force_zip64=True) as out:
        for row in _rows(connection, holding, event):
            line = msgspec.json.encode(row) + b"\n"
            digest.update(line)
            out.write(line)
            rows += 1
    return TableOf([str(column.name) for column in holding.table.c], rows, digest.hexdigest())


def _rows(connection: Connection, holding: Holding, event: str) -> Iterator[Any]:
    wanted = select(*holding.table.c).order_by(*holding.table.primary_key)
    # The installation's organiser goes along: somebody must open the second machine.
    events = [event, INSTALLATION] if holding.table is staff else [event]
    statement = Statement(wanted.where(holding.of_event == bindparam("of_event")))
    for name in events:
        cursor: Any = statement.run(connection, of_event=name)
        for row in cursor:
            yield [
                base64.b64encode(value).decode() if isinstance(value, bytes) else value
                for value in row
            ]


def _rotate(file: Path, keep: int) -> None:
    """Moves FILE to FILE.1 and so on; FILE itself stays where it is until it is replaced."""
    if not keep or not file.exists():
        return
    for number in range(keep, 1, -1):
        with suppress(FileNotFoundError):
            os.replace(_older(file, number - 1), _older(file, number))
    try:
        os.link(file, _older(file, 1))
    except OSError:  # a USB stick's file system knows no second name for a file
        shutil.copyfile(file, _older(file, 1))
        _older(file, 1).chmod(0o600)


def _older(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}")


def copies_of(file: Path) -> list[Path]:
    """Every copy there is of a backup: FILE, its older ones and what a crash left half written."""
    older = file.parent.glob(f"{_escaped(file.name)}.*")
    tails = [(path, path.name[len(file.name) + 1 :]) for path in older]
    ours = [path for path, tail in tails if tail.isdigit() or tail.endswith(".part")]
    return [path for path in (file, *ours) if path.is_file()]


def _escaped(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _sync_folder(folder: Path) -> None:
    """Makes the new name survive a power cut, where the system can."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_backup_of(file: Path, event: str) -> bool:
    """Whether a file is a backup of the event, whole or not: only such a one may be dropped."""
    if file.name.endswith(".part"):
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return manifest_of(archive).event == event
    except (OSError, zipfile.BadZipFile, StorageError):
        return False


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    """What a backup says of itself. Raises: StorageError for any other file."""
    try:
        raw, seal = archive.read(MANIFEST), archive.read(SEAL).decode("ascii").strip()
        if hashlib.sha256(raw).hexdigest() != seal:
            raise StorageError("it is damaged (its manifest); take an older copy of it")
        manifest = msgspec.json.decode(raw, type=Manifest)
    except (KeyError, ValueError, zipfile.BadZipFile, OSError):
        raise StorageError("it is no backup of tentqueue; choose the file `backup` wrote") from None
    if manifest.kind != KIND or manifest.form > FORM:
        raise StorageError("it was written by a newer tentqueue; install that one")
    return manifest
