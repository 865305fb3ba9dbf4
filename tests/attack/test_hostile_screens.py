"""In a real browser a hostile name is letters on the staff's screens, and nothing of it runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.attack.hostile import NAMES
from tests.screens.staff_pages import StaffTent

ELEMENTS = "evil-tag, img[src='x'], [onerror], [onx], a[href^='javascript']"


def hostile(tent: StaffTent) -> None:
    """Runners of hostile names wait, one is called, and the board has words of that kind."""
    tent.on_duty("ana")
    for number, name in enumerate(NAMES[:8]):
        tent.join(name=name, bib=f"7{number}")
    tent.post("announce", {"text": NAMES[0] + NAMES[1]})


@pytest.mark.browser
@pytest.mark.parametrize(
    ("screen", "who"),
    [("organiser", "organiser:Eve"), ("desk", "desk:Eve"), ("tablet", "therapist:ana")],
)
def test_a_hostile_name_is_letters_on_a_screen(tent: StaffTent, screen: str, who: str) -> None:
    hostile(tent)
    page = tent.open(screen, who)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: refused.append(dialog.message))
    if screen == "desk":
        page.locator("#asked").focus()
        page.keyboard.type("70")
        page.keyboard.press("Enter")
    if screen != "tablet":
        expect(page.locator("body")).to_contain_text(NAMES[0])
    _nothing_ran(page, refused)


@pytest.mark.browser
def test_an_announcement_is_letters_on_the_board(tent: StaffTent) -> None:
    hostile(tent)
    page = tent.open_as("board:Hall", f"/{tent.slug}/board", {"width": 1280, "height": 720})
    expect(page.locator("body")).to_contain_text(NAMES[0])
    _nothing_ran(page, [])


def _nothing_ran(page: Page, refused: list[str]) -> None:
    assert page.locator(ELEMENTS).count() == 0
    assert refused == []
