"""The report put together as files: a page, a PDF, a CSV for each table. Works no number out."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tentqueue import assets
from tentqueue.paper import report as paper
from tentqueue.services.report import DayReport
from tentqueue.services.report.charts import charts
from tentqueue.services.report.csv_files import csv_of
from tentqueue.services.report.headline import figures
from tentqueue.services.report.tables import Table, tables

PAGE = "report.html"
STYLE = "report.css"
FACES = ("bib-600", "bib-800", "words-400", "words-600")


def shown(report: DayReport, tell: Callable[[str], str], sheet: str) -> dict[str, object]:
    """What the page's template needs."""
    return {
        "event": report.event,
        "span": span(report),
        "figures": figures(report),
        "charts": charts(report),
        "tables": tables(report),
        "tell": tell,
        "sheet": sheet,
        "files": (),
    }


def pdf_of(report: DayReport) -> bytes:
    """Draw the report for a printer."""
    name, told = report.event.name, (figures(report), charts(report), tables(report))
    return paper.report(paper.Told(name, span(report), *told))


def csv_files(report: DayReport) -> dict[str, str]:
    """Write each table as CSV, by the file's name."""
    return {f"{table.name}.csv": csv_of(table) for table in tables(report)}


def table_named(report: DayReport, name: str) -> Table | None:
    """Find a table by its file's name without the ending."""
    return next((table for table in tables(report) if table.name == name), None)


def files(report: DayReport) -> dict[str, bytes]:
    """Make the whole report for a folder: the page finds its style and faces beside it."""
    page = _environment().get_template(PAGE).render(shown(report, str, STYLE))
    fonts = assets.find("static") / "vendor" / "fonts"
    style = assets.stylesheet(assets.find("static"), "report").replace("../vendor/fonts/", "fonts/")
    made = {PAGE: page.encode(), STYLE: style.encode(), "report.pdf": pdf_of(report)}
    made |= {name: text.encode("utf-8-sig") for name, text in csv_files(report).items()}
    return made | {f"fonts/{f}.woff2": (fonts / f"{f}.woff2").read_bytes() for f in FACES}


def span(report: DayReport) -> str:
    """From when to when, by the event's own clock."""
    zone = ZoneInfo(report.event.timezone)
    last = report.until_at.astimezone(zone)
    if not report.hours:
        return report.event.date
    first = report.hours[0].from_at.astimezone(zone)
    until = (
        f"{last:%H:%M}" if last.date() == first.date() else f"{last:%a} {last.day} {last:%b %H:%M}"
    )
    return f"{first:%A} {first.day} {first:%B %Y}, {first:%H:%M} to {until}"


def _environment() -> Environment:
    """The templates without the server, in English."""
    loader = FileSystemLoader(assets.find("templates"))
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    found.globals["_"] = str
    return found
