"""The event report for organisers: a page, the same as PDF, a CSV for each table. Reading only."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import gevent
from flask import Blueprint, Response, render_template, request, url_for

from tentqueue.reporting import pdf_of, shown, table_named
from tentqueue.services.race_day import RaceDay
from tentqueue.services.report import DayReport, day_report
from tentqueue.services.report.csv_files import csv_of
from tentqueue.services.report.tables import tables
from tentqueue.web import audience
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.language import tongue
from tentqueue.web.responding import download, unkept

WHO = audience.ORGANISERS
PATHS = ("/<slug>/report", "/<slug>/report.pdf", "/<slug>/report/<table>.csv")


def blueprint(context: Context) -> Blueprint:
    """The routes of the report."""
    routes = Blueprint("report", __name__)
    of = _reports()

    def asked(slug: str) -> DayReport:
        day = context.tents.of(slug)
        WHO.admit(context.auth.asker(request, slug))
        return of(slug, day)

    @routes.get(PATHS[0])
    def page(slug: str) -> Response:
        report = asked(slug)
        about = shown(report, tongue(), sheet="")
        page = render_template("report.html", **about | {"files": _files(slug, report)})
        return unkept(Response(page))

    @routes.get(PATHS[1])
    def printed(slug: str) -> Response:
        # In a thread of its own: a second of drawing must not keep the tablets waiting.
        pdf = gevent.get_hub().threadpool.apply(pdf_of, (asked(slug), tongue()))
        return download(pdf, "application/pdf", f"{slug}-report.pdf")

    @routes.get(PATHS[2])
    def numbers(slug: str, table: str) -> Response:
        found = table_named(asked(slug), table)
        if found is None:
            raise Problem(404, "The report has no such table. Open the report to see which.")
        text = csv_of(found).encode("utf-8-sig")
        return download(text, "text/csv", f"{slug}-{table}.csv")

    return routes


def _reports() -> Callable[[str, RaceDay], DayReport]:
    """Work each event's report out once for a version of its tent, away from the server's loop."""

    @lru_cache(maxsize=8)
    def at_version(slug: str, day: RaceDay, version: int) -> DayReport:
        entries = list(day.entries())
        report: DayReport = gevent.get_hub().threadpool.apply(day_report, (slug, entries))
        return report

    return lambda slug, day: at_version(slug, day, day.tent.version)


def _files(slug: str, report: DayReport) -> tuple[tuple[str, str], ...]:
    names = [table.name for table in tables(report)]
    links = [(f"{n}.csv", url_for("report.numbers", slug=slug, table=n)) for n in names]
    return (("PDF", url_for("report.printed", slug=slug)), *links)
