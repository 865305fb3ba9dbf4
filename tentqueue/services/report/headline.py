"""The five numbers a report begins with."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.said import Said
from tentqueue.services.report.day import DayReport


@dataclass(frozen=True)
class Figure:
    """One number with its unit, and what it counts."""

    value: str
    words: Said


def figures(report: DayReport) -> list[Figure]:
    """Treated, waits, promises, work; a dash where nothing happened."""
    told = report.all_promises
    held = f"{100 * told.held / told.count:.0f} %" if told.count else "–"
    duty = sum(team.duty_hours for team in report.teams.values())
    hands = sum(team.hands_on_hours for team in report.teams.values())
    used = f"{100 * hands / duty:.0f} %" if duty else "–"
    return [
        Figure(str(report.treated), Said("treated")),
        Figure(_minutes(report.all_waits.p50), Said("minutes: half waited under")),
        Figure(_minutes(report.all_waits.p90), Said("minutes: 9 of 10 waited under")),
        Figure(held, Said("treated in the range told")),
        Figure(used, Said("of time on duty hands on")),
    ]


def _minutes(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"
