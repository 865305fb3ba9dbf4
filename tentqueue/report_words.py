"""The report in one language: sentences told, numbers and dates as they are written there. Page and
PDF draw the same words. Works no number out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from tentqueue.domain.said import Said
from tentqueue.paper.report import Told
from tentqueue.services.report import DayReport
from tentqueue.services.report.charts import Chart, charts
from tentqueue.services.report.headline import Figure, figures
from tentqueue.services.report.tables import Cell, Table, tables
from tentqueue.tongues import Tongue

NOTHING = "–"


def told(report: DayReport, tongue: Tongue) -> Told:
    """Tell the whole report."""
    words = _Words(tongue, tongue.locale(report.event.timezone))
    return Told(
        report.event.name,
        words.tell(Said("Massage tent report")),
        _span(report, tongue),
        words.tell(Said("Without names, bibs or codes.")),
        [words.figure(figure) for figure in figures(report)],
        [words.chart(chart) for chart in charts(report)],
        [words.table(table) for table in tables(report)],
    )


class _Words:
    """How one language says and writes each part."""

    def __init__(self, tongue: Tongue, locale: Locale) -> None:
        self.tell, self.locale = tongue.tell, locale

    def cell(self, cell: Cell) -> str:
        """A sentence, a number with at most one decimal, or a dash for nothing."""
        if cell is None:
            return NOTHING
        if isinstance(cell, str):
            return self.tell(cell) if cell else ""
        return str(format_decimal(cell, "#,##0.#", locale=self.locale))

    def figure(self, figure: Figure) -> Figure:
        value = self.cell(figure.value)
        measured = f"{value} {figure.unit}" if figure.unit and figure.value is not None else value
        return replace(figure, value=measured, words=self.tell(figure.words))

    def chart(self, chart: Chart) -> Chart:
        return replace(
            chart,
            title=self.tell(chart.title),
            legend=tuple((kind, self.tell(words)) for kind, words in chart.legend),
            labels=[replace(label, words=self.cell(label.words)) for label in chart.labels],
        )

    def table(self, table: Table) -> Table:
        return replace(
            table,
            title=self.tell(table.title),
            note=self.tell(table.note),
            heads=tuple(self.cell(head) for head in table.heads),
            rows=tuple(tuple(self.cell(cell) for cell in row) for row in table.rows),
        )


def _span(report: DayReport, tongue: Tongue) -> str:
    """From when to when, by the event's own clock."""
    zone, locale = ZoneInfo(report.event.timezone), tongue.locale(report.event.timezone)
    if not report.hours:
        return str(format_date(date.fromisoformat(report.event.date), "full", locale))
    first, last = report.hours[0].from_at.astimezone(zone), report.until_at.astimezone(zone)
    begins, ends = (
        f"{format_date(at, 'full', locale)}, {format_time(at, 'short', zone, locale)}"
        for at in (first, last)
    )
    if last.date() == first.date():
        ends = str(format_time(last, "short", zone, locale))
    return tongue.tell(Said("{first} to {last}", first=begins, last=ends))
