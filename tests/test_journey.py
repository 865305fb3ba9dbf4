"""A runner's whole way through the tent, in a real browser, with the real sign-in."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.screens.staff_pages import staff_browser
from tests.wire_cutter import Network

__all__ = ["staff_browser"]
SLUG = "riverside-half"
PHONE, TABLET, TV = (360, 740), (1180, 820), (1920, 1080)
SETTLED_MS = 800
"""A button takes the next press only after this, so that a double tap is one press."""
STALE_WITHIN_S, RED_WITHIN_S, RIGHT_WITHIN_S = 10.0, 15.0, 2.0
MARGIN_S = 2.0
"""For a machine that does other things too."""

pytestmark = pytest.mark.browser


class RaceDay:
    """A server with the real sign-in, and the screens around it."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        command = [sys.executable, "-m", "tests.journey_server", str(folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        lines = [self._process.stdout.readline().strip() for _ in range(7)]
        self.ana, self.organiser, self.port = lines[2], lines[3], int(lines[6])
        self.url = f"http://127.0.0.1:{self.port}"
        self._browser = browser
        self._contexts: list[Any] = []
        self._thrown: list[str] = []

    def page(self, path: str, size: tuple[int, int], url: str | None = None) -> Page:
        """Open a path on a device of its own; its errors fail the test at the end."""
        device = self._browser.new_context(viewport={"width": size[0], "height": size[1]})
        device.set_default_timeout(10_000)
        self._contexts.append(device)
        page = device.new_page()
        page.on("pageerror", lambda error: self._thrown.append(str(error)))
        page.goto((url or self.url) + path)
        return page

    def board(self, url: str | None = None) -> Page:
        """Switch the TV on."""
        page = self.page(f"/{SLUG}/board", TV, url)
        page.locator("html:not(.is-stale) #board[data-lanes]").wait_for()
        return page

    def close(self) -> None:
        """Put every device away; no page may have thrown."""
        for context in self._contexts:
            context.close()
        self._process.kill()
        self._process.wait()
        assert self._thrown == []


@pytest.fixture
def day(tmp_path: Path, staff_browser: Browser) -> Iterator[RaceDay]:
    """The cast's race at noon, nobody there yet."""
    opened = RaceDay(tmp_path, staff_browser)
    yield opened
    opened.close()


def scanned(day: RaceDay) -> str:
    """The path that the printed poster's QR code holds."""
    poster = day.page(f"/{SLUG}/poster", (800, 1130))
    code = poster.locator(".poster__qr")
    code.wait_for()
    expect(poster.locator(".poster__qr")).to_have_js_property("complete", True)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    return urlsplit(found.text).path


def join(phone: Page) -> str:
    """Take a ticket for recovery, in three taps; return its code."""
    phone.locator('#door-recovery[data-what]:not([data-what=""])').wait_for()
    for tap in ("#door-recovery", "#questions-go", "#agree"):
        phone.wait_for_timeout(SETTLED_MS)
        phone.click(tap)
    phone.wait_for_url(re.compile(r"/t/\w{26}"))
    expect(phone.locator(".mine__bib [data-part=code]")).to_have_text(re.compile(r"^R\d+$"))
    return phone.locator(".mine__bib [data-part=code]").inner_text()


def press(tablet: Page, words: str) -> None:
    """Wait until the one button says `words`, then press it."""
    tablet.wait_for_timeout(SETTLED_MS)
    expect(tablet.locator("#main-step")).to_have_text(words)
    tablet.locator("#main-step").click()


def waits(page: Page, holds: Callable[[], bool], within_s: float) -> float:
    """The seconds until it holds; fails when that is too long."""
    began = time.monotonic()
    while not holds():
        page.wait_for_timeout(50)
        assert time.monotonic() - began < within_s, f"still not so after {within_s} s"
    return time.monotonic() - began


def test_a_runner_joins_by_the_poster_is_called_treated_and_sent_off(day: RaceDay) -> None:
    board = day.board()
    phone = day.page(scanned(day), PHONE)
    finished = join(phone)
    expect(board.locator("#lanes")).to_contain_text(finished)
    expect(board.locator("#newest")).to_have_attribute("data-state", "none")

    tablet = day.page(day.ana, TABLET)
    tablet.locator("#go").click()
    tablet.wait_for_url(f"**/{SLUG}/tablet")
    press(tablet, "I'm here")
    expect(board.locator("#newest [data-part=code]")).to_have_text(finished)
    expect(board.locator("#newest [data-part=table]")).to_have_text("1")
    expect(phone.locator("#call [data-part=where]")).to_have_text("Table 1")
    phone.wait_for_timeout(SETTLED_MS)
    phone.click("#call-here")

    press(tablet, f"Start {finished}")
    expect(phone.locator("#advice")).to_contain_text("Enjoy it.")
    press(tablet, f"Finish {finished}")
    expect(phone.locator("#after")).to_be_visible()
    expect(phone.locator("#after")).to_contain_text("Drink something and put on dry clothes.")
    expect(board.locator("#newest")).to_have_attribute("data-state", "none")


def test_a_board_says_that_it_is_stale_and_is_right_again_at_once(day: RaceDay) -> None:
    network = Network(day.port)
    board = day.board(f"http://127.0.0.1:{network.port}")
    stale, old = board.locator("html.is-stale"), board.locator("#old")
    network.cut()
    code = join(day.page(f"/{SLUG}", PHONE))
    waits(board, lambda: stale.count() == 1, STALE_WITHIN_S + MARGIN_S)
    waits(board, old.is_visible, RED_WITHIN_S - STALE_WITHIN_S + 2 * MARGIN_S)
    assert code not in board.locator("#lanes").inner_text(), "nothing came through"
    network.mend()
    took = waits(board, lambda: code in board.locator("#lanes").inner_text(), 2 * RIGHT_WITHIN_S)
    expect(old).to_be_hidden()
    expect(stale).to_have_count(0)
    print(f"right {took:.2f} s after the network's return")
    network.close()
