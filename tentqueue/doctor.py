"""`tentqueue doctor`: looks over database, disk, clock, ports and versions, and says what to do.

It changes nothing: not even the database is made.
"""

from __future__ import annotations

import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click
from packaging.requirements import InvalidRequirement, Requirement
from sqlalchemy import make_url

from tentqueue.console import REFUSED, settings_with
from tentqueue.services.clock import SystemClock
from tentqueue.services.invariants import check_journal
from tentqueue.settings import Settings
from tentqueue.storage import StorageError
from tentqueue.storage.location import database_file, is_postgres
from tentqueue.storage.looking import Journals, looking_at

ROOM_NEEDED = 200_000_000
"""Bytes: a large day's journal takes a tenth of it."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` says what to do when it is not well."""

    what: str
    seen: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.advice


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(doctor)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to look at; 8000.")
@click.option("--database", metavar="URL", help="The database to look at (TENTQUEUE_DATABASE).")
def doctor(port: int | None, database: str | None) -> None:
    """Check database, disk, clock, port and versions; say what to do.

    Example: tentqueue doctor
    """
    settings = settings_with(port=port, database=database)
    findings = [finding for look in LOOKS for finding in look(settings)]
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'MEND'}  {finding.what:<9} {finding.seen}")
        if not finding.well:
            click.echo(f"      {'':<9} {finding.advice}")
    if not all(finding.well for finding in findings):
        sys.exit(REFUSED)


def look_at_database(settings: Settings) -> Iterator[Finding]:
    """Whether the database is there, whole, and belongs to a version we know."""
    if is_postgres(settings.database_url):
        yield _served(settings.database_url)
        return
    try:
        path = database_file(settings.database_url)
    except StorageError as wrong:
        yield Finding("database", settings.database_url, str(wrong))
        return
    if not path.exists():
        yield Finding("database", f"{path} is not there yet; `tentqueue serve` makes it")
        return
    try:
        yield _inside(path)
    except (sqlite3.Error, OSError) as wrong:
        yield Finding(
            "database", f"{path}: {wrong}", "Put a backup of it back, or move it out of the way."
        )
    keys = path.with_name(path.name + ".keys")
    if keys.exists() and sys.platform != "win32" and keys.stat().st_mode & 0o077:
        yield Finding("keys", f"others can read {keys}", f"chmod 600 {keys}")


def _served(url: str) -> Finding:
    where = make_url(url).render_as_string(hide_password=True)
    try:
        with looking_at(url) as journals:
            entries, _ = journals.extent()
    except StorageError as wrong:
        advice = "Start it or correct its address; `tentqueue serve` makes the tables."
        return Finding("database", f"{where}: {str(wrong).splitlines()[0]}", advice)
    return Finding("database", f"{where}, {entries} journal entries")


def _inside(path: Path) -> Finding:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        entries = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        connection.close()
    seen = f"{path}, {entries} journal entries, {mode}"
    if whole != "ok":
        return Finding("database", f"{path}: {whole}", "Put a backup of it back.")
    if mode != "wal":
        return Finding(
            "database", seen, "Its folder can't do WAL: keep it on a local disk, not a share."
        )
    return Finding("database", seen)


def look_at_history(settings: Settings) -> Iterator[Finding]:
    """Whether every event's journal keeps the invariants: all that happened, folded anew."""
    try:
        with looking_at(settings.database_url) as journals:
            for slug in journals.slugs():
                yield _history(slug, journals)
    except StorageError:
        return  # `look_at_database` says what is wrong with it.


def _history(slug: str, journals: Journals) -> Finding:
    try:
        looked = check_journal(slug, journals.lines(slug))
    except (KeyError, ValueError) as wrong:
        seen = f"{slug}: a line of its journal can't be read ({wrong})"
        return Finding("history", seen, "Put a backup of the database back.")
    if not looked.broken:
        return Finding("history", f"{slug}: {looked.tent.version} entries, every invariant kept")
    first, more = looked.broken[0], len(looked.broken) - 1
    seen = f"{slug}: {first}" + (f", and {more} more" if more else "")
    return Finding("history", seen, "Keep a copy of the file and report it; restore a backup.")


def look_at_disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room beside the database."""
    try:
        folder = database_file(settings.database_url).parent
    except StorageError:
        return
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    advice = "" if free >= ROOM_NEEDED else f"Make room: {ROOM_NEEDED // 1_000_000} MB at least."
    yield Finding("disk", f"{free // 1_000_000:,} MB free in {folder}", advice)


def look_at_clock(settings: Settings) -> Iterator[Finding]:
    """The machine's time, which all the tent's times come from, against the last journal entry."""
    now = SystemClock().now()
    last = _last_entry_s(settings)
    advice = ""
    if now.year < 2025:
        advice = "Set the machine's clock: every time of the tent comes from it."
    elif last is not None and last > now.timestamp() + 60:
        advice = "The journal's last entry is later than now: set the machine's clock."
    local = now.astimezone()
    yield Finding("clock", f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()}, compare it", advice)


def _last_entry_s(settings: Settings) -> float | None:
    try:
        with looking_at(settings.database_url) as journals:
            _, last = journals.extent()
    except StorageError:
        return None
    return None if last is None else last / 1e6


def look_at_port(settings: Settings) -> Iterator[Finding]:
    """Whether the port is free, or already ours."""
    where = f"{settings.host}:{settings.port}"
    with socket.socket() as probe:
        # As the server binds it: the last one's closed connections are not in the way.
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as wrong:
            if _is_ours(settings):
                yield Finding("port", f"{where} is served by tentqueue")
            else:
                advice = "Choose another with --port, or stop the program that has it."
                yield Finding("port", f"{where}: {wrong.strerror}", advice)
            return
    yield Finding("port", f"{where} is free")


def _is_ours(settings: Settings) -> bool:
    import http.client

    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host
    connection = http.client.HTTPConnection(host, settings.port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read(64) == b"ready\n"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def look_at_versions(_: Settings) -> Iterator[Finding]:
    """Python, SQLite, and each package tentqueue needs."""
    python = ".".join(map(str, sys.version_info[:3]))
    old = "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer."
    yield Finding("python", python, old)
    yield Finding("sqlite", sqlite3.sqlite_version)
    wrong = [text for need in _needs() if (text := _unmet(need))]
    seen = "; ".join(wrong) or f"tentqueue {version('tentqueue')}, all packages as needed"
    yield Finding("packages", seen, "Install tentqueue again: pip install ." if wrong else "")


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


def look_at_certificate(settings: Settings) -> Iterator[Finding]:
    """Certificates are a proxy's business; plain http is fine on the tent's own Wi-Fi."""
    url = settings.public_url or ""
    seen = "the proxy's in front" if url.startswith("https") else "not applicable: plain http"
    yield Finding("https", seen)


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    look_at_versions,
    look_at_database,
    look_at_history,
    look_at_disk,
    look_at_clock,
    look_at_port,
    look_at_certificate,
)
