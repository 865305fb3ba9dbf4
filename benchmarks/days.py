"""Plays race days and prints the judge's figures beside the reference policies.

    python -m benchmarks.days                        the public days, blind, one process a day
    python -m benchmarks.days --fast                 the same in this process, with the speed
    python -m benchmarks.days --seed 7 --count 20    new days from finish times, in this process

A judge's folder holds day files, `refscores.json` and `score.py`; it is looked for in
`../shared/days`, or given by `--days`. Where it has a judge, the judge's own replay must agree.
New days take finish times from `--results FOLDER`, or from the practice day.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path

from tentqueue.simulation.agent import Agent
from tentqueue.simulation.dayfile import Day, Message, day_of
from tentqueue.simulation.days import many_days
from tentqueue.simulation.log import Played, play, write_log
from tentqueue.simulation.races import Race, practice_race, read_races
from tentqueue.simulation.scores import SHOWN, Scores, scores_of, table_of

ROOT = Path(__file__).parent.parent
REFERENCES = ("fifo", "edf_done", "fifo_ahead", "best", "oracle")
_AGENT = "from tentqueue.commands_simulation import agent_command; agent_command()"


class Blind:
    """`tentqueue agent --stdio` in a process of its own: no truth can reach it."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _AGENT, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        self.slowest = 0.0

    def __call__(self, message: Message) -> list[Message]:
        """Ask, and wait for the answer."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        began = time.perf_counter()
        self._child.stdin.write(json.dumps(message) + "\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        if "init" not in message:
            self.slowest = max(self.slowest, time.perf_counter() - began)
        return list(json.loads(answer)["cmds"])

    def close(self) -> None:
        """The day is over; the child ends by itself."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait(10)


@dataclass(frozen=True)
class Result:
    """A played day with its figures."""

    played: Played
    scores: Scores
    seconds: float
    slowest: float

    @property
    def speed(self) -> float:
        """Times real time."""
        event = self.played.day.public["event"]
        return float(event["close_s"] - event["open_s"]) / self.seconds


def result_of(day: Day, fast: bool) -> Result:
    """Play one day."""
    blind = None if fast else Blind()
    began = time.perf_counter()
    played = play(day, blind or Agent())
    seconds = time.perf_counter() - began
    if blind is not None:
        blind.close()
    return Result(played, scores_of(played), seconds, blind.slowest if blind else nan)


def judged(result: Result, path: Path) -> str:
    """What the judge in the same folder says of the log: `valid`, or how it differs."""
    judge = path.parent / "score.py"
    if not judge.exists():
        return "no judge here"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        write_log(result.played, log)
        command = [sys.executable, str(judge), str(path), str(log), "--json"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    verdict = json.loads(said.stdout)
    if not verdict["valid"]:
        return f"INVALID: {verdict['problems'][:2]}"
    same = abs(verdict["metrics"]["cost"] - result.scores["cost"]) < 1e-6
    return "valid" if same else f"judge's cost is {verdict['metrics']['cost']:.2f}"


def flat(reference: Message) -> Scores:
    """A reference policy's figures by the same names as ours."""
    found: Scores = {}
    for key, value in reference.items():
        if isinstance(value, dict):
            found |= {f"{key}.{name}": each for name, each in value.items()}
        else:
            found[key] = value
    return found


def mean_of(rows: Iterable[Scores]) -> Scores:
    """Mean of each figure over the days that have it."""
    rows, means = list(rows), {}
    for key, *_ in SHOWN:
        known = [r[key] for r in rows if r.get(key) is not None and not isnan(r[key])]
        means[key] = sum(known) / len(known) if known else nan
    return means


def line_of(result: Result, verdict: str) -> str:
    """One day on one line."""
    s, refused = result.scores, len(result.played.refused)
    return (
        f"{result.played.day.id:40.40} cost {s['cost']:6.2f}   warm-ups in time "
        f"{s['pre_on_time']:5.1f} %   recovery in 20 min {s['post_in20']:5.1f} %   miss "
        f"{s['eta_join.mae']:4.2f} min   range holds {s['eta_join.cover80']:4.1f} %   "
        f"{result.speed:6.0f} x real time   {refused} illegal   {verdict}"
    )


def public_days(folder: Path, fast: bool, each: bool) -> int:
    """Play a judge's days; print each, then means beside the references."""
    scores_file = folder / "refscores.json"
    known = json.loads(scores_file.read_text()) if scores_file.exists() else {}
    results, wrong = [], 0
    for path in sorted(p for p in folder.glob("*.json") if p != scores_file):
        result = result_of(day_of(json.loads(path.read_text())), fast)
        verdict = judged(result, path)
        wrong += bool(result.played.refused) or verdict not in ("valid", "no judge here")
        results.append(result)
        print(line_of(result, verdict), flush=True)
        if each:
            print(table_of({"this": result.scores} | columns([known.get(result.played.day.id)])))
    played = [known.get(result.played.day.id) for result in results]
    print(f"\nmean of {len(results)} days")
    print(table_of({"this": mean_of(r.scores for r in results)} | columns(played)))
    pace(results)
    return 1 if wrong else 0


def columns(known: list[Message | None]) -> dict[str, Scores]:
    """The references' means over these days, where they are known for all."""
    days = [each for each in known if each]
    names = [n for n in REFERENCES if days and all(n in each for each in days)]
    return {name: mean_of(flat(each[name]) for each in days) for name in names}


def new_days(race: Race, seed: int, count: int) -> int:
    """Make days and play them; print each and their mean."""
    results = []
    for content in many_days(race, count, seed):
        results.append(result_of(day_of(content), fast=True))
        print(line_of(results[-1], ""), flush=True)
    print(f"\nmean of {count} days, seed {seed}")
    print(table_of({"this": mean_of(r.scores for r in results)}))
    pace(results)
    return 1 if any(r.played.refused for r in results) else 0


def pace(results: list[Result]) -> None:
    """The speed over all days, and the slowest answer of a blind agent."""
    seconds = sum(r.seconds for r in results)
    simulated = sum(r.speed * r.seconds for r in results)
    slowest = max((r.slowest for r in results if not isnan(r.slowest)), default=nan)
    print(f"\n{simulated / seconds:.0f} times real time", end="")
    print("" if isnan(slowest) else f"; slowest answer {1000 * slowest:.0f} ms")


def main() -> int:
    """Play what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=Path, default=ROOT.parent / "shared" / "days")
    parser.add_argument("--fast", action="store_true", help="in this process")
    parser.add_argument("--quick", action="store_true", help="the same as --fast")
    parser.add_argument("--each", action="store_true", help="the whole table for each day")
    parser.add_argument("--seed", type=int, help="make new days")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--results", type=Path, help="folder with events.json and finish times")
    asked = parser.parse_args()
    if asked.seed is not None or not asked.days.is_dir():
        races = read_races(asked.results) if asked.results else {"practice": practice_race()}
        return max(new_days(race, asked.seed or 1, asked.count) for race in races.values())
    return public_days(asked.days, asked.fast or asked.quick, asked.each)


if __name__ == "__main__":
    sys.exit(main())
