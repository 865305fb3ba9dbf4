"""The command that plans: how many therapists, by half-hour, so that the promises hold."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import click

from tentqueue.console import BAD_INPUT, fail
from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.event_file import EventFileProblems, read_event
from tentqueue.simulation import plan_report as report
from tentqueue.simulation.chart import NoMatplotlib, write_png
from tentqueue.simulation.confirm import Confirmed, Trial, confirm
from tentqueue.simulation.past import Finisher, ResultsProblem, read_results
from tentqueue.simulation.planned import Asked, Planned, planned
from tentqueue.simulation.progress import Progress
from tentqueue.simulation.samples import draw
from tentqueue.simulation.staffing import Search, Staffing, Target

BUDGET = 32.0
"""Seconds after which no further whole day is played through the tent's own dispatch."""


def register(group: click.Group) -> None:
    """Add this module's command to the command line."""
    group.add_command(plan_command)


@click.command("plan")
@click.argument("event_file", metavar="EVENT.toml", type=click.Path(path_type=Path))
@click.option("--results", type=click.Path(path_type=Path), help="Past results, CSV.")
@click.option(
    "--target-wait", type=click.FloatRange(1, 240), default=20, show_default=True, help="Minutes."
)
@click.option("--out", type=click.Path(path_type=Path), help="FILE.html or FILE.png: the chart.")
@click.option("--runners", type=click.IntRange(1, 200_000), help="Field; default: the results'.")
@click.option("--recovery-share", type=click.FloatRange(0, 100), default=8, show_default=True)
@click.option("--warmup-share", type=click.FloatRange(0, 100), default=4, show_default=True)
@click.option("--promise", type=click.FloatRange(50, 97), default=90, show_default=True)
@click.option("--days", type=click.IntRange(2, 200), default=24, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def plan_command(event_file: Path, results: Path | None, out: Path | None, **asked: float) -> None:
    """Say how many therapists a race needs, by half-hour, with the chance of each promise.

    By simulation, from the event's file and, if given, past results. Shares in percent. Example:

      tentqueue plan riverside.toml --results last-year.csv --target-wait 20 --out plan.html
    """
    if out is not None and out.suffix not in (".html", ".png"):
        fail(f"{out}: --out must end in .html or .png", BAD_INPUT)
    plan = _planned(event_file, results, asked)
    staffing, confirmed = _searched(plan, asked)
    for sentence in report.sentences(staffing, confirmed):
        click.echo(sentence)
    click.echo(f"\n{report.plain(report.half_hours(staffing))}")
    click.echo(f"\n{report.plain(report.options(staffing))}")
    if out is not None:
        _write(out, staffing, confirmed)
    if not staffing.reached:
        fail("the promises can't be kept with any number of therapists")


def _planned(event_file: Path, results: Path | None, asked: dict[str, float]) -> Planned:
    event = _event(event_file)
    field = asked["runners"]
    shares = asked["recovery_share"], asked["warmup_share"]
    try:
        past = _results(results) if results is not None else []
        return planned(event, past, Asked(int(field) if field else None, *shares))
    except ResultsProblem as wrong:
        fail(f"{results or event_file}: {wrong}", BAD_INPUT)


def _results(path: Path) -> list[Finisher]:
    try:
        return read_results(path)
    except OSError as wrong:
        fail(f"{path}: {wrong.strerror}", BAD_INPUT)


def _event(path: Path) -> RaceEvent:
    try:
        # Without its warnings: that nobody works there yet is why one plans.
        return read_event(path.read_text(encoding="utf-8"), str(path))
    except OSError as wrong:
        fail(f"{path}: {wrong.strerror}", BAD_INPUT)
    except UnicodeDecodeError:
        fail(f"{path}: is not UTF-8; save it as UTF-8 again", BAD_INPUT)
    except EventFileProblems as wrong:
        fail(str(wrong.problems[0]), BAD_INPUT)


def _searched(plan: Planned, asked: dict[str, float]) -> tuple[Staffing, list[Confirmed]]:
    days, target = int(asked["days"]), Target(asked["promise"], asked["target_wait"])
    began = monotonic()
    samples = draw(plan, days, int(asked["seed"]))
    searching = Progress(Search.TRIALS, "searching")
    staffing = Search(plan, samples, target, searching.to).answer()
    searching.end()
    if not any(staffing.best.need):
        fail("nobody is expected: there is nothing to plan for", BAD_INPUT)
    confirming = Progress(days, "confirming")
    trial = Trial(plan, samples, staffing.best.need, target.wait)
    # Two whole days at least: the search alone must not have the last word.
    confirmed = confirm(trial, BUDGET - (monotonic() - began), confirming.to)
    confirming.end()
    return staffing, confirmed


def _write(out: Path, staffing: Staffing, confirmed: list[Confirmed]) -> None:
    try:
        if out.suffix == ".png":
            write_png(staffing, str(out))
        else:
            out.write_text(report.page(staffing, confirmed), encoding="utf-8")
    except NoMatplotlib as missing:
        fail(str(missing))
    except OSError as wrong:
        fail(f"{out}: {wrong.strerror}")
