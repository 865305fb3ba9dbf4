"""`tentqueue doctor`: looks over server and events before the day, and says what to do.

The organiser's page shows the same looks. It changes nothing: not even the database is made.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click
from packaging.requirements import InvalidRequirement, Requirement
from sqlalchemy import make_url

from tentqueue.console import REFUSED, settings_with
from tentqueue.domain.said import Said
from tentqueue.screens.readiness import NOTHING, Finding, Urgency, look_at_event
from tentqueue.services.clock import SystemClock
from tentqueue.services.invariants import Broken, check_journal
from tentqueue.settings import Settings
from tentqueue.storage import StorageError
from tentqueue.storage.location import database_file, is_postgres
from tentqueue.storage.looking import Journals, looking_at
from tentqueue.visit import Visit, look_at_address, look_at_certificate, look_at_port

ROOM_NEEDED = 200_000_000
"""Bytes: a large day's journal takes a tenth of it."""


def findings(visit: Visit) -> list[Finding]:
    """Take every look; takes seconds when journals are long."""
    return [finding for look in LOOKS for finding in look(visit)]


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(doctor)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to look at; 8000.")
@click.option("--database", metavar="URL", help="The database to look at (TENTQUEUE_DATABASE).")
def doctor(port: int | None, database: str | None) -> None:
    """Check database, disk, clock, port, versions and events; say what to do.

    What an event still lacks is DUE; the exit code tells of the server alone.

    Example: tentqueue doctor
    """
    settings = settings_with(port=port, database=database)
    found = findings(Visit(settings, SystemClock().now()))
    for finding in found:
        mark = "ok  " if finding.well else "DUE " if finding.event else "MEND"
        click.echo(f"{mark}  {finding.what:<9} {finding.seen}")
        if not finding.well:
            click.echo(f"      {'':<9} {finding.advice} {finding.command}".rstrip())
    if not all(finding.well or finding.event for finding in found):
        sys.exit(REFUSED)


def look_at_database(visit: Visit) -> Iterator[Finding]:
    """Whether the database is there, whole, and belongs to a version we know."""
    url = visit.settings.database_url
    if is_postgres(url):
        yield _served(url)
        return
    try:
        path = database_file(url)
    except StorageError as wrong:
        yield Finding("database", Said("{url} is no database.", url=url), Said(str(wrong)))
        return
    if not path.exists():
        seen = Said("{path} is not there yet; `tentqueue serve` makes it", path=path)
        yield Finding("database", seen)
        return
    try:
        yield _inside(path)
    except (sqlite3.Error, OSError) as wrong:
        seen = Said("The database {path} can't be read: {why}", path=path, why=wrong)
        advice = Said("Put a backup of it back, or move it out of the way.")
        yield Finding("database", seen, advice)
    keys = path.with_name(path.name + ".keys")
    if keys.exists() and sys.platform != "win32" and keys.stat().st_mode & 0o077:
        seen = Said("Others on the server can read its keys.")
        advice, command = Said("On the server:"), f"chmod 600 {keys}"
        yield Finding("keys", seen, advice, Urgency.BEFORE_THE_DAY, command=command)


def _served(url: str) -> Finding:
    where = make_url(url).render_as_string(hide_password=True)
    try:
        with looking_at(url) as journals:
            entries, _ = journals.extent()
    except StorageError as wrong:
        why = str(wrong).splitlines()[0]
        seen = Said("The database {path} can't be read: {why}", path=where, why=why)
        advice = Said("Start it or correct its address; `tentqueue serve` makes the tables.")
        return Finding("database", seen, advice)
    return Finding("database", _entries(where, entries))


def _entries(where: object, entries: int) -> Said:
    return Said("{path}, {entries} journal entries", path=where, entries=entries)


def _inside(path: Path) -> Finding:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        entries = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        connection.close()
    if whole != "ok":
        seen = Said("The database {path} is damaged: {why}", path=path, why=whole)
        return Finding("database", seen, Said("Put a backup of it back."))
    if mode != "wal":
        seen = Said("The folder of {path} can't do WAL: a power cut could lose entries.", path=path)
        return Finding("database", seen, Said("Keep it on a local disk, not a share."))
    return Finding("database", _entries(path, entries))


def look_at_events(visit: Visit) -> Iterator[Finding]:
    """Whether every event's journal keeps the invariants, all that happened folded anew, and what
    the event lacks before its day."""
    try:
        with looking_at(visit.settings.database_url) as journals:
            for slug in [visit.event] if visit.event else journals.slugs():
                yield from _event(slug, journals, visit.now)
    except StorageError:
        return  # `look_at_database` says what is wrong with it.


def _event(slug: str, journals: Journals, now: datetime) -> Iterator[Finding]:
    try:
        looked = check_journal(slug, journals.lines(slug))
    except (KeyError, ValueError) as wrong:
        seen = Said("{event}: a line of its journal can't be read ({why})", event=slug, why=wrong)
        advice = Said("Put a backup of the database back.")
        yield Finding("history", seen, advice)
        return
    if looked.broken:
        yield _broken(slug, looked.broken)
    else:
        entries = looked.tent.version
        seen = Said.counted(
            "{event}: {count} entry, every invariant kept",
            "{event}: {count} entries, every invariant kept",
            entries,
            event=slug,
        )
        yield Finding("history", seen)
    last = journals.last_backup(slug)
    yield from look_at_event(
        looked.tent.event, now, None if last is None else datetime.fromtimestamp(last / 1e6, UTC)
    )


def _broken(slug: str, broken: list[Broken]) -> Finding:
    first, more = broken[0], len(broken) - 1
    seen = Said("{event} contradicts itself: {why}", event=slug, why=first)
    if more:
        seen = Said("{what}, and {count} more", what=seen, count=more)
    advice = Said("Keep a copy of the file and report it; restore a backup.")
    return Finding("history", seen, advice)


def look_at_disk(visit: Visit) -> Iterator[Finding]:
    """Whether there is room beside the database."""
    try:
        folder = database_file(visit.settings.database_url).parent
    except StorageError:
        return
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    needed = Said("Make room: {needed} MB at least.", needed=ROOM_NEEDED // 1_000_000)
    seen = Said("{free} MB free in {folder}", free=f"{free // 1_000_000:,}", folder=folder)
    yield Finding("disk", seen, NOTHING if free >= ROOM_NEEDED else needed)


def look_at_clock(visit: Visit) -> Iterator[Finding]:
    """The machine's time, which all the tent's times come from, against the last journal entry."""
    last, advice = _last_entry_s(visit.settings), NOTHING
    if visit.now.year < 2025:
        advice = Said("Set the machine's clock: every time of the tent comes from it.")
    elif last is not None and last > visit.now.timestamp() + 60:
        advice = Said("The journal's last entry is later than now: set the machine's clock.")
    local = visit.now.astimezone()
    time = f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}"
    yield Finding("clock", Said("{time}, compare it", time=time), advice)


def _last_entry_s(settings: Settings) -> float | None:
    try:
        with looking_at(settings.database_url) as journals:
            _, last = journals.extent()
    except StorageError:
        return None
    return None if last is None else last / 1e6


def look_at_versions(_: Visit) -> Iterator[Finding]:
    """Python, SQLite, and each package tentqueue needs."""
    python = ".".join(map(str, sys.version_info[:3]))
    old = NOTHING if sys.version_info >= (3, 11) else Said("Install Python 3.11 or newer.")
    yield Finding("python", Said(python), old)
    yield Finding("sqlite", Said(sqlite3.sqlite_version))
    wrong = "; ".join(text for need in _needs() if (text := _unmet(need)))
    if wrong:
        advice = Said("Install tentqueue again: pip install .")
        yield Finding("packages", Said(wrong), advice)
    else:
        mine = version("tentqueue")
        yield Finding("packages", Said("tentqueue {version}, all packages as needed", version=mine))


def _needs() -> Iterator[Requirement]:
    for line in requires("tentqueue") or []:
        try:
            need = Requirement(line)
        except InvalidRequirement:
            continue
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield need


def _unmet(need: Requirement) -> str | None:
    try:
        have = version(need.name)
    except PackageNotFoundError:
        return f"{need.name} is missing"
    return None if need.specifier.contains(have, prereleases=True) else f"{need.name} is {have}"


LOOKS: tuple[Callable[[Visit], Iterator[Finding]], ...] = (
    look_at_versions,
    look_at_database,
    look_at_events,
    look_at_disk,
    look_at_clock,
    look_at_port,
    look_at_address,
    look_at_certificate,
)
