"""How the commands talk: results on stdout, each error as one line on stderr, no tracebacks.

Imports the storage only where it is used: `agent` must answer a judge's first line at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.event_file import LARGEST_FILE, EventFileProblems, check_event
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.settings import BadSetting, Settings

if TYPE_CHECKING:
    from tentqueue.storage import Storage

DONE, REFUSED, BAD_INPUT = 0, 1, 2
database_option = click.option(
    "--database", metavar="URL", help="Another database, as sqlite:///FILE (TENTQUEUE_DATABASE)."
)


def fail(why: str, status: int = REFUSED) -> NoReturn:
    """End with one line on stderr."""
    click.echo(f"tentqueue: {' '.join(why.split())}", err=True)
    sys.exit(status)


def no_such_event(slug: str) -> NoReturn:
    """End for want of an event."""
    fail(f"there is no event {slug[:60]!r}; `tentqueue event list` shows those there are")


def settings_with(**options: object) -> Settings:
    """Take the settings from variables and options; end when one can't be used."""
    try:
        return Settings.from_environment().with_options(**options)
    except BadSetting as wrong:
        fail(str(wrong), BAD_INPUT)


@contextmanager
def open_storage(settings: Settings) -> Iterator[Storage]:
    """Open the database, also beside a running server: whoever writes holds the same lock."""
    from tentqueue.storage import Storage

    with refusals():
        storage = Storage.open(settings.database_url)
        try:
            yield storage
        finally:
            storage.close()


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the storage refuses into one line."""
    from tentqueue.storage import StorageError

    try:
        yield
    except (StorageError, StorageBusy, StorageFull) as wrong:
        fail(f"database: {wrong}")
    except OSError as wrong:
        fail(f"database: {wrong.filename or ''}: {wrong.strerror or wrong}")


def read_event_file(path: Path) -> RaceEvent:
    """Read an event's file; end with a line for each problem, and tell warnings on stderr."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        text = raw.decode("utf-8")
    except OSError as wrong:
        fail(f"{path}: {wrong.strerror or wrong}", BAD_INPUT)
    except UnicodeDecodeError as wrong:
        line = wrong.object[: wrong.start].count(b"\n") + 1
        fail(f"{path}, line {line}, file: is not UTF-8; save it as UTF-8 again", BAD_INPUT)
    try:
        event, warnings = check_event(text, str(path))
    except EventFileProblems as wrong:
        for problem in wrong.problems:
            click.echo(f"tentqueue: {problem}", err=True)
        sys.exit(BAD_INPUT)
    for warning in warnings:
        click.echo(f"tentqueue: warning: {warning}", err=True)
    return event
