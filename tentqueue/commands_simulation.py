"""The commands that play race days: `agent` blind for a judge, `simulate` by itself."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tentqueue.console import BAD_INPUT, REFUSED, fail
from tentqueue.simulation.agent import Agent
from tentqueue.simulation.dayfile import Day, DayFileProblem, read_day
from tentqueue.simulation.log import Played, play, write_log
from tentqueue.simulation.progress import Progress
from tentqueue.simulation.stdio import BadMessage, converse


def register(group: click.Group) -> None:
    """Add this module's commands to the command line."""
    group.add_command(agent_command)
    group.add_command(simulate_command)


@click.command("agent")
@click.option("--stdio", is_flag=True, help="Speak over stdin and stdout; the only way there is.")
def agent_command(stdio: bool) -> None:
    """Play a race day blind for a judge, one JSON message a line.

    The same rules, dispatch and estimates as a real tent, on a virtual clock. Example:

      python3 judge.py DAY.json --cmd "tentqueue agent --stdio" --out log.json
    """
    if not stdio:
        fail("agent: add --stdio, the judge speaks over stdin and stdout", BAD_INPUT)
    try:
        converse(Agent(), sys.stdin, sys.stdout)
    except BadMessage as wrong:
        fail(f"agent: {wrong}", BAD_INPUT)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(REFUSED)


@click.command("simulate")
@click.argument("day_file", metavar="DAY.json", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the judge's log here.")
@click.option("--seed", type=int, help="Draw the hidden truth anew: another day of that race.")
def simulate_command(day_file: Path, out: Path | None, seed: int | None) -> None:
    """Play a day file and print what happened; the dispatcher sees no more than a tent would.

    Without --seed the day is as the file says, and the same each time. Example:

      tentqueue simulate day.json --out log.json
    """
    # Only here: the agent, which has no use for numpy, must answer a judge's first line at once.
    from tentqueue.simulation.chances import played_again
    from tentqueue.simulation.scores import scores_of, table_of

    day = _read(day_file)
    if seed is not None:
        day = played_again(day, seed)
    played = _play(day)
    click.echo(f"{day.id}   {_summary(played)}")
    click.echo(table_of({"this day": scores_of(played)}))
    if out is not None:
        _write(played, out)
    if played.refused:
        fail(f"{len(played.refused)} commands were illegal; first: {played.refused[0]}")


def _read(path: Path) -> Day:
    try:
        return read_day(path)
    except DayFileProblem as wrong:
        fail(f"{path}: {wrong}", BAD_INPUT)
    except OSError as wrong:
        fail(f"{path}: {wrong.strerror}", BAD_INPUT)


def _play(day: Day) -> Played:
    event = day.public["event"]
    progress = Progress(event["close_s"] - event["open_s"], "playing")
    played = play(day, Agent(), lambda now: progress.to(now - event["open_s"]))
    progress.end()
    return played


def _summary(played: Played) -> str:
    runners, therapists = len(played.world.guests), len(played.world.hands)
    treated = sum(guest.place == "done" for guest in played.world.guests.values())
    return f"{runners} runners, {treated} treated, {therapists} therapists"


def _write(played: Played, out: Path) -> None:
    try:
        write_log(played, out)
    except OSError as wrong:
        fail(f"{out}: {wrong.strerror}")
