"""After an upgrade old pages come back as new ones by themselves, when nobody would miss them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import race
from tests.screens.staff_pages import StaffTent

SLUG = race().slug

OLD, NEW = "0" * 12, "1" * 12
IN_A_MOMENT = "Math.random = () => 0.02"
"""Phones spread over five minutes; the test's phone is an early one."""
SPREAD_MS = 6_000
PULSES_MS = 9_000
"""Two pulses are heard in this time, and looked into."""

pytestmark = pytest.mark.browser


class Upgrade(StaffTent):
    """A tent whose server can be another build from one moment to the next."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self._folder, self._port = folder, 0
        self._server: subprocess.Popen[str] | None = None
        self.serve(OLD)
        super().__init__(f"http://127.0.0.1:{self._port}", SLUG, browser)

    def serve(self, build: str, name: str = "Riverside Half") -> None:
        """Stop the build that serves, and serve one on the same tent, which may be renamed."""
        self.stop()
        command = [sys.executable, "-m", "tests.screens.build_server"]
        command += [str(self._folder), str(self._port), build, name]
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        self._port = int(self._server.stdout.readline())

    def stop(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def page(self, path: str, who: str = "", size: tuple[int, int] = (360, 740)) -> Page:
        """Open a page; what it throws fails the test at the end."""
        opened = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]}, service_workers="block"
        )
        opened.set_default_timeout(20_000)
        opened.add_init_script(IN_A_MOMENT)
        return self.watched(opened, path, who)


@pytest.fixture
def tent(tmp_path: Path, staff_browser: Browser) -> Iterator[Upgrade]:
    """The cast's race, served by the old build."""
    opened = Upgrade(tmp_path, staff_browser)
    yield opened
    opened.close()
    opened.stop()


def is_of(page: Page, build: str) -> None:
    """Wait until the page is of this build."""
    expect(page.locator("html")).to_have_attribute("data-build", re.compile(build), timeout=40_000)


def ticket_of(tent: Upgrade, joined: dict[str, Any]) -> Page:
    """A runner's phone with the ticket open; the tent of these tests knows no cookies."""
    page = tent.page(f"/t/{joined['id']}", who="desk:Eve")
    expect(page.locator("#known")).to_be_visible()
    return page


def test_a_page_nobody_touches_comes_back_as_the_new_build(tent: Upgrade) -> None:
    ticket = ticket_of(tent, tent.join())
    board = tent.page(f"/{SLUG}/board", size=(1920, 1080))
    desk = tent.page(f"/{SLUG}/desk", "desk:Eve", (1440, 900))
    kiosk = tent.page(f"/{SLUG}/kiosk", "desk:Eve", (1180, 820))
    way_in = tent.page(f"/{SLUG}")
    for page in (ticket, board, desk, kiosk, way_in):
        is_of(page, OLD)
    tent.serve(NEW)
    for page in (ticket, board, desk, kiosk, way_in):
        is_of(page, NEW)


def test_a_page_in_use_stays_until_it_is_left_alone(tent: Upgrade) -> None:
    joined = tent.join()
    called = ticket_of(tent, joined)
    desk = tent.page(f"/{SLUG}/desk", "desk:Eve", (1440, 900))
    way_in = tent.page(f"/{SLUG}")
    tent.on_duty("ana")
    expect(called.locator("#call")).to_be_visible()
    desk.locator("#asked").evaluate("one => (one.value = '104')")
    way_in.locator('#door-recovery[data-what]:not([data-what=""])').dispatch_event("click")
    expect(way_in.locator("#questions-go")).to_be_visible()
    tent.serve(NEW)
    for page in (called, desk, way_in):
        page.evaluate("dispatchEvent(new Event('online'))")
    called.wait_for_timeout(PULSES_MS + SPREAD_MS)
    for page in (called, desk, way_in):
        expect(page.locator("html:not(.is-stale)")).to_have_attribute("data-build", re.compile(OLD))
    expect(desk.locator("#asked")).to_have_value("104")
    desk.locator("#asked").evaluate("one => (one.value = '')")
    tent.post(f"tickets/{joined['code']}/start")
    is_of(called, NEW)
    is_of(desk, NEW)


def test_a_page_goes_only_where_a_server_answers_and_never_round_in_circles(
    tent: Upgrade,
) -> None:
    kept, stuck = ticket_of(tent, tent.join()), ticket_of(tent, tent.join())
    old = stuck.content()
    loads: list[Page] = []

    def loaded(page: Page) -> None:
        loads.append(page)

    for page in (kept, stuck):
        page.on("domcontentloaded", loaded)
    kept.route("**/healthz", lambda route: route.fulfill(status=503))
    # A cache in between, or another worker that is still of the old build.
    stuck.route("**/t/*", lambda route: route.fulfill(body=old, content_type="text/html"))
    tent.serve(NEW)
    kept.wait_for_timeout(2 * PULSES_MS + SPREAD_MS)
    assert loads == [stuck]
    for page in (kept, stuck):
        expect(page.locator("html:not(.is-stale)")).to_have_attribute("data-build", re.compile(OLD))
    kept.unroute("**/healthz")
    is_of(kept, NEW)


def test_changed_settings_of_the_event_reach_the_pages_that_show_them(tent: Upgrade) -> None:
    ticket, desk = ticket_of(tent, tent.join()), tent.page(f"/{SLUG}/desk", "desk:Eve", (1440, 900))
    expect(desk.locator(".event-name")).to_have_text("Riverside Half")
    tent.serve(OLD, "Riverside Half and 10 km")
    for page in (ticket, desk):
        expect(page.locator(".event-name")).to_have_text("Riverside Half and 10 km", timeout=40_000)


def test_a_board_that_spoke_speaks_again_without_a_tap(tent: Upgrade) -> None:
    board = tent.page(f"/{SLUG}/board", size=(1920, 1080))
    board.locator("#sound-on").click()
    expect(board.locator("#sound")).to_have_attribute("data-choice", "on")
    tent.serve(NEW)
    board.wait_for_timeout(PULSES_MS)
    expect(board.locator("html")).to_have_attribute("data-build", re.compile(OLD))
    is_of(board, NEW)
    expect(board.locator("#sound")).to_have_attribute("data-choice", "on")
