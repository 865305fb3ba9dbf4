"""The scenes of a race day, played on a live server: the sweeps and the pictures share them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cast import NOON
from tests.screens.staff_pages import StaffTent

Playing = Iterator[float]
"""A scene being played: it yields the minutes that pass."""

NAMES = (
    "Mia",
    "Jonas",
    "Priya",
    "Tomás",
    "Aiko",
    "Leah",
    "Sam",
    "Noor",
    "Otto",
    "Wen",
    "Ida",
    "Raj",
)


class Stage:
    """One scene's tent, whose clock can be put forward, and who has joined it."""

    def __init__(self, tent: StaffTent, folder: Path, began: datetime = NOON) -> None:
        self.tent, self._minutes, self._began = tent, folder / "minutes", began
        self.tickets: list[dict[str, Any]] = []

    @property
    def ahead(self) -> float:
        """Minutes after it began."""
        return float(self._minutes.read_text()) if self._minutes.exists() else 0.0

    def after(self, minutes: float) -> None:
        """Let time pass, and the server see that it did."""
        self._minutes.write_text(str(self.ahead + minutes))
        subprocess.run(["sleep", "1.5"], check=True)

    def join(self, count: int) -> None:
        """Runners come, one after the other, half an hour after their finish."""
        finished = self._began - timedelta(minutes=30)
        for _ in range(count):
            number = len(self.tickets)
            name = NAMES[number % len(NAMES)]
            joined = self.tent.join(
                name=name,
                bib=str(1042 + 37 * number),
                areas=["calves", "quads"],
                finished_at=finished.isoformat(),
            )
            self.tickets.append(joined)

    def called(self) -> list[dict[str, Any]]:
        """The tickets called just now."""
        return [t for t in self.tent.view()["tickets"] if t["state"] == "called"]

    def start(self, count: int) -> None:
        """So many of those called lie down."""
        for ticket in self.called()[:count]:
            self.tent.post(f"tickets/{ticket['code']}/start")

    def treated(self) -> None:
        """Everybody on a table gets up, and the tables are clean."""
        for ticket in self.tent.view()["tickets"]:
            if ticket["state"] == "in_treatment":
                self.tent.post(f"tickets/{ticket['code']}/finish")
                self.tent.post(f"tickets/{ticket['code']}/clean")


def empty(stage: Stage) -> Playing:
    """Two therapists are ready, nobody has come."""
    stage.tent.on_duty("ana", "ben")
    yield from ()


def steady(stage: Stage) -> Playing:
    """Four tables, a line of moderate length, one runner on the way."""
    stage.tent.on_duty("ana", "ben", "chidi", "dora")
    stage.join(9)
    stage.start(4)
    yield 12
    stage.treated()
    stage.start(3)
    stage.join(4)
    stage.tent.post("announce", {"text": "Water and dry shirts are left of the tent."})
    yield 1


def surge(stage: Stage) -> Playing:
    """The big wave is in."""
    stage.tent.on_duty("ana", "ben", "chidi")
    stage.join(40)
    stage.start(2)
    yield 1


def closing(stage: Stage) -> Playing:
    """The lane takes nobody more; the last are treated."""
    yield from steady(stage)
    stage.tent.post("lanes/recovery/close")
    yield 1


SCENES: dict[str, Callable[[Stage], Playing]] = {
    "empty": empty,
    "steady": steady,
    "surge": surge,
    "closing": closing,
    "offline": steady,
}
TAKES = {"empty": 0, "steady": 13, "surge": 1, "closing": 14, "offline": 13}
"""Minutes that pass in each."""


def play(stage: Stage, scene: str) -> None:
    """Play one scene to its end."""
    for minutes in SCENES[scene](stage):
        stage.after(minutes)


def play_together(stages: dict[str, Stage]) -> None:
    """Play scenes under one clock, so that all of them end now."""
    longest = max(TAKES.values())
    due = [(longest - TAKES[name], name, SCENES[name](stage)) for name, stage in stages.items()]
    while due:
        due.sort(key=lambda one: one[0])
        at, name, playing = due.pop(0)
        if at > stages[name].ahead:
            stages[name].after(at - stages[name].ahead)
        minutes = next(playing, None)
        if minutes is not None:
            due.append((at + minutes, name, playing))


def began(folder: Path) -> datetime:
    """When the scenes of a server's folder began."""
    return datetime.fromisoformat((folder / "began").read_text())
