"""The commands about events and their tokens: `event create`, `list`, `show`, `check`; `token`."""

from __future__ import annotations

from pathlib import Path

import click

from tentqueue.console import (
    BAD_INPUT,
    database_option,
    fail,
    open_storage,
    read_event_file,
    settings_with,
)
from tentqueue.domain.race_event import RaceEvent
from tentqueue.opening import define, tents_of
from tentqueue.services.clock import SystemClock
from tentqueue.services.event_file import write_event
from tentqueue.services.tents import UnknownEvent
from tentqueue.staff_tokens import new_token
from tentqueue.storage import Storage

ROLES = ("organiser", "desk", "therapist", "board")
event_file = click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))


def register(group: click.Group) -> None:
    """Add this module's commands to the command line."""
    group.add_command(event_group)
    group.add_command(token_command)


@click.group("event", invoke_without_command=True)
@click.pass_context
def event_group(context: click.Context) -> None:
    """Events, each described by a file. Works while the server runs.

    Example: tentqueue event create riverside.toml
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@event_group.command("create")
@event_file
@database_option
def create(file: Path, database: str | None) -> None:
    """Create the event of FILE.toml, or change the one with its slug.

    The same file again changes nothing. Example:

      tentqueue event create riverside.toml
    """
    settings, event = settings_with(database=database), read_event_file(file)
    with open_storage(settings) as storage:
        click.echo(f"{event.slug}: {define(storage, event)}")


@event_group.command("check")
@event_file
def check(file: Path) -> None:
    """Check FILE.toml and change nothing.

    Every problem is told with its line. Example:

      tentqueue event check riverside.toml
    """
    event = read_event_file(file)
    click.echo(
        f"{file}: good. {event.name}: {len(event.waves)} waves, {', '.join(event.lanes)}, "
        f"{len(event.therapists)} therapists at {event.tables} tables"
    )


@event_group.command("list")
@database_option
def list_events(database: str | None) -> None:
    """List the events: slug, day and name.

    Example: tentqueue event list
    """
    with open_storage(settings_with(database=database)) as storage:
        tents = tents_of(storage)
        for slug in tents.slugs():
            event = tents.of(slug).tent.event
            click.echo(f"{slug}\t{event.date}\t{event.name}")


@event_group.command("show")
@click.argument("slug")
@database_option
def show(slug: str, database: str | None) -> None:
    """Print an event as the file it could be made from.

    Example: tentqueue event show riverside-half > riverside.toml
    """
    with open_storage(settings_with(database=database)) as storage:
        click.echo(write_event(_event(storage, slug)), nl=False)


@click.command("token")
@click.argument("slug")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What its holder may do.")
@click.option("--therapist", metavar="NAME", help="Whose token, for --role therapist.")
@database_option
def token_command(slug: str, role: str, therapist: str | None, database: str | None) -> None:
    """Print a new bearer token for API and socket; it is shown only once.

    Works while the server runs. Example:

      tentqueue token riverside-half --role therapist --therapist Ana
    """
    if (role == "therapist") != (therapist is not None):
        fail("--therapist: give it with --role therapist, and only then", BAD_INPUT)
    with open_storage(settings_with(database=database)) as storage:
        event = _event(storage, slug)
        whose = None if therapist is None else _therapist(event, therapist)
        click.echo(new_token(storage, SystemClock().now(), slug, role, whose))


def _event(storage: Storage, slug: str) -> RaceEvent:
    try:
        return tents_of(storage).of(slug).tent.event
    except UnknownEvent:
        fail(f"there is no event {slug[:60]!r}; `tentqueue event list` shows those there are")


def _therapist(event: RaceEvent, wanted: str) -> str:
    """The id of a therapist, by name or id."""
    named = [t.id for t in event.therapists if wanted.casefold() in (t.id, t.name.casefold())]
    if len(named) != 1:
        known = ", ".join(t.id for t in event.therapists) or "nobody"
        fail(f"--therapist {wanted[:40]!r}: write one of {known}")
    return named[0]
