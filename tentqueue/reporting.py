"""The report put together as files: a page, a PDF, a CSV for each table. Works no number out."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tentqueue import assets
from tentqueue.paper import report as paper
from tentqueue.report_words import told
from tentqueue.services.report import DayReport
from tentqueue.services.report.csv_files import csv_of
from tentqueue.services.report.tables import Table, tables
from tentqueue.tongues import Tongue, tag_of

PAGE = "report.html"
STYLE = "report.css"
FACES = ("bib-600", "bib-800", "words-400", "words-600")


def shown(report: DayReport, tongue: Tongue, sheet: str) -> dict[str, object]:
    """What the page's template needs."""
    language = tag_of(tongue.language)
    return {"told": told(report, tongue), "sheet": sheet, "files": (), "language": language}


def pdf_of(report: DayReport, tongue: Tongue) -> bytes:
    """Draw the report for a printer."""
    return paper.report(told(report, tongue))


def csv_files(report: DayReport) -> dict[str, str]:
    """Write each table as CSV, by the file's name: in English, for programs."""
    return {f"{table.name}.csv": csv_of(table) for table in tables(report)}


def table_named(report: DayReport, name: str) -> Table | None:
    """Find a table by its file's name without the ending."""
    return next((table for table in tables(report) if table.name == name), None)


def files(report: DayReport, tongue: Tongue) -> dict[str, bytes]:
    """Make the whole report for a folder: the page finds its style and faces beside it."""
    page = _environment(tongue).get_template(PAGE).render(shown(report, tongue, STYLE))
    fonts = assets.find("static") / "vendor" / "fonts"
    style = assets.stylesheet(assets.find("static"), "report").replace("../vendor/fonts/", "fonts/")
    made = {PAGE: page.encode(), STYLE: style.encode(), "report.pdf": pdf_of(report, tongue)}
    made |= {name: text.encode("utf-8-sig") for name, text in csv_files(report).items()}
    return made | {f"fonts/{f}.woff2": (fonts / f"{f}.woff2").read_bytes() for f in FACES}


def _environment(tongue: Tongue) -> Environment:
    """The templates without the server."""
    loader = FileSystemLoader(assets.find("templates"))
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    found.globals["_"] = tongue.tell
    return found
