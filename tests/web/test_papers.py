"""Paper over HTTP: organisers draw sheets, a badge works once, a paper ticket joins once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.paper import seen
from tests.web.inside import EVENT, SLUG, Browser, Inside
from tests.web.outside import Outside
from tests.web.test_commands import is_problem


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A server with the real sign-in."""
    server = Inside(tmp_path)
    yield server
    server.close()


def badge_sheet(inside: Inside, organiser: Browser) -> list[str]:
    """Issue a sheet, draw it, and read its codes."""
    issued = organiser.post("badge-sheet", {"event": SLUG})
    assert issued.status_code == 200, issued.json
    drawn = organiser.get(issued.json["path"])
    assert drawn.headers["Content-Disposition"] == f'attachment; filename="{SLUG}-badges.pdf"'
    assert drawn.headers["Cache-Control"] == "no-store"
    return [urlsplit(link).fragment for link in seen.links(drawn.data, 0)]


def test_a_printed_badge_signs_one_device_in_hours_later_and_gives_a_pin(inside: Inside) -> None:
    codes = badge_sheet(inside, inside.organiser())
    assert len(codes) == 6
    inside.clock.at += timedelta(hours=5)
    taken = inside.browser().post("enrol", {"code": codes[0]})
    assert (taken.status_code, taken.json["name"]) == (200, "Ana")
    assert len(taken.json["pin"]) == 6
    is_problem(inside.browser().post("enrol", {"code": codes[0]}), 410)


def test_a_printed_badge_ends_with_the_day(inside: Inside) -> None:
    codes = badge_sheet(inside, inside.organiser())
    inside.clock.at += timedelta(hours=13)
    is_problem(inside.browser().post("enrol", {"code": codes[1]}), 410)


def test_a_new_sheet_ends_the_unused_codes_of_the_lost_one(inside: Inside) -> None:
    organiser = inside.organiser()
    lost = badge_sheet(inside, organiser)
    assert inside.browser().post("enrol", {"code": lost[0]}).status_code == 200
    fresh = badge_sheet(inside, organiser)
    is_problem(inside.browser().post("enrol", {"code": lost[1]}), 410)
    assert inside.browser().post("enrol", {"code": fresh[1]}).status_code == 200


def test_a_screen_badge_lives_on_when_a_sheet_is_printed(inside: Inside) -> None:
    organiser, code = inside.organiser(), inside.badge("desk")
    badge_sheet(inside, organiser)
    assert inside.browser().post("enrol", {"code": code}).status_code == 200


def test_a_sheet_that_ended_is_not_drawn_again(inside: Inside) -> None:
    organiser = inside.organiser()
    path = organiser.post("badge-sheet", {"event": SLUG}).json["path"]
    assert organiser.get(path).status_code == 200
    badge_sheet(inside, organiser)
    assert organiser.get(path).status_code == 404
    assert organiser.get(f"/{SLUG}/print/badges.pdf?sheet=nonsense").status_code == 404


@pytest.mark.parametrize("kind", ["posters", "tables", "badges", "tickets"])
def test_sheets_are_for_organisers(inside: Inside, kind: str) -> None:
    path = f"/{SLUG}/print/{kind}.pdf"
    assert inside.browser().get(path).status_code == 401
    desk, _ = inside.signed_in("desk")
    assert desk.get(path).status_code == 403
    assert inside.organiser().get(path).status_code == (404 if kind == "badges" else 200)


def test_the_desk_joins_a_runner_with_a_paper_by_its_number(outside: Outside) -> None:
    joined = outside.join(paper="r805", bib="17")
    assert joined["code"] == "R805"
    paper = outside.house.context.paper
    assert joined["id"] == paper.id_of("riverside-half", "R805")
    body = {"lane": "recovery", "consent": True, "paper": "R805"}
    assert is_problem(outside.post("tickets", body, "desk:Eve"), 409)["code"] == "paper_taken"


def test_a_runner_joins_with_a_paper_only_by_what_its_picture_says(outside: Outside) -> None:
    body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
    is_problem(outside.post("tickets", body | {"paper": "R810"}), 422)
    scanned = outside.house.context.paper.id_of("riverside-half", "R810")
    assert outside.post("tickets", body | {"paper": scanned}).json["code"] == "R810"


@pytest.mark.parametrize("forged", ["R799", "R1000", "X801", "R8٠1", "801", "a" * 26])
def test_a_paper_of_no_sheet_is_refused(outside: Outside, forged: str) -> None:
    body = {"lane": "recovery", "consent": True, "paper": forged}
    version = outside.tent.version
    assert "paper" in is_problem(outside.post("tickets", body, "desk:Eve"), 422)["fields"]
    assert outside.tent.version == version


def test_a_scanned_paper_leads_staff_to_the_desk_and_runners_to_the_door(inside: Inside) -> None:
    scanned = inside.house.context.paper.id_of(SLUG, "R820")
    desk, _ = inside.signed_in("desk")
    assert desk.get(f"/S/{scanned.upper()}").headers["Location"] == f"/{SLUG}/desk#R820"
    page = inside.browser().get(f"/s/{scanned}")
    assert "R820 is a fresh ticket" in page.text
    assert f"/{SLUG}?paper={scanned}&amp;lane=recovery" in page.text
    body = {"lane": "recovery", "consent": True, "paper": scanned}
    runner = inside.browser()
    assert runner.post(f"{EVENT}/tickets", body).json["code"] == "R820"
    assert "is a fresh ticket" not in inside.browser().get(f"/s/{scanned}").text


def test_a_sheet_says_when_it_ends_before_the_tent_opens(inside: Inside) -> None:
    day = inside.clock.at
    inside.clock.at = day - timedelta(days=9)
    early = inside.token("organiser")
    answer = inside.browser().post("badge-sheet", {"event": SLUG}, **early)
    assert answer.json["too_early"] is True
    inside.clock.at = day
    assert inside.organiser().post("badge-sheet", {"event": SLUG}).json["too_early"] is False
