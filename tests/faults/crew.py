"""Who presses what on a day with faults: runners, therapists, desk and organiser. They look at what
a server tells now and may be wrong by the time they press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tentqueue.domain import Command, Tent
from tentqueue.domain import commands as do
from tentqueue.domain.model import LaneName, ReferralCategory, RunnerClass, Screening
from tentqueue.services.asker import Asker, Power

if TYPE_CHECKING:
    from tests.faults.day import Day

RUNNERS = 70
THERAPISTS = ("ana", "ben", "chidi", "dora")
MIA = Asker(Power.RUNNER, "runner")
EVE = Asker(Power.DESK, "Eve")
OLGA = Asker(Power.ORGANISER, "Olga")
CODES = tuple(f"{letter}{n:03d}" for letter in "WR" for n in range(1, 30))


@dataclass(frozen=True)
class Wish:
    """A command, and who asks."""

    command: Command
    asker: Asker


def runners(day: Day) -> None:
    """Seventy who join over the day; most wait, some change their minds."""
    for number in range(RUNNERS):
        at = day.world.random.uniform(60, 5.5 * 3600)
        day.world.later(at, lambda n=number: _join(day, n))


def _join(day: Day, number: int) -> None:
    chance = day.world.random
    warm = day.world.now < _noonish(day)
    lane = LaneName.WARMUP if warm else LaneName.RECOVERY
    if chance.random() < 0.05:
        lane = LaneName.NEXTDAY
    finished = None if warm else day.world.now - timedelta(minutes=chance.uniform(0, 40))
    if lane is LaneName.RECOVERY and chance.random() < 0.2:
        finished = None
    runner = f"ticket-{number:026d}"
    day.ask(
        Wish(
            do.JoinLane(
                runner,
                lane,
                chance.random() > 0.02,
                wave=chance.choice(["Half/A", "Half/B"]),
                bib_tag=f"bib-tag-{chance.randint(1, RUNNERS)}",
                finished_at=finished,
                screening=chance.choice([*Screening, Screening.OK, Screening.OK]),
                runner_class=chance.choice([RunnerClass.NONE, RunnerClass.WHEELCHAIR]),
                at_tent=chance.random() < 0.3,
            ),
            chance.choice([MIA, EVE]),
        )
    )
    for kind in chance.sample(_LATER, chance.randint(0, 2)):
        day.world.later(chance.uniform(10, 3000), lambda k=kind: day.ask(Wish(k(runner), MIA)))


def _noonish(day: Day) -> Any:
    from tests.cast import NINE, mins

    return NINE + mins(130)


_LATER = (do.LeaveLine, do.GiveMoreTime, do.ConfirmHere, do.ConfirmHere, do.EraseTicket)


def therapists(day: Day) -> None:
    """Four who press the next step as soon as they see it, sometimes twice, sometimes late."""
    for name in THERAPISTS:
        day.world.later(day.world.random.uniform(30, 900), lambda n=name: _work(day, n))


def _work(day: Day, name: str) -> None:
    tent = _looking_at(day)
    if tent is not None and name in tent.therapists and not day.calm:
        for command in _next_step(day, tent, name):
            day.ask(Wish(command, Asker(Power.THERAPIST, name, name)))
    day.world.later(day.world.random.uniform(15, 90), lambda: _work(day, name))


def _looking_at(day: Day) -> Tent | None:
    race_day = day.world.random.choice(day.workers).race_day
    return None if race_day is None else race_day.tent


def _next_step(day: Day, tent: Tent, name: str) -> list[Command]:
    chance, therapist = day.world.random, tent.therapists[name]
    code = therapist.ticket or ""
    steps: dict[str, list[Command]] = {
        "off": [do.BeAvailable(name)],
        "break": [do.BeAvailable(name)],
        "called": [
            chance.choice(
                [do.StartTreatment(code, name)] * 6
                + [do.MarkNoShow(code, name), do.RecallRunner(code, name)]  # type: ignore[list-item]
            )
        ],
        "changeover": [do.CleanTable(code, name)],
        "available": [],
    }
    if therapist.state == "in_treatment":
        return _at_table(day, tent, name, code)
    step = steps[therapist.state]
    if chance.random() < 0.02:
        return [chance.choice([do.TakeBreak(name), do.GoHome(name)])]
    return step * 2 if chance.random() < 0.1 else step


def _at_table(day: Day, tent: Tent, name: str, code: str) -> list[Command]:
    chance = day.world.random
    if chance.random() < 0.02:
        return [do.ReferRunner(code, name, chance.choice(list(ReferralCategory)))]
    if chance.random() < 0.03:
        return [do.ExtendTreatment(code, name)]
    started = tent.open[code].started_at if code in tent.open else None
    over = started is not None and day.world.now - started > timedelta(minutes=8)
    return [do.FinishTreatment(code, name)] if over and chance.random() < 0.4 else []


def desk(day: Day) -> None:
    """A desk and an organiser who steer now and then, by codes they may have misread."""
    day.world.later(day.world.random.uniform(60, 400), lambda: _steer(day))


def _steer(day: Day) -> None:
    chance = day.world.random
    tent = _looking_at(day)
    codes = list(tent.open) if tent is not None and tent.open else list(CODES)
    code, other = chance.choice(codes), chance.choice(codes)
    lane = chance.choice([LaneName.WARMUP, LaneName.RECOVERY])
    wishes = [
        Wish(do.Undo(by=EVE.label), EVE),
        Wish(do.Undo(), OLGA),
        Wish(do.MoveTicket(code, "train to catch", other), OLGA),
        Wish(do.MoveTicket(code, "train to catch"), OLGA),
        Wish(do.HoldTicket(code), EVE),
        Wish(do.RecallRunner(code), EVE),
        Wish(do.ScreenRunner(code, chance.choice(list(Screening))), EVE),
        Wish(do.ConfirmHere(code), EVE),
        Wish(chance.choice([do.PauseLane, do.CloseLane, do.OpenLane])(lane), OLGA),
        Wish(do.OpenLane(lane), OLGA),
        Wish(do.Announce(chance.choice(["", "Drink.", "Rain at noon."])), OLGA),
        Wish(do.RecordFinish(f"bib-tag-{chance.randint(1, RUNNERS)}", day.world.now), OLGA),
        Wish(do.StartTreatment(chance.choice(CODES)), EVE),
    ]
    if not day.calm:
        day.ask(chance.choice(wishes))
    day.world.later(chance.uniform(20, 300), lambda: _steer(day))


ACTORS: tuple[Callable[[Day], None], ...] = (runners, therapists, desk)
