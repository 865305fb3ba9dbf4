"""Before the day, as a page: what the command finds, in words, the most urgent first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from tentqueue.doctor import findings
from tentqueue.visit import Visit
from tests.cast import BEN, CHIDI, NOON, mins, race
from tests.web.inside import SLUG, Browser, Inside

READY = replace(race(), confirmed_by="Dr Maya Lee")


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A tent whose address phones can open."""
    opened = Inside(tmp_path, public_url="https://tent.example.org")
    yield opened
    opened.close()


def page(browser: Browser, slug: str = SLUG) -> str:
    """The words of the page."""
    answer = browser.get(f"/{slug}/doctor")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    words = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main>")[0])
    return " ".join(unescape(words).split())


def backed_up(inside: Inside, slug: str = SLUG) -> None:
    """A backup of the event was written at noon."""
    at = int(NOON.timestamp() * 1e6)
    inside.house.storage.backups.note(slug, Path("/media/usb/tent.zip"), at)


def test_the_page_shows_every_finding_of_the_command(inside: Inside) -> None:
    told = page(inside.organiser())
    visit = Visit(inside.house.settings, inside.clock.now(), served=True)
    found = findings(visit)
    assert {one.what for one in found} >= {"python", "database", "history", "medical", "backup"}
    assert [
        one for one in found if one.seen not in told and one.what not in ("clock", "disk")
    ] == []
    assert [one for one in found if one.advice not in told] == []


def test_what_stops_the_tent_stands_above_what_can_wait_and_leads_to_its_screen(
    inside: Inside,
) -> None:
    browser = inside.organiser()
    told = page(browser)
    assert "2 things to mend" in told
    now, later = told.index("Nobody has confirmed"), told.index("No backup of this event")
    assert told.index("Now") < now < told.index("Before the day", now) < later
    assert "tentqueue backup riverside-half" in told
    assert f'href="/{SLUG}/setup#medical"' in browser.get(f"/{SLUG}/doctor").text


def test_a_tent_with_nothing_to_mend_says_plainly_that_all_is_well(inside: Inside) -> None:
    inside.house.define(READY)
    backed_up(inside)
    told = page(inside.organiser())
    assert "All is well." in told
    assert "Nothing has to be mended" in told
    assert "Dr Maya Lee has confirmed" in told
    assert "Looked over at 13:00:00" in told, "noon in UTC, as the clock in the tent shows it"


def test_an_organiser_reads_of_their_own_event_alone(inside: Inside) -> None:
    inside.house.define(replace(race(), slug="hill-race", name="Hill Race"))
    told = page(inside.organiser(), "hill-race")
    assert SLUG not in told
    assert "hill-race" in told


def test_a_tent_that_only_the_server_can_open_is_told_so(tmp_path: Path) -> None:
    alone = Inside(tmp_path)
    assert "Phones can't open this tent" in page(alone.organiser())
    alone.close()


def test_a_lane_without_hands_and_students_without_a_supervisor_are_told(inside: Inside) -> None:
    browser = inside.organiser()
    inside.house.define(replace(READY, therapists=(CHIDI,)))
    told = page(browser)
    assert "No therapist works in Next day." in told
    assert "Every therapist is a student" in told
    inside.house.define(replace(READY, therapists=(BEN, CHIDI)))
    assert "student" not in page(browser)


def test_a_backup_is_asked_for_two_days_before_and_nothing_of_an_event_that_is_over(
    inside: Inside,
) -> None:
    browser = inside.organiser()
    inside.clock.at -= mins(3 * 24 * 60)
    assert "write one the evening before" in page(browser)
    inside.clock.at += mins(7 * 24 * 60)
    told = page(inside.signed_in("organiser")[0])
    assert "Riverside Half is over." in told
    assert "confirmed the medical rules" not in told
