"""The report over HTTP: for organisers only, and nothing of a runner in any of its forms."""

from __future__ import annotations

import pytest

from tests.paper import seen
from tests.web.outside import Outside

BASE = "/riverside-half/report"
EVE = "organiser:Eve"


def treat(outside: Outside, bib: str, name: str) -> str:
    """Ana treats a runner; returns the ticket's code."""
    joined = outside.join(bib=bib, name=name, areas=["knees"])
    path = f"tickets/{joined['code']}"
    assert outside.post(f"{path}/start", who="desk:Eve").status_code == 200
    assert outside.post(f"{path}/finish", who="desk:Eve").status_code == 200
    assert outside.post(f"{path}/clean", who="desk:Eve").status_code == 200
    return str(joined["code"])


@pytest.mark.parametrize("path", ["", ".pdf", "/treated.csv"])
def test_the_report_is_for_organisers(outside: Outside, path: str) -> None:
    assert outside.get(BASE + path).status_code == 401
    assert outside.get(BASE + path, "desk:Eve").status_code == 403
    assert outside.get(BASE + path, "therapist:ana").status_code == 403
    answer = outside.get(BASE + path, EVE)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_form_of_the_report_names_anybody(outside: Outside) -> None:
    outside.post("therapists/ana/available", who=EVE)
    codes = [
        treat(outside, bib, name) for bib, name in (("77041", "Zebedee"), ("77042", "Yolanda"))
    ]
    page = outside.get(BASE, EVE).text
    pdf = " ".join(seen.words(outside.get(f"{BASE}.pdf", EVE).data))
    tables = [part.split(".csv")[0] for part in page.split(f"{BASE}/")[1:]]
    assert "hours" in tables
    csvs = [outside.get(f"{BASE}/{table}.csv", EVE).text for table in tables]
    for text in (page, pdf, *csvs):
        for told in ("77041", "77042", "Zebedee", "Yolanda", "Ana", *codes):
            assert told not in text
    assert '"Together",' not in csvs[0]
    assert "Together,2,2," in csvs[0]


def test_the_report_follows_the_day(outside: Outside) -> None:
    assert "Nothing has happened yet" in outside.get(BASE, EVE).text
    outside.post("therapists/ana/available", who=EVE)
    treat(outside, "77041", "Zebedee")
    assert "Nothing has happened yet" not in outside.get(BASE, EVE).text
    assert "Together,1,1," in outside.get(f"{BASE}/treated.csv", EVE).text


def test_a_table_nobody_knows_is_refused_in_words(outside: Outside) -> None:
    assert outside.get(f"{BASE}/people.csv", EVE).status_code == 404
