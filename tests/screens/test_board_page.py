"""The board in a real browser, at the size of a TV: who goes where, for eyes ten metres away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.staff_pages import StaffTent, violations

TV = {"width": 1920, "height": 1080}
NEWEST = "#newest [data-part=code]"


class Tv:
    """Boards at one tent; a page that threw fails the test at the end."""

    def __init__(self, tent: StaffTent, browser: Browser) -> None:
        self.tent, self._browser = tent, browser
        self._contexts: list[Any] = []
        self.thrown: list[str] = []

    def open(self, theme: str = "night", **context: Any) -> Page:
        """Switch a board on."""
        opened = self._browser.new_context(**{"viewport": TV} | context)
        self._contexts.append(opened)
        page = opened.new_page()
        page.on("pageerror", lambda error: self.thrown.append(str(error)))
        page.goto(f"{self.tent.url}/{self.tent.slug}/board?theme={theme}")
        page.locator("html:not(.is-stale) #board[data-lanes]").wait_for()
        return page

    def close(self) -> None:
        """Switch the boards off."""
        for context in self._contexts:
            context.close()
        assert self.thrown == []


@pytest.fixture
def tv(tent: StaffTent, staff_browser: Browser) -> Iterator[Tv]:
    """Boards at a tent nobody has touched yet."""
    boards = Tv(tent, staff_browser)
    yield boards
    boards.close()


def letter_height(page: Page, selector: str) -> float:
    """Height of the capital letters, as a share of the screen's height.

    Barlow Condensed's capitals are 0.7 of its size; the browser tells the size it really uses.
    """
    size = page.locator(selector).first.evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize)"
    )
    return 0.7 * float(size) / TV["height"]


def test_a_call_comes_to_the_front_with_its_table(tv: Tv) -> None:
    board = tv.open()
    expect(board.locator("#newest")).to_have_attribute("data-state", "none")
    ticket = tv.tent.join()
    tv.tent.on_duty("ana")
    expect(board.locator(NEWEST)).to_have_text(ticket["code"])
    expect(board.locator("#newest [data-part=table]")).to_have_text("1")
    expect(board.locator("#newest")).to_have_attribute("data-flash", "")


def test_letters_can_be_read_ten_metres_away(tv: Tv) -> None:
    board = tv.open()
    for _ in range(6):
        tv.tent.join()
    tv.tent.on_duty("ana")
    tv.tent.on_duty("ben")
    expect(board.locator(".call").first).to_be_visible()
    assert letter_height(board, NEWEST) >= 0.15
    for small in (".call .code", ".lane__next .code"):
        assert letter_height(board, small) >= 0.06, small


def test_calls_that_come_together_are_each_shown_in_turn(tv: Tv) -> None:
    board = tv.open()
    board.evaluate(
        """() => { window.shown = []; new MutationObserver(() => {
             const code = document.querySelector('#newest [data-part=code]').textContent;
             if (code && window.shown.at(-1) !== code) window.shown.push(code);
           }).observe(document.querySelector('#newest'),
             {subtree: true, childList: true, characterData: true}); }"""
    )
    codes = {tv.tent.join()["code"] for _ in range(3)}
    for therapist in ("ana", "ben", "dora"):
        tv.tent.on_duty(therapist)
    expect(board.locator("#board")).to_be_visible()
    board.wait_for_timeout(11_000)
    assert codes <= set(board.evaluate("() => window.shown"))


def test_a_reloaded_board_shows_the_calls_again_without_shouting(tv: Tv) -> None:
    ticket = tv.tent.join()
    tv.tent.on_duty("ana")
    board = tv.open()
    expect(board.locator(NEWEST)).to_have_text(ticket["code"])
    assert board.locator("#newest").get_attribute("data-flash") is None


def test_the_announcement_and_the_way_in_are_shown(tv: Tv) -> None:
    board = tv.open()
    tv.tent.post("announce", {"text": "Water is left of the tent."})
    expect(board.locator("#announcement")).to_have_text("Water is left of the tent.")
    expect(board.locator(".join__address")).to_contain_text(tv.tent.slug)
    assert board.locator(".join__qr").evaluate("image => image.naturalWidth > 0")


def test_no_name_bib_or_area_is_ever_on_the_board(tv: Tv) -> None:
    tv.tent.join(name="Zebulon", bib="98765", areas=["knees"])
    tv.tent.on_duty("ana")
    board = tv.open()
    expect(board.locator("#newest")).to_have_attribute("data-state", "called")
    text = board.locator("body").inner_text().casefold()
    assert not [word for word in ("zebulon", "98765", "knee") if word in text]


def test_the_sound_is_asked_for_once_and_can_be_declined(tv: Tv) -> None:
    board = tv.open()
    board.get_by_role("button", name="Stay silent").click()
    expect(board.locator("#sound")).to_have_attribute("data-choice", "off")
    expect(board.locator("#sound-off")).to_be_hidden()


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_a_board_nobody_tapped_shows_its_call_beside_the_question(
    tv: Tv, size: tuple[int, int]
) -> None:
    tv.tent.on_duty("ana")
    tv.tent.join()
    board = tv.open(viewport={"width": size[0], "height": size[1]})
    expect(board.locator("#newest")).to_have_attribute("data-state", "called")
    expect(board.locator("#sound-on")).to_be_visible()
    strip, call, address = (
        board.locator(where).bounding_box() for where in ("#sound", "#newest", ".join__address")
    )
    assert strip is not None
    assert call is not None
    assert address is not None
    assert strip["y"] + strip["height"] <= call["y"]
    assert address["y"] + address["height"] <= size[1]


@pytest.mark.parametrize("theme", ["day", "night", "sunlight"])
def test_nothing_keeps_anyone_out(tv: Tv, theme: str) -> None:
    for _ in range(5):
        tv.tent.join()
    tv.tent.on_duty("ana")
    board = tv.open(theme)
    expect(board.locator("#newest")).to_have_attribute("data-state", "called")
    assert violations(board) == []


def test_an_upright_screen_shows_everything_too(tv: Tv) -> None:
    for _ in range(5):
        tv.tent.join()
    tv.tent.on_duty("ana")
    board = tv.open(viewport={"width": 1080, "height": 1920})
    for place in (NEWEST, ".lane__next .code", ".join__qr", ".board__clock"):
        expect(board.locator(place).first).to_be_in_viewport(ratio=1)
