"""The commands that put a day on paper: `posters` before it, `report` after it."""

from __future__ import annotations

import os
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
from tentqueue.domain.languages import STAFF_LANGUAGES
from tentqueue.opening import tents_of
from tentqueue.printing import KINDS, MOST_TICKETS, TICKETS, Order, draw
from tentqueue.reporting import FACES, PAGE, files
from tentqueue.services import badge_sheets
from tentqueue.services.clock import SystemClock
from tentqueue.services.race_day import RaceDay
from tentqueue.services.report import day_report
from tentqueue.services.tents import UnknownEvent
from tentqueue.settings import Settings
from tentqueue.storage import Storage
from tentqueue.tongues import speaking


def register(group: click.Group) -> None:
    """Add this module's commands to the command line."""
    group.add_command(posters_command)
    group.add_command(report_command)


@click.command("posters")
@click.argument("slug")
@click.option(
    "--out", required=True, metavar="FILE.pdf", type=click.Path(path_type=Path), help="The PDF."
)
@click.option("--only", multiple=True, type=click.Choice(list(KINDS)), help="Only these sheets.")
@click.option(
    "--tickets",
    type=click.IntRange(1, MOST_TICKETS),
    default=TICKETS,
    show_default=True,
    help="Printed tickets for each lane of the day.",
)
@click.option("--public-url", metavar="URL", help="The address people use.")
@database_option
def posters_command(
    slug: str, out: Path, only: tuple[str, ...], tickets: int, **options: str
) -> None:
    """Print sheets: join posters, table numbers, staff badges, tickets to hand out.

    The badges' codes work once each; printing badges again ends the unused ones of before. Example:

      tentqueue posters riverside-half --out sheets.pdf --public-url http://192.168.1.10:8000
    """
    settings, kinds = settings_with(**options), only or tuple(KINDS)
    if out.suffix.lower() != ".pdf":
        fail(f"{out}: --out must end in .pdf", BAD_INPUT)
    if not out.parent.is_dir():
        fail(f"{out}: there is no folder {out.parent}; make it first", BAD_INPUT)
    with open_storage(settings) as storage:
        _write(out, draw(_order(storage, settings, slug, (kinds, tickets)), kinds))
    click.echo(f"{out}: {', '.join(kinds)}")
    if "badges" in kinds:
        click.echo("The badges sign devices in: keep the sheet like keys.")


@click.command("report")
@click.argument("slug")
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="A folder."
)
@click.option(
    "--language",
    type=click.Choice(STAFF_LANGUAGES),
    default="en",
    show_default=True,
    help="Of the page and the PDF; the CSV's heads stay English.",
)
@database_option
def report_command(slug: str, out: Path, language: str, database: str | None) -> None:
    """Write the event's report: a page with plots, a PDF, a CSV for each table. No names.

    Works while the server runs, and after a wipe. Example:

      tentqueue report riverside-half --out report
    """
    with open_storage(settings_with(database=database)) as storage:
        entries = _day(storage, slug).entries()
        made = files(day_report(slug, entries), speaking(language))
    try:
        for name, content in made.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(content)
    except OSError as wrong:
        fail(f"{wrong.filename}: {wrong.strerror}; choose another folder with --out")
    click.echo(f"{out / PAGE}: the report; beside it {len(made) - len(FACES) - 1} other files")


def _day(storage: Storage, slug: str) -> RaceDay:
    try:
        return tents_of(storage).of(slug)
    except UnknownEvent:
        no_such_event(slug)


def _order(
    storage: Storage, settings: Settings, slug: str, asked: tuple[tuple[str, ...], int]
) -> Order:
    kinds, tickets = asked
    tent = _day(storage, slug).tent
    sheet = None
    if "badges" in kinds:
        now = SystemClock().now()
        sheet = badge_sheets.issue(storage.staff, storage.keys, tent.event, now)
        if badge_sheets.too_early(tent.event, sheet):
            click.echo(
                "tentqueue: warning: the badges end before the tent opens; print them again, with "
                "--only badges, in the three days before the day",
                err=True,
            )
    return Order(tent, _address(settings), storage.keys, sheet, tickets)


def _address(settings: Settings) -> str:
    """The address on the sheets; a warning where nobody else could reach it."""
    if settings.public_url:
        return settings.public_url
    address = f"http://{settings.host}:{settings.port}"
    click.echo(
        f"tentqueue: warning: the sheets lead to {address}; give --public-url the address that "
        "phones use",
        err=True,
    )
    return address


def _write(out: Path, pdf: bytes) -> None:
    """For its owner only: the badges in it sign devices in."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
    except OSError as wrong:
        fail(f"{out}: {wrong.strerror}")
