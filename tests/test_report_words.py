"""The report speaks the organiser's language, on the page and on paper, and writes as it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tentqueue.paper.report import Told
from tentqueue.paper.report import report as drawn
from tentqueue.report_words import told
from tentqueue.reporting import csv_files, files, pdf_of
from tentqueue.services.report import day_report
from tentqueue.tongues import speaking
from tests.paper import seen
from tests.report.test_day import SLUG, morning

TITLES = {
    "en": ("Massage tent report", "Sunday, 25 April 2027"),
    "es": ("Informe de la carpa de masajes", "domingo, 25 de abril de 2027"),
    "fr": ("Rapport de la tente de massage", "dimanche 25 avril 2027"),
    "de": ("Bericht des Massagezelts", "Sonntag, 25. April 2027"),
}


def of_the_morning(language: str, **changes: Any) -> Told:
    """The report of Ana's and Ben's morning, some of its numbers changed."""
    return told(replace(day_report(SLUG, morning().entries), **changes), speaking(language))


@pytest.mark.parametrize("language", TITLES)
def test_page_and_paper_say_the_same_in_the_organisers_language(language: str) -> None:
    title, date = TITLES[language]
    report, tongue = day_report(SLUG, morning().entries), speaking(language)
    page = files(report, tongue)["report.html"].decode()
    paper = " ".join(" ".join(seen.words(pdf_of(report, tongue))).split())
    assert f'<html lang="{language}"' in page
    for words in (title, date, *(figure.words for figure in of_the_morning(language).figures)):
        assert words in page
    assert title in paper
    assert date in paper


def test_numbers_are_written_as_in_the_language() -> None:
    waits = day_report(SLUG, morning().entries).minutes
    longer = dict.fromkeys(waits, 1234.5)
    cells = {
        language: [cell for table in of_the_morning(language, minutes=longer).tables
                   if table.name == "waits" for cell in table.rows[0]][-1]
        for language in ("en", "de", "fr")
    }  # fmt: skip
    assert cells == {"en": "1,234.5", "de": "1.234,5", "fr": "1\u202f234,5"}


def test_the_hours_of_a_weekend_name_their_day() -> None:
    report = day_report(SLUG, morning().entries)
    two_days = replace(report.hours[0], from_at=report.hours[0].from_at + timedelta(days=6))
    words = told(replace(report, hours=[*report.hours, two_days]), speaking("de"))
    hours = next(table for table in words.tables if table.name == "hours")
    assert (hours.rows[0][0], hours.rows[-1][0]) == ("So 10:00", "Sa 10:00")


def test_a_number_nobody_has_is_a_dash_and_never_a_unit() -> None:
    nothing = day_report(SLUG, morning().entries[:1])
    assert {figure.value for figure in told(nothing, speaking("de")).figures[1:]} == {"–"}


def test_the_files_for_programs_stay_as_they_are_in_every_language() -> None:
    report = day_report(SLUG, morning().entries)
    made = files(report, speaking("fr"))
    for name, text in csv_files(report).items():
        assert made[name].decode("utf-8-sig") == text
    assert "hands on" in csv_files(report)["waits.csv"]


def test_a_long_word_of_a_head_never_leaves_its_page() -> None:
    for language in TITLES:
        assert drawn(of_the_morning(language)).startswith(b"%PDF")
