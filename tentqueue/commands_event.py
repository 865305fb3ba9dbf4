"""The commands about events and who may come in: `event create`, `list`, `show`, `check`; `token`,
`tokens`, `passphrase`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tentqueue.console import (
    BAD_INPUT,
    database_option,
    fail,
    no_such_event,
    open_storage,
    read_event_file,
    settings_with,
)
from tentqueue.domain.race_event import RaceEvent
from tentqueue.opening import define, tents_of
from tentqueue.services.clock import SystemClock
from tentqueue.services.event_file import write_event
from tentqueue.services.tents import UnknownEvent
from tentqueue.staff_tokens import end_token, new_token
from tentqueue.storage import Storage

ROLES = ("organiser", "desk", "therapist", "board")
event_file = click.argument("file", metavar="FILE.toml", type=click.Path(path_type=Path))


def register(group: click.Group) -> None:
    """Add this module's commands to the command line."""
    group.add_command(event_group)
    group.add_command(token_command)
    group.add_command(tokens_command)
    group.add_command(passphrase_command)


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


@click.command("tokens")
@click.argument("slug")
@click.option("--end", metavar="NAME", help="End the token of this name, at once.")
@database_option
def tokens_command(slug: str, end: str | None, database: str | None) -> None:
    """List an event's bearer tokens: name, role, therapist, when it was made, whether it ended.

    The journal calls a token's holder by the same name. Works while the server runs. Example:

      tentqueue tokens riverside-half --end token-3fa91c
    """
    with open_storage(settings_with(database=database)) as storage:
        _event(storage, slug)
        if end is not None and not end_token(storage, SystemClock().now(), slug, end):
            fail(
                f"--end {end[:40]!r}: no token has this name; `tentqueue tokens {slug}` lists them"
            )
        for token in storage.staff.tokens(slug):
            made = datetime.fromtimestamp(token.created_at / 1e6, UTC).isoformat(timespec="seconds")
            state = "ended" if token.revoked_at is not None else "good"
            click.echo("\t".join((token.label, token.role, token.therapist or "-", made, state)))


@click.command("passphrase")
@click.option("--public-url", metavar="URL", help="The address people use (TENTQUEUE_PUBLIC_URL).")
@database_option
def passphrase_command(public_url: str | None, database: str | None) -> None:
    """Print a link to choose the organiser's passphrase anew, once, within a day.

    Until then the old one works; after it nobody is signed in by the old one. Works while the
    server runs. Example:

      tentqueue passphrase --public-url http://192.168.1.10:8000
    """
    from tentqueue.sign_in_links import new_setup_link

    settings = settings_with(database=database, public_url=public_url)
    where = (settings.public_url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    with open_storage(settings) as storage:
        click.echo(f"{where}{new_setup_link(storage, SystemClock().now())}")


def _event(storage: Storage, slug: str) -> RaceEvent:
    try:
        return tents_of(storage).of(slug).tent.event
    except UnknownEvent:
        no_such_event(slug)


def _therapist(event: RaceEvent, wanted: str) -> str:
    """The id of a therapist, by name or id."""
    named = [t.id for t in event.therapists if wanted.casefold() in (t.id, t.name.casefold())]
    if len(named) != 1:
        known = ", ".join(t.id for t in event.therapists) or "nobody"
        fail(f"--therapist {wanted[:40]!r}: write one of {known}")
    return named[0]
