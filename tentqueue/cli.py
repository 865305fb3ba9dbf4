"""The command line: thin commands, each error one line. Decides nothing about the tent.

This is also the one place where gevent patches the standard library, and only for `serve` and
`demo`: first thing in `_patched`, before the server's modules are imported.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from importlib import import_module
from typing import TYPE_CHECKING

import click

from tentqueue.console import BAD_INPUT, database_option, fail, refusals, settings_with

if TYPE_CHECKING:
    from tentqueue.settings import Settings


_MODULES = {
    "agent": "commands_simulation",
    "backup": "commands_keeping",
    "doctor": "doctor",
    "event": "commands_event",
    "import": "commands_import",
    "move": "commands_keeping",
    "passphrase": "commands_event",
    "plan": "commands_plan",
    "posters": "commands_paper",
    "report": "commands_paper",
    "purge": "commands_keeping",
    "restore": "commands_keeping",
    "simulate": "commands_simulation",
    "token": "commands_event",
    "tokens": "commands_event",
}


class Console(click.Group):
    """Loads a command's module when it is asked for: a judge waits for the agent's first answer."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, loaded or not."""
        return sorted({*super().list_commands(ctx), *_MODULES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name in _MODULES and cmd_name not in self.commands:
            import_module(f"tentqueue.{_MODULES[cmd_name]}").register(self)
        return super().get_command(ctx, cmd_name)


@click.group(cls=Console, invoke_without_command=True)
@click.version_option(package_name="tentqueue", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """The queue of a massage tent on race day.

    See a whole day of it first: tentqueue demo
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command()
@click.option("--host", help="Address to listen on; 0.0.0.0 for the whole network.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 8000.")
@click.option("--public-url", metavar="URL", help="The address people use, behind a proxy too.")
@database_option
def serve(host: str | None, port: int | None, public_url: str | None, database: str | None) -> None:
    """Serve the events until Ctrl-C or SIGTERM.

    Every option can come from a TENTQUEUE_ variable. Example:

      tentqueue serve --host 0.0.0.0 --public-url http://192.168.1.10:8000
    """
    settings = settings_with(host=host, port=port, public_url=public_url, database=database)
    _start_quickly()
    _patched()
    with refusals():
        _serve(settings)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--speed",
    type=click.FloatRange(1, 120),
    default=30,
    show_default=True,
    help="Minutes of the day in one of ours.",
)
@click.option(
    "--minutes", type=click.FloatRange(0, 1440, min_open=True), help="Stop after so many."
)
@click.option("--open", "opens", is_flag=True, help="Open the board in a browser.")
def demo(port: int, speed: float, minutes: float | None, opens: bool) -> None:
    """Play a whole race day from real finish times, in a throw-away database.

    The real server, with runners and therapists who use it over HTTP. Example:

      tentqueue demo --speed 60 --open
    """
    _patched()
    from tentqueue.demo import DayBroken, Plan, play
    from tentqueue.demo.telling import Teller
    from tentqueue.logs import begin_log

    begin_log("error")
    teller = Teller(speed, webbrowser.open if opens else None)
    try:
        with refusals_of_the_port(port):
            play(Plan(port, speed, minutes), teller.watcher)
    except DayBroken as why:
        fail(str(why))
    finally:
        teller.end()


def _start_quickly() -> None:
    from tentqueue.process import start_quickly

    start_quickly()


def _patched() -> None:
    """Make the standard library wait by gevent's loop."""
    from gevent import monkey

    monkey.patch_all()


def _serve(settings: Settings) -> None:
    from tentqueue.app import create_app
    from tentqueue.logs import begin_log, log_answer
    from tentqueue.server import serve as run
    from tentqueue.sign_in_links import setup_link
    from tentqueue.web.address import reachable

    begin_log(settings.log_level)
    app = create_app(settings)
    house = app.extensions["tentqueue"]

    def ready(port: int) -> None:
        where = settings.public_url or f"http://{reachable(settings.host)}:{port}"
        click.echo(f"tentqueue serves {where} from {house.storage.path}; Ctrl-C stops it.")
        if first := setup_link(house):
            click.echo(f"First start: choose the organiser's passphrase, once, at {where}{first}")

    try:
        with refusals_of_the_port(settings.port):
            log = log_answer if settings.log_level == "debug" else None
            run(app, settings.host, settings.port, access_log=log, on_ready=ready)
    finally:
        house.close()


class refusals_of_the_port:
    """Turn a port that can't be had into one line."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, OSError):
            why = os.strerror(error.errno) if error.errno else str(error)
            fail(f"--port {self._port}: {why}; choose another with --port")


def main() -> None:
    """Run the command line; the entry point of the package."""
    try:
        code = cli.main(standalone_mode=False)
    except click.UsageError as wrong:
        where = wrong.ctx.command_path if wrong.ctx else "tentqueue"
        fail(f"{wrong.format_message()} See: {where} --help", BAD_INPUT)
    except click.ClickException as wrong:
        fail(wrong.format_message(), wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
