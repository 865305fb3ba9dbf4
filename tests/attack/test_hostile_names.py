"""Hostile names are text, whole and harmless, on every view, page, print and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tentqueue.domain.rules import TentRules
from tentqueue.paper.receipt import Receipt, draw
from tentqueue.services.text import NAME_LONGEST, graphemes
from tests.attack.hostile import ENDLESS, FORMULA, NAMES, evil_in, is_tidy
from tests.cast import ANA, BEN, CHIDI, DORA, mins, race
from tests.paper import seen
from tests.web.inside import SLUG, Inside
from tests.web.outside import Outside
from tests.web.test_commands import is_problem

CALLED = "<evil-tag onx=1>=cmd()"
"""Event, waves and therapists under one name, past the checks of the event file."""
OLGA, EVE = "organiser:<evil-tag onx=1>", "desk:<evil-tag onx=1>"


@pytest.fixture(scope="module")
def tent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """A tent in which everything has a hostile name and every runner another one."""
    outside = Outside(tmp_path_factory.mktemp("hostile"))
    waves = tuple(replace(wave, name=CALLED, contest=CALLED) for wave in race().waves)
    cast = tuple(replace(one, name=f"{CALLED}{one.id}") for one in (ANA, BEN, CHIDI, DORA))
    event = race(*cast, rules=TentRules(treatment_record=True), waves=waves)
    outside.house.define(replace(event, name=CALLED))
    outside.post("announce", {"text": CALLED}, OLGA)
    outside.post("therapists/ana/available", who="therapist:ana")
    for number, name in enumerate(NAMES):
        code = outside.join(name=name, bib=f"{number}{name}"[:16], word=name)["code"]
        if number < 8:
            for step in ("start", "finish", "clean"):
                answer = outside.post(f"tickets/{code}/{step}", who="therapist:ana")
                assert answer.status_code == 200, (step, answer.json)
            outside.clock.at += mins(12)

    outside.post(f"tickets/{code}/move", {"reason": CALLED}, OLGA)
    yield outside
    outside.close()


def test_what_runners_type_comes_out_tidy_and_short_enough(tent: Outside) -> None:
    rows = tent.get("tent", "desk:Eve").json["tickets"]
    shown = [row[field] for row in rows for field in ("name", "bib") if row[field]]
    assert len(shown) > 20
    for text in shown:
        assert is_tidy(text), text
        assert graphemes(text) <= NAME_LONGEST


@pytest.mark.parametrize("name", ENDLESS, ids=["letters", "emoji", "accents"])
@pytest.mark.parametrize("field", ["name", "bib", "word"])
def test_a_name_without_end_is_refused_and_not_said_back(
    tent: Outside, name: str, field: str
) -> None:
    body = {"lane": "recovery", "consent": True, field: name}
    answer = tent.post("tickets", body, "desk:Eve")
    assert answer.status_code in (413, 422)
    assert len(answer.data) < 1000


@pytest.mark.parametrize("path", ["", "board", "tent", "journal", "file"])
def test_views_are_json_and_nothing_a_browser_draws(tent: Outside, path: str) -> None:
    answer = tent.get(path, OLGA)
    assert answer.status_code == 200
    if path == "file":
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.mimetype == "application/toml"
        return
    assert answer.mimetype == "application/json"
    assert all(is_tidy(text) for text in _texts(json.loads(answer.data)))


def test_public_views_hold_no_runners_name(tent: Outside) -> None:
    for path in ("", "board"):
        text = tent.get(path).text
        assert not [name for name in NAMES if name in json.loads(text).values()]
        assert "alert" not in text
        assert "DROP TABLE" not in text


PAGES = (
    "", "/board", "/poster", "/signin", "/privacy", "/tablet", "/desk", "/organiser", "/kiosk",
    "/records", "/access", "/webhooks", "/roster", "/setup", "/report",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_name_becomes_an_element_of_a_page(tent: Outside, path: str) -> None:
    page = tent.get(f"/{SLUG}{path}", OLGA)
    assert page.status_code == 200
    assert evil_in(page.text) == []
    assert "<evil-tag" not in page.text


def test_the_search_for_elements_finds_one(tent: Outside) -> None:
    page = tent.get(f"/{SLUG}/poster", OLGA).text
    assert "&lt;evil-tag" in page
    assert evil_in(page.replace("&lt;", "<").replace("&gt;", ">"))


def test_pages_about_one_ticket_are_harmless_too(tent: Outside) -> None:
    joined = tent.join(name=NAMES[0], bib="77")
    for path in (f"/t/{joined['id']}", f"/s/{joined['id']}", "/", "/nowhere<evil-tag>"):
        assert evil_in(tent.get(path).text) == [], path


def test_no_cell_of_any_csv_is_a_formula(tent: Outside) -> None:
    page = tent.get(f"/{SLUG}/report", OLGA).text
    names = {part.split(".csv")[0] for part in page.split(f"/{SLUG}/report/")[1:]}
    paths = [f"/{SLUG}/report/{name}.csv" for name in sorted(names)]
    cells = [c for path in paths for c in _cells(tent, path, OLGA)]
    record = _cells(tent, f"/{SLUG}/tablet/record.csv", "therapist:ana")
    assert len(names) > 3
    assert any("evil-tag" in cell for cell in record)
    assert [
        cell for cell in (*cells, *record) if cell.startswith(FORMULA) and not _number(cell)
    ] == []


@pytest.mark.parametrize("kind", ["posters", "tables", "tickets"])
def test_prints_show_hostile_names_as_letters(tent: Outside, kind: str) -> None:
    pdf = tent.get(f"/{SLUG}/print/{kind}.pdf", OLGA)
    assert pdf.status_code == 200
    assert "<evil-tag onx=1>" in "".join(seen.words(pdf.data)).replace("\r\n", "")
    _only_drawn(pdf.data)


def test_the_printed_report_and_badges_do_nothing_either(tmp_path: Path, tent: Outside) -> None:
    _only_drawn(tent.get(f"/{SLUG}/report.pdf", OLGA).data)
    inside = Inside(tmp_path)
    cast = tuple(
        replace(one, name=f"{name}{one.id}")
        for one, name in zip((ANA, BEN), NAMES[:2], strict=True)
    )
    inside.house.define(race(*cast))
    organiser = inside.organiser()
    sheet = organiser.get(organiser.post("badge-sheet", {"event": SLUG}).json["path"])
    _only_drawn(sheet.data)
    inside.close()


@pytest.mark.parametrize("paper", [58, 80])
def test_a_receipt_is_a_picture_whatever_the_event_is_called(paper: int) -> None:
    for name in NAMES:
        receipt = Receipt(name, name, "R001", name, name, "HTTP://X/S/A", name)
        assert draw(receipt, paper).mode in ("1", "L")


def test_staff_who_name_themselves_are_text_as_well(tmp_path: Path) -> None:
    inside = Inside(tmp_path)
    organiser = inside.organiser()
    for name in NAMES:
        browser = inside.browser()
        body = {"code": inside.badge("desk"), "name": name}
        answer = browser.post("enrol", body)
        assert answer.status_code in (200, 422), answer.json
        if answer.status_code == 200:
            page = browser.get(f"/{SLUG}/desk")
            assert evil_in(page.text) == []
    page = organiser.get(f"/{SLUG}/access")
    assert "&lt;evil-tag" in page.text
    assert evil_in(page.text) == []
    told: Any = organiser.get(f"members?event={SLUG}").json["members"]
    assert len(told) >= 10
    assert all(is_tidy(one["name"]) for one in told)
    inside.close()


def test_hostile_addresses_and_headers_split_nothing(tent: Outside) -> None:
    for path in ("/%0d%0aSet-Cookie:x=1", f"/{SLUG}/report/%0d%0ax.csv", "/t/%0d%0aX-Evil:1"):
        answer = tent.get(path, OLGA)
        assert answer.status_code in (404, 400)
        assert "X-Evil" not in answer.headers
    is_problem(
        tent.post("tickets", {"lane": "recovery", "consent": True}, None, Idempotency_Key="a b"),
        400,
    )
    away = tent.client.get(f"/{SLUG}/desk?to=//evil.example", headers={"Host": "evil.example"})
    assert "evil" not in away.headers["Location"]


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for value in found.values():
            yield from _texts(value)
    elif isinstance(found, list):
        for value in found:
            yield from _texts(value)
    elif isinstance(found, str):
        yield found


def _cells(tent: Outside, path: str, who: str) -> list[str]:
    answer = tent.get(path, who)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return [c for row in csv.reader(StringIO(answer.data.decode("utf-8-sig"))) for c in row]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _only_drawn(pdf: bytes) -> None:
    assert pdf.startswith(b"%PDF")
    for action in (b"/JavaScript", b"/JS", b"/Launch", b"/SubmitForm", b"/EmbeddedFile"):
        assert action not in pdf
