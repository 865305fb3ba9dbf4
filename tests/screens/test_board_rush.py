"""What a board does when calls come in a rush, without a table, to a muted screen, or too late."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, Route, expect

from tests.screens.staff_pages import StaffTent, violations

NEWEST = "#newest [data-part=code]"
VOICES = """
window.spoken = [];
class Words { constructor(text) { this.text = text; } }
Object.defineProperty(window, 'SpeechSynthesisUtterance', {value: Words});
Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => VOICES_HERE,
  speak(words) { window.spoken.push(words.text); setTimeout(() => words.onend?.(), 20); },
}});
// No sockets: the page asks over HTTP, where the test answers.
window.WebSocket = class { constructor() { setTimeout(() => this.onerror?.(new Event('error'))); }
  close() {} send() {} };
window.shown = [];
addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
  const code = document.querySelector('#newest [data-part=code]').textContent;
  if (code && window.shown.at(-1) !== code) window.shown.push(code);
}).observe(document.querySelector('#newest'),
  {subtree: true, childList: true, characterData: true}));
"""


class Screen:
    """One board whose news the test writes; its clock is the test's too."""

    def __init__(self, tent: StaffTent, browser: Browser) -> None:
        self.tent, self._browser = tent, browser
        self.calls: list[dict[str, Any]] = []
        self.version = 1000

    def open(self, voices: bool = True, **context: Any) -> Page:
        """Switch it on."""
        size = {"viewport": {"width": 1920, "height": 1080}}
        self._context = self._browser.new_context(**(size | context))
        page = self._context.new_page()
        here = "[{lang: 'en-GB', localService: true}]" if voices else "[]"
        page.add_init_script(VOICES.replace("VOICES_HERE", here))
        page.clock.install()
        page.route("**/api/v1/events/*/board", self._answer)
        page.goto(f"{self.tent.url}/{self.tent.slug}/board?theme=night")
        self.until(page, lambda: page.locator("#board[data-lanes]").count() == 1)
        return page

    def _answer(self, route: Route) -> None:
        view = route.fetch().json()
        self.version += 1
        newest_first = [call | {"since": view["now"]} for call in reversed(self.calls)]
        view |= {"recent": newest_first, "calling": newest_first, "version": self.version}
        route.fulfill(status=200, content_type="application/json", body=json.dumps(view))

    def until(self, page: Page, true: Any, seconds: int = 90) -> None:
        """Let the page's seconds pass until something is true."""
        for _ in range(seconds):
            if true():
                return
            page.clock.run_for(1000)
            page.wait_for_timeout(10)
        raise AssertionError("it never came true")

    def close(self) -> None:
        """Switch it off; what it asks just now may stay unanswered."""
        for page in self._context.pages:
            page.unroute_all(behavior="ignoreErrors")
        self._context.close()


@pytest.fixture
def screen(tent: StaffTent, staff_browser: Browser) -> Iterator[Screen]:
    """A board that nobody has called on yet."""
    made = Screen(tent, staff_browser)
    yield made
    made.close()


def call(number: int, table: int | None) -> dict[str, Any]:
    """A first call."""
    return {"code": f"R{number:03d}", "table": table, "call": 1}


@pytest.mark.parametrize("voices", [True, False])
def test_ten_calls_within_a_second_are_each_shown_and_spoken_in_their_turn(
    screen: Screen, voices: bool
) -> None:
    page = screen.open(voices)
    screen.calls = [call(number, number) for number in range(1, 11)]
    codes = [one["code"] for one in screen.calls]
    screen.until(page, lambda: page.evaluate("window.shown").count("R010") > 0)
    assert page.evaluate("window.shown")[:10] == codes
    spoken = [text for text in page.evaluate("window.spoken") if text.strip()]
    if not voices:
        assert spoken == []
        return
    screen.until(page, lambda: sum("0, 1, 0" in t for t in page.evaluate("window.spoken")) == 2)
    spoken = [text for text in page.evaluate("window.spoken") if text.strip()]
    assert spoken == [f"{', '.join(c)}, table {int(c[1:])}." for c in codes for _ in range(2)]


def test_after_a_rush_every_call_comes_round_beside_the_newest(screen: Screen) -> None:
    page = screen.open()
    screen.calls = [call(number, number) for number in range(1, 11)]
    seen: set[str] = set()

    def all_seen() -> bool:
        seen.update(page.locator(".call .code").all_inner_texts())
        return len(seen) >= 9

    screen.until(page, lambda: page.evaluate("window.shown").count("R010") > 0)
    seen.clear()
    screen.until(page, all_seen, 40)


def test_a_board_switched_on_late_shows_the_calls_again_and_shouts_none(screen: Screen) -> None:
    screen.calls = [call(1, 1), call(2, 2), call(3, 3)]
    page = screen.open()
    expect(page.locator(NEWEST)).to_have_text("R003")
    assert set(page.locator(".call .code").all_inner_texts()) == {"R001", "R002"}
    page.clock.run_for(3000)
    assert [text for text in page.evaluate("window.spoken") if text.strip()] == []
    assert page.locator("#newest[data-flash]").count() == 0


def test_a_call_without_a_table_sends_the_runner_to_the_tent(screen: Screen) -> None:
    page = screen.open()
    screen.calls = [call(7, None)]
    screen.until(page, lambda: page.locator(NEWEST).inner_text() == "R007")
    expect(page.locator("#newest")).to_contain_text("Come to the")
    expect(page.locator("#newest [data-part=table]")).to_have_text("Tent")
    screen.until(page, lambda: any("please come" in t for t in page.evaluate("window.spoken")))
    for place in ("#newest [data-part=code]", "#newest [data-part=table]"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    # The table that is found later is news again.
    screen.calls = [call(7, 4)]
    screen.until(page, lambda: page.locator("#newest [data-part=table]").inner_text() == "4")


def test_while_nobody_works_no_wait_is_made_up(screen: Screen) -> None:
    screen.tent.join()
    page = screen.open()
    expect(page.locator(".lane[data-lane=recovery] .lane__wait")).to_have_text("No times yet")


def test_the_sound_can_be_tested_before_the_first_call(screen: Screen) -> None:
    page = screen.open()
    page.locator("#sound-on").click()
    screen.until(page, lambda: any("sound works" in t for t in page.evaluate("window.spoken")))


def test_a_board_without_news_for_fifteen_seconds_is_red_and_says_for_how_long(
    screen: Screen,
) -> None:
    screen.calls = [call(1, 1)]
    page = screen.open()
    expect(page.locator("#old")).to_be_hidden()
    page.route("**/api/v1/events/*/board", lambda route: route.abort())
    screen.until(page, lambda: page.locator("html.is-old").count() == 1, 40)
    expect(page.locator("#old")).to_contain_text("Ask at the desk.")
    # It hides no code: who was called can still read it.
    box, code = page.locator("#old").bounding_box(), page.locator(NEWEST).bounding_box()
    assert box is not None
    assert code is not None
    assert box["y"] + box["height"] <= code["y"]
    page.unroute("**/api/v1/events/*/board")
    page.route("**/api/v1/events/*/board", screen._answer)
    screen.until(page, lambda: page.locator("html.is-old").count() == 0, 40)


# A 43-inch TV is 952 mm wide. The main camera of a phone, 4,000 pixels over 69 degrees, takes in
# 6,873 mm at five metres.
TV_MM, SEEN_AT_5_M_MM, CAMERA_PX, TV_PX = 952, 6873, 4000, 1920


@pytest.mark.parametrize("theme", ["night", "sunlight"])
def test_a_phone_reads_the_way_in_from_five_metres(screen: Screen, theme: str) -> None:
    page = screen.open()
    page.goto(f"{screen.tent.url}/{screen.tent.slug}/board?theme={theme}")
    page.locator(".join__qr").wait_for()
    seen = Image.open(BytesIO(page.screenshot())).convert("L")
    there = TV_MM / TV_PX * CAMERA_PX / SEEN_AT_5_M_MM
    seen = seen.resize(
        (round(seen.width * there), round(seen.height * there)), Image.Resampling.BOX
    )
    (read,) = zxingcpp.read_barcodes(seen.filter(ImageFilter.GaussianBlur(0.4)))
    assert read.text.lower().endswith(f"/{screen.tent.slug}")
