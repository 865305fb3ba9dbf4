"""The commands that keep an event and let it go: `backup`, `restore`, `move`, `purge`."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import click

from tentqueue.console import (
    BAD_INPUT,
    database_option,
    fail,
    no_such_event,
    open_storage,
    refusals,
    settings_with,
)
from tentqueue.services.clock import SystemClock
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.settings import Settings

file_argument = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


def register(group: click.Group) -> None:
    """Add this module's commands to the command line."""
    group.add_command(backup_command)
    group.add_command(restore_command)
    group.add_command(purge_command)
    group.add_command(move_command)


@click.command("backup")
@click.argument("slug")
@file_argument
@click.option("--every", type=click.IntRange(1, 86_400), help="Again every so many seconds.")
@click.option(
    "--keep",
    type=click.IntRange(0, 99),
    default=0,
    help="How many older ones stay, as FILE.1 to FILE.N; none.",
)
@database_option
def backup_command(
    slug: str, file: Path, every: int | None, keep: int, database: str | None
) -> None:
    """Write an event to FILE: journal, people, staff and keys, all of one moment.

    Works while the server runs. Keep it like the machine itself: it opens every ticket. Example,
    on race day, to a second disk:

      tentqueue backup riverside-half /media/usb/riverside.zip --every 60 --keep 5
    """
    settings = settings_with(database=database)
    if every is None:
        with refusals():
            click.echo(_back_up(settings, slug, file, keep))
        return
    click.echo(f"{slug}: to {file} every {every} s; Ctrl-C ends it.")
    while True:
        _again(settings, slug, file, keep)
        time.sleep(every)


def _again(settings: Settings, slug: str, file: Path, keep: int) -> None:
    """One of many: a full or missing disk is told, and tried again the next time."""
    from tentqueue.storage import StorageError

    try:
        _back_up(settings, slug, file, keep)
    except (StorageError, StorageBusy, StorageFull, OSError) as wrong:
        words = " ".join(str(wrong).split())
        click.echo(f"tentqueue: {slug} was not backed up: {words}; trying again", err=True)


def _back_up(settings: Settings, slug: str, file: Path, keep: int) -> str:
    from tentqueue.storage.backup import write_backup
    from tentqueue.storage.entries import micros

    now = micros(SystemClock().now())
    with open_storage(settings) as storage:
        if storage.journal.get_event(slug) is None:
            no_such_event(slug)
        if not file.absolute().parent.is_dir():
            raise OSError(2, "its folder is not there; is the disk plugged in?", str(file))
        known = [path for path, _ in storage.backups.of_event(slug)]
        if str(file.absolute()) not in known:
            storage.backups.note(slug, file, now)
        manifest = write_backup(storage.database, slug, file, now, keep)
        # The machine's own disk may be full: then a backup is needed most.
        with suppress(StorageBusy, StorageFull):
            storage.backups.note(slug, file, now)
    return f"{slug}: entry {manifest.last_entry} in {file}"


@click.command("restore")
@file_argument
@click.option("--force", is_flag=True, help="Also over an event that is newer here.")
@database_option
def restore_command(file: Path, force: bool, database: str | None) -> None:
    """Put an event back from a backup, here or on a second machine.

    Tickets, keys, codes and PINs are as they were; new codes go on well behind those that may have
    been given out since. Example:

      tentqueue restore /media/usb/riverside.zip
    """
    from tentqueue.second_machine import restore

    settings = settings_with(database=database)
    if not file.is_file():
        fail(f"{file}: there is no such file", BAD_INPUT)
    with refusals():
        done = restore(settings.database_url, file, SystemClock().now(), force)
    if done is None:
        click.echo("nothing to do: all of the backup is here already")
        return
    codes = ", ".join(f"{lane.letter}{number + 1:03d}" for lane, number in done.codes.items())
    click.echo(
        f"{done.event}: back as of {done.made_at:%Y-%m-%d %H:%M:%S} UTC, entry {done.last_entry}."
        f" New codes begin at {codes}. Now: tentqueue serve"
    )
    if done.aside:
        click.echo(f"What was here before is in {done.aside}")


@click.command("move")
@click.argument("slug")
@click.option("--to", "target", metavar="URL", required=True, help="The other database.")
@database_option
def move_command(slug: str, target: str, database: str | None) -> None:
    """Move an event to another database: from a laptop's file to PostgreSQL, or back.

    Stop the server first; it takes seconds, and every ticket, key, code and PIN goes along. Then
    serve from the other one. Example, in the middle of a race:

      tentqueue move riverside-half --to postgresql+psycopg://tent@10.0.0.5/tent
    """
    from tentqueue.second_machine import move
    from tentqueue.storage.location import shown

    settings = settings_with(database=database)
    with refusals():
        last = move(settings.database_url, slug, target, SystemClock().now())
    click.echo(f"{slug}: all {last} entries are in the other database. Serve from there only:")
    click.echo(f"  tentqueue serve --database {shown(target)}")


@click.command("purge")
@click.argument("slug")
@click.option("--staff", "staff_too", is_flag=True, help="Therapists' names too, before the end.")
@database_option
def purge_command(slug: str, staff_too: bool, database: str | None) -> None:
    """Make an event's records anonymous now, and print the proof.

    People, keys to them, and every backup that can be reached go; codes, waits and areas stay for
    the report. Works while the server runs. Example:

      tentqueue purge riverside-half
    """
    from tentqueue.opening import tents_of
    from tentqueue.services.asker import Asker, Power
    from tentqueue.services.privacy import NotClean, Privacy
    from tentqueue.services.tents import UnknownEvent
    from tentqueue.storage.vault import StorageVault

    with open_storage(settings_with(database=database)) as storage:
        vault, clock = StorageVault(storage), SystemClock()
        privacy = Privacy(tents_of(storage), vault, clock, lambda slug: None)
        by = Asker(Power.SYSTEM, "purge")
        try:
            proof = privacy.wipe(slug, by, "command", True if staff_too else None)
        except UnknownEvent:
            no_such_event(slug)
        except NotClean as why:
            fail(f"{slug} is wiped but not proven yet: {why}; run the same again in a moment")
        for path in privacy.keeping(slug).backups:
            click.echo(f"tentqueue: not reached, delete it by hand: {path[0]}", err=True)
    found = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in proof.counts.items())
    click.echo(f"{slug}: wiped {proof.wiped_at:%Y-%m-%d %H:%M:%S} UTC. {found}")
