"""The five numbers a report begins with."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.said import Said
from tentqueue.services.report.day import DayReport
from tentqueue.services.report.tables import Cell


@dataclass(frozen=True)
class Figure:
    """One number with its unit, and what it counts."""

    value: Cell
    words: str
    unit: str = ""


def figures(report: DayReport) -> list[Figure]:
    """Treated, waits, promises, work; None where nothing happened."""
    told = report.all_promises
    held = 100 * told.held / told.count if told.count else None
    duty = sum(team.duty_hours for team in report.teams.values())
    hands = sum(team.hands_on_hours for team in report.teams.values())
    used = 100 * hands / duty if duty else None
    return [
        Figure(report.treated, Said("treated")),
        Figure(_whole(report.all_waits.p50), Said("minutes: half waited under")),
        Figure(_whole(report.all_waits.p90), Said("minutes: 9 of 10 waited under")),
        Figure(_whole(held), Said("treated in the range told"), "%"),
        Figure(_whole(used), Said("of time on duty hands on"), "%"),
    ]


def _whole(value: float | None) -> Cell:
    return None if value is None else round(value)
