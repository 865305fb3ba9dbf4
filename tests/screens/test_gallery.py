"""The gallery: every screen in a scene, framed and pressed, and only where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from playwright.sync_api import Browser, Page, expect

from tentqueue.settings import Settings
from tentqueue.web.gallery import SCREENS
from tests.screens.scenes import SCENES, TAKES, Stage, began, play_together
from tests.screens.staff_pages import StaffTent, start
from tests.web.outside import Outside

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NO_SCREENS = {"base.html": "every screen's frame", "gallery.html": "the gallery itself"}


def test_every_page_there_is_hangs_in_the_gallery() -> None:
    shown = {one.template for one in SCREENS}
    pages = {path.name for path in TEMPLATES.glob("*.html")}
    assert pages - shown == set(NO_SCREENS), "add it to SCREENS of web/gallery.py"
    assert shown <= pages


def test_what_changes_with_the_day_hangs_there_in_every_scene() -> None:
    assert set(SCENES) == set(TAKES) == {"empty", "steady", "surge", "closing", "offline"}
    still = {one.template for one in SCREENS if one.scene}
    assert still == {
        "docs.html",
        "doctor.html",
        "event.html",
        "home.html",
        "lost.html",
        "poster.html",
        "privacy.html",
        "roster.html",
        "setup.html",
        "signin.html",
        "webhooks.html",
    }
    assert {one.scene for one in SCREENS} <= {"", *SCENES}


def test_every_picture_in_it_is_a_page_of_the_server(tmp_path: Path) -> None:
    outside = Outside(tmp_path, settings=Settings(gallery=True))
    states = dict.fromkeys(("waiting", "called", "in_treatment", "done"), outside.join()["id"])
    for one in SCREENS:
        gaps = {gap for _, gap, _, _ in Formatter().parse(one.path) if gap}
        assert gaps <= {"slug", *states}, one.name
        path = one.path.format(slug="riverside-half", **states)
        answer = outside.get(path, "organiser:Eve")
        wanted = 404 if one.template == "lost.html" else 302 if path.startswith("/s/") else 200
        assert answer.status_code == wanted, one.name
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    outside.close()


def test_on_a_race_day_there_is_no_gallery_and_no_frame(tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    assert outside.get("/gallery").status_code == 404
    assert outside.get("/gallery/presented/riverside-half").status_code == 404
    policy = outside.get("/riverside-half").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    outside.close()


@pytest.fixture
def gallery(tmp_path: Path, staff_browser: Browser) -> Iterator[Page]:
    """The gallery's steady scene, played."""
    process, url = start(tmp_path, "gallery_server")
    steady = StaffTent(url, "steady", staff_browser)
    play_together({"steady": Stage(steady, tmp_path, began(tmp_path))})
    yield steady.open_as("", "/gallery?scene=steady", {"width": 1800, "height": 5200})
    steady.close()
    process.kill()
    process.wait()


def test_a_scene_hangs_there_with_its_screens_alive_and_pressed(gallery: Page) -> None:
    wanted = [one for one in SCREENS if one.scene in ("", "steady")]
    expect(gallery.locator(".gallery__frame")).to_have_count(len(wanted))

    def frame(name: str) -> object:
        return gallery.frame_locator(f'iframe[title="{name}, steady"]')

    shift = frame("organiser, shift and table").locator("#duty-dialog")  # type: ignore[attr-defined]
    expect(shift).to_be_visible(timeout=20_000)
    expect(frame("ticket, called").locator("body")).to_contain_text("It is your turn")  # type: ignore[attr-defined]
    expect(frame("desk, typing paper in").locator("#line-wave")).to_be_visible()  # type: ignore[attr-defined]
    expect(frame("board").locator("#newest")).to_have_attribute("data-state", "called")  # type: ignore[attr-defined]
    done = frame("ticket, done: times of the next day")
    expect(done.locator("[name=appointment]").first).to_be_attached()  # type: ignore[attr-defined]
