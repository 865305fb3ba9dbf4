"""The command that takes start lists and results: `import`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from tentqueue.console import (
    BAD_INPUT,
    database_option,
    fail,
    no_such_event,
    open_storage,
    settings_with,
)
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.said import Said
from tentqueue.opening import rosters_of, tents_of
from tentqueue.services.roster.check import Check, Choices, Progress, check
from tentqueue.services.roster.columns import Meaning
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.source import DELIMITERS, ENCODINGS, Unreadable
from tentqueue.services.roster.taking import take
from tentqueue.services.roster.telling import counted, noted
from tentqueue.services.roster.watching import Watched, watch
from tentqueue.services.tents import UnknownEvent
from tentqueue.storage import Storage


def register(group: click.Group) -> None:
    """Add this module's commands to the command line."""
    group.add_command(import_command)


@dataclass(frozen=True)
class Wanted:
    """What was asked: which event, how to read, and what to do with rows that can't be taken."""

    storage: Storage
    event: RaceEvent
    choices: Choices
    dry_run: bool = False
    strict: bool = False


@click.command("import")
@click.argument("slug")
@click.argument("kind", metavar="starts|results", type=click.Choice([str(kind) for kind in Kind]))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--strict", is_flag=True, help="Take nothing if any row can't be taken.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="MEANING=HEADER",
    help=f"What a column means: {', '.join(Meaning)}; a header, its number, or empty to drop.",
)
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Instead of the guess.")
@click.option("--delimiter", type=click.Choice([*DELIMITERS.values()]), help="As above.")
@click.option(
    "--watch", metavar="FOLDER", type=click.Path(path_type=Path), help="Take each file put there."
)
@database_option
def import_command(slug: str, kind: str, file: Path | None, **options: object) -> None:
    """Take a start list or results into an event's roster, by bib.

    Works while the server runs; who waits for their finish becomes callable. Example:

      tentqueue import riverside-half starts entries.csv --dry-run
    """
    watched = options["watch"]
    if (file is None) == (watched is None):
        raise click.UsageError("Name one FILE, or a folder with --watch.")
    choices = _choices(Kind(kind), options)
    with open_storage(settings_with(database=options["database"])) as storage:
        try:
            event = tents_of(storage).of(slug).tent.event
        except UnknownEvent:
            no_such_event(slug)
        doing = (bool(options["dry_run"]), bool(options["strict"]))
        wanted = Wanted(storage, event, choices, *doing)
        if isinstance(watched, Path):
            _watch(watched, wanted)
        elif file is not None:
            _import(file, wanted)


def _choices(kind: Kind, options: dict[str, object]) -> Choices:
    columns: dict[str, str] = {}
    for given in options["columns"]:  # type: ignore[attr-defined]
        meaning, is_pair, header = given.partition("=")
        if not is_pair or meaning not in list(Meaning):
            raise click.UsageError(
                f"--column {given}: write MEANING=HEADER, MEANING one of {', '.join(Meaning)}."
            )
        columns[meaning] = header
    signs = {name: sign for sign, name in DELIMITERS.items()}
    encoding, delimiter = options["encoding"], options["delimiter"]
    return Choices(kind, columns, str(encoding) if encoding else None, signs.get(str(delimiter)))


def _import(file: Path, wanted: Wanted) -> None:
    """One file; ends with 2 when no row of it can be taken."""
    try:
        found = _checked(file, wanted)
    except (Unreadable, OSError) as wrong:
        fail(f"{file}: {_why(wrong)}", BAD_INPUT)
    _tell(file, found)
    refused = found.wrong == found.rows or (wanted.strict and found.wrong)
    if wanted.dry_run:
        click.echo(f"{wanted.event.slug}: would be {counted(found)}. Nothing was changed.")
    elif refused:
        fail(f"{file}: nothing was taken; correct the rows above, then again", BAD_INPUT)
    else:
        _take(found, wanted)
    if refused:
        sys.exit(BAD_INPUT)


def _checked(file: Path, wanted: Wanted) -> Check:
    with _shown("Reading", os.stat(file).st_size) as progress:
        return check(file, wanted.event, wanted.choices, wanted.storage.roster, progress)


def _take(found: Check, wanted: Wanted) -> None:
    slug = wanted.event.slug
    with _shown("Taking", found.to_take) as progress:
        take(found, wanted.storage.roster, slug, progress)
    released = rosters_of(wanted.storage).release(slug)
    became = f" {released} who waited for their finish can be called." if released else ""
    click.echo(f"{slug}: {counted(found)}.{became}")


def _tell(file: Path, found: Check) -> None:
    """What was understood, and each row that is left out: on stderr."""
    means = ", ".join(f"{found.headers[n].strip()} = {m}" for n, m in found.columns.items())
    click.echo(f"Columns: {means}", err=True)
    if found.dropped:
        names = ", ".join(header.strip()[:40] for header in found.dropped)
        click.echo(f"Dropped, not kept: {names}", err=True)
    for sentence in noted(found):
        click.echo(f"Note: {sentence}", err=True)
    for problem in found.problems:
        where = f"{file}, line {problem.line}, {problem.field}"
        click.echo(f"tentqueue: {where}: {problem.sentence}", err=True)
    if more := found.wrong - len(found.problems):
        click.echo(f"tentqueue: {file}: {more} rows more like these", err=True)


def _watch(folder: Path, wanted: Wanted) -> None:
    if not folder.is_dir():
        fail(f"{folder}: there is no such folder", BAD_INPUT)
    click.echo(f"{wanted.event.slug}: takes each file put into {folder}; Ctrl-C ends it.")

    def took(file: Path) -> None:
        try:
            found = _checked(file, wanted)
            if found.wrong or found.erased:
                _tell(file, found)
            _take(found, wanted)
        except (Unreadable, OSError) as wrong:
            click.echo(f"tentqueue: {file}: {_why(wrong)}", err=True)

    watch(Watched(folder), took)


def _why(wrong: Exception) -> str | Said:
    if isinstance(wrong, Unreadable):
        return wrong.sentence
    return getattr(wrong, "strerror", None) or str(wrong)


@contextmanager
def _shown(what: str, most: int) -> Iterator[Progress]:
    """A counter on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    yield _counter(what)
    click.echo("\r\x1b[K", nl=False, err=True)


def _counter(what: str) -> Callable[[int], None]:
    return lambda rows: click.echo(f"\r{what}: {rows:,} rows", nl=False, err=True)
