"""The report over HTTP: for organisers only, and nothing of a runner in any of its forms."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tentqueue.demo.story import guests_of
from tentqueue.domain.commands import Tick
from tentqueue.practice import practice_event, practice_finishes
from tentqueue.services.asker import CLOCK
from tests.cast import mins
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


def practice_morning(outside: Outside, count: int) -> tuple[set[str], set[str]]:
    """The practice day's runners, treated as fast as they come; returns their bibs and names."""
    guests = guests_of(practice_event(), practice_finishes())[:count]
    for therapist in ("ana", "ben", "dora"):
        outside.post(f"therapists/{therapist}/available", who=EVE)
    for guest in guests:
        outside.join(bib=guest.bib, name=guest.name, areas=guest.areas)
        for step in ("start", "finish"):
            tent = outside.get("tent", EVE).json
            for ticket in tent["tickets"]:
                if ticket["state"] in ("called", "in_treatment"):
                    outside.post(f"tickets/{ticket['code']}/{step}", who="desk:Eve")
            outside.clock.at += mins(2)
            outside.day.handle(Tick(), CLOCK)
    return {g.bib for g in guests}, {part for g in guests for part in g.name.split(" ")[:1]}


def test_no_bib_or_name_of_the_practice_day_is_in_the_report(outside: Outside) -> None:
    bibs, names = practice_morning(outside, 30)
    page = re.sub(r"<svg.*?</svg>", "", outside.get(BASE, EVE).text, flags=re.DOTALL)
    pdf = " ".join(seen.words(outside.get(f"{BASE}.pdf", EVE).data))
    tables = re.findall(rf"{BASE}/([a-z-]+)\.csv", page)
    csvs = [outside.get(f"{BASE}/{table}.csv", EVE).text for table in tables]
    for text in (page, pdf, *csvs):
        assert set(re.findall(r"\w+", text)) & (bibs | names) == set()


def test_the_report_agrees_with_a_count_of_the_journal_feed(outside: Outside) -> None:
    """Counted from what programs read over HTTP, by other code than the report's."""
    practice_morning(outside, 30)
    lines = outside.get("journal", EVE).json["entries"]
    happened = Counter(event["type"] for line in lines for event in line["events"])
    treated = outside.get(f"{BASE}/treated.csv", EVE).text.splitlines()
    together = dict(zip(treated[0].split(","), treated[-1].split(","), strict=True))
    assert int(together["joined"]) == happened["RunnerJoined"] == 30
    assert int(together["treated"]) == happened["TreatmentFinished"] > 10
    starts = [(event["at"][:13], event["type"]) for line in lines for event in line["events"]]
    by_hour = Counter(hour for hour, kind in starts if kind == "TreatmentStarted")
    hours = outside.get(f"{BASE}/hours.csv", EVE).text.splitlines()
    column = hours[0].split(",").index("treated")
    told = [int(row.split(",")[column]) for row in hours[1:]]
    assert [n for n in told if n] == [by_hour[hour] for hour in sorted(by_hour)]
