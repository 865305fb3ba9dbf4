"""The scenes of a race day, played on a live server: the sweeps and the pictures share them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.screens.staff_pages import StaffTent

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

    def __init__(self, tent: StaffTent, folder: Path) -> None:
        self.tent, self._minutes = tent, folder / "minutes"
        self.tickets: list[dict[str, Any]] = []

    @property
    def ahead(self) -> float:
        """Minutes after noon."""
        return float(self._minutes.read_text()) if self._minutes.exists() else 0.0

    def after(self, minutes: float) -> None:
        """Let time pass, and the server see that it did."""
        self._minutes.write_text(str(self.ahead + minutes))
        subprocess.run(["sleep", "1.5"], check=True)

    def join(self, count: int) -> None:
        """Runners come, one after the other."""
        for _ in range(count):
            number = len(self.tickets)
            name = NAMES[number % len(NAMES)]
            joined = self.tent.join(
                name=name, bib=str(1042 + 37 * number), areas=["calves", "quads"]
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


def empty(stage: Stage) -> None:
    """Two therapists are ready, nobody has come."""
    stage.tent.on_duty("ana", "ben")


def steady(stage: Stage) -> None:
    """Four tables, a line of moderate length, one runner on the way."""
    stage.tent.on_duty("ana", "ben", "chidi", "dora")
    stage.join(9)
    stage.start(4)
    stage.after(12)
    stage.treated()
    stage.start(3)
    stage.join(4)
    stage.tent.post("announce", {"text": "Water and dry shirts are left of the tent."})
    stage.after(1)


def surge(stage: Stage) -> None:
    """The big wave is in."""
    stage.tent.on_duty("ana", "ben", "chidi")
    stage.join(40)
    stage.start(2)
    stage.after(1)


def closing(stage: Stage) -> None:
    """The lane takes nobody more; the last are treated."""
    steady(stage)
    stage.tent.post("lanes/recovery/close")
    stage.after(1)


SCENES: dict[str, Callable[[Stage], None]] = {
    "empty": empty,
    "steady": steady,
    "surge": surge,
    "closing": closing,
    "offline": steady,
}
