"""A ticket on the home screen: what it is called, and who gets its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.inside import EVENT, Inside
from tests.web.test_auth import _recovery


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A tent with the real sign-in."""
    made = Inside(tmp_path)
    yield made
    made.house.close()


def test_the_holders_app_carries_the_key_and_a_strangers_does_not(inside: Inside) -> None:
    mine, strangers = inside.browser(), inside.browser()
    ticket = mine.post(f"{EVENT}/tickets", _recovery()).get_json()
    path = f"/t/{ticket['id']}/app.webmanifest"
    held, seen = mine.get(path), strangers.get(path)
    assert held.mimetype == "application/manifest+json"
    assert held.headers["Cache-Control"] == "no-store"
    assert held.get_json()["start_url"] == f"/t/{ticket['id']}#{ticket['key']}"
    assert seen.get_json()["start_url"] == f"/t/{ticket['id']}"
    assert held.get_json()["short_name"] == ticket["code"]


def test_its_pictures_are_there(inside: Inside) -> None:
    browser = inside.browser()
    ticket = browser.post(f"{EVENT}/tickets", _recovery()).get_json()
    manifest = browser.get(f"/t/{ticket['id']}/app.webmanifest").get_json()
    for icon in manifest["icons"]:
        picture = browser.get(icon["src"])
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}


def test_no_app_of_no_ticket(inside: Inside) -> None:
    assert inside.browser().get("/t/" + "a" * 26 + "/app.webmanifest").status_code == 404


def test_the_worker_is_for_tickets_only_and_asked_for_anew(inside: Inside) -> None:
    worker = inside.browser().get("/t/worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in worker.headers
