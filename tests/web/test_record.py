"""The insurer's record: only where turned on, only to the therapist whose treatments they are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from tentqueue.domain.commands import WipeRecords
from tentqueue.domain.rules import TentRules
from tentqueue.services.asker import CLOCK
from tests.cast import mins, race
from tests.web.outside import Outside
from tests.web.test_commands import is_problem

PATH = "/riverside-half/tablet/record.csv"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Outside]:
    """A tent whose therapists keep records; Ana has treated Zebedee, Ben has referred Yolanda."""
    outside = Outside(tmp_path)
    outside.house.define(race(rules=TentRules(treatment_record=True)))
    for therapist, name, last in (("ana", "=Zebedee", "finish"), ("ben", "Yolanda", "refer")):
        outside.post(f"therapists/{therapist}/available", who=f"therapist:{therapist}")
        code = outside.join(bib=name[-3:], name=name, areas=["knees"])["code"]
        for step in ("start", last):
            answer = outside.post(f"tickets/{code}/{step}", who=f"therapist:{therapist}")
            assert answer.status_code == 200, answer.json
            outside.clock.at += mins(10)
    yield outside
    outside.close()


def rows(outside: Outside, who: str) -> list[dict[str, str]]:
    """The record as a spreadsheet reads it."""
    answer = outside.get(PATH, who)
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def test_a_therapist_gets_the_own_treatments_and_no_others(kept: Outside) -> None:
    (mine,) = rows(kept, "therapist:ana")
    assert mine == {
        "began": "2027-04-25 13:00",
        "ended": "2027-04-25 13:10",
        "runner": "'=Zebedee",
        "bib": "DEE",
        "treatment": "Recovery, light massage, 12 min planned",
        "areas": "Knees",
        "avoided": "",
        "condition": "asked by the therapist",
    }
    (other,) = rows(kept, "therapist:ben")
    assert (other["runner"], other["condition"]) == ("Yolanda", "referred to medical")
    assert rows(kept, "therapist:dora") == []


@pytest.mark.parametrize("who", ["organiser:Eve", "desk:Eve", "board:Hall"])
def test_nobody_else_gets_it(kept: Outside, who: str) -> None:
    is_problem(kept.get(PATH, who), 403)
    is_problem(kept.get(PATH), 401)


def test_no_event_keeps_records_unless_its_organiser_said_so(outside: Outside) -> None:
    assert TentRules().treatment_record is False
    is_problem(outside.get(PATH, "therapist:ana"), 404)
    assert "record home" not in outside.client.get("/riverside-half").text


def test_runners_are_told_before_they_agree(kept: Outside) -> None:
    assert "takes a short record home" in kept.client.get("/riverside-half").text


def test_after_the_wipe_nobody_gets_it(kept: Outside) -> None:
    kept.day.handle(WipeRecords("hour"), CLOCK)
    is_problem(kept.get(PATH, "therapist:ana"), 410)
