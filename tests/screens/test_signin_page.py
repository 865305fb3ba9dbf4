"""Signing in as people do: a badge, a PIN by finger, a passphrase; a stolen tablet goes dark."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, WebSocket, expect

from tests.screens.staff_pages import PATIENCE_MS, violations

SLUG = "riverside-half"
PASSPHRASE = "a herd of slow zebras"


class Door:
    """A server of its own, its links, and browsers that come to it."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        command = [sys.executable, "-m", "tests.screens.door_server", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline().strip() for _ in range(7)]
        self.setup, self.desk, self.ana, *self.practice, port = lines
        self.url, self._browser = f"http://127.0.0.1:{port}", browser
        self.contexts: list[Any] = []
        self.problems: list[str] = []

    def device(self) -> Any:
        """A device with cookies of its own."""
        opened = self._browser.new_context(viewport={"width": 820, "height": 1180})
        opened.set_default_timeout(PATIENCE_MS)
        self.contexts.append(opened)
        return opened

    def open(self, path: str, device: Any = None) -> Page:
        """Open a link; its errors fail the test at the end."""
        page: Page = (device or self.device()).new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.url + path)
        return page

    def close(self) -> None:
        """Close every page; none may have thrown."""
        for context in self.contexts:
            context.close()
        self.process.kill()
        self.process.wait()
        assert self.problems == []


@pytest.fixture
def door(tmp_path: Path, staff_browser: Browser) -> Iterator[Door]:
    """A server nobody has signed in to yet."""
    opened = Door(tmp_path, staff_browser)
    yield opened
    opened.close()


def enrolled(door: Door, link: str) -> tuple[Page, str]:
    """A page on which a badge was scanned, and the PIN it showed."""
    page = door.open(link)
    pin = page.locator("[data-part=pin]")
    expect(pin).not_to_be_empty()
    return page, pin.inner_text()


def test_a_badge_shows_its_pin_once_and_leaves_no_code_behind(door: Door) -> None:
    page, pin = enrolled(door, door.desk)
    assert len(pin) == 6
    assert "#" not in page.url
    assert violations(page) == []
    page.locator("#go").click()
    page.wait_for_url(f"**/{SLUG}/desk")
    page.goto(door.url + door.desk)
    expect(page.locator("#working")).to_contain_text("This badge was used")
    expect(page.locator("#already")).to_be_visible()


def test_a_pin_is_typed_by_finger_and_a_wrong_one_said_plainly(door: Door) -> None:
    page, pin = enrolled(door, door.desk)
    page.goto(f"{door.url}/{SLUG}/signin")
    page.locator("#out").click()
    page.locator(".signin__name").click()
    for digit in f"{(int(pin) + 1) % 10**6:06d}":
        page.locator(f"[data-digit='{digit}']").click()
    expect(page.locator("#pad-problem")).to_have_text("That is not right. Try again.")
    assert violations(page) == []
    smallest = min(box["height"] for box in boxes(page, ".signin__key"))
    assert smallest >= 88
    for digit in pin:
        page.locator(f"[data-digit='{digit}']").click()
    page.wait_for_url(f"**/{SLUG}/desk")


@pytest.mark.parametrize("slow", ["names?*", "signout"])
def test_a_name_tapped_while_signing_out_keeps_its_keys(door: Door, slow: str) -> None:
    page, _ = enrolled(door, door.desk)
    page.goto(f"{door.url}/{SLUG}/signin")
    expect(page.locator(".signin__name")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/staff/{slow}", hold)
    with page.expect_request(f"**/staff/{slow}"):
        page.locator("#out").click()
    page.locator(".signin__name").click()
    with page.expect_event("requestfinished"):
        held.pop().continue_()
    page.wait_for_timeout(300)
    expect(page.locator("#pad")).to_be_visible()
    expect(page.locator("#people")).to_be_hidden()


def boxes(page: Page, selector: str) -> list[Any]:
    """Where each of them stands."""
    return [found.bounding_box() for found in page.locator(selector).all()]


def test_a_device_nobody_enrolled_is_told_to_scan_a_badge(door: Door) -> None:
    page = door.open(f"/{SLUG}/organiser")
    expect(page.locator("#stranger")).to_be_visible()
    expect(page.locator("#people")).to_be_hidden()
    assert violations(page) == []


def test_the_set_up_link_makes_the_organiser_who_comes_back_by_passphrase(door: Door) -> None:
    page = door.open(door.setup)
    page.locator("#passphrase").fill("short")
    page.locator("#begin").click()
    expect(page.locator("#passphrase-problem")).to_have_text("15 characters or more, please.")
    assert violations(page) == []
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#again").fill(PASSPHRASE)
    page.locator("#begin").click()
    page.wait_for_url(f"**/{SLUG}/organiser")
    other = door.open(f"/{SLUG}/signin?to=desk")
    other.locator("summary").click()
    other.locator("#passphrase").fill(PASSPHRASE)
    other.keyboard.press("Enter")
    other.wait_for_url(f"**/{SLUG}/desk")


def test_the_practice_days_screens_stand_side_by_side_in_one_browser(door: Door) -> None:
    device = door.device()
    pages = [door.open(link, device) for link in door.practice]
    for page, screen in zip(pages, ("organiser", "tablet", "desk"), strict=True):
        page.wait_for_url(f"**/{SLUG}/{screen}")
    pages[1].goto(f"{door.url}/{SLUG}/signin")
    expect(pages[1].locator("#already")).to_be_visible()
    expect(pages[1].locator("#stranger")).to_be_hidden()
    pages[1].goto(f"{door.url}/{SLUG}/tablet")
    expect(pages[1].locator("#tablet")).to_have_attribute("data-therapist", "ben")


def test_a_stolen_tablets_sockets_close_within_two_seconds_and_it_goes_dark(door: Door) -> None:
    tablet, _ = enrolled(door, door.ana)
    sockets: list[WebSocket] = []
    # Playwright marks the function it is given, which a built-in one does not let it do.
    tablet.on("websocket", lambda opened: sockets.append(opened))  # noqa: PLW0108
    tablet.locator("#go").click()
    tablet.wait_for_url(f"**/{SLUG}/tablet")
    expect(tablet.locator("[data-clock]").first).not_to_be_empty()
    organiser = door.open(door.practice[0])
    organiser.wait_for_url(f"**/{SLUG}/organiser")
    url = f"{door.url}/api/v1/staff"
    listed = organiser.request.get(f"{url}/members?event={SLUG}").json()["members"]
    ana = next(member["staff"] for member in listed if member["name"] == "Ana")
    opened = sockets[-1]
    assert not opened.is_closed()
    answer = organiser.request.post(f"{url}/revoke", data={"event": SLUG, "staff": ana})
    assert answer.status == 200
    ends = time.monotonic() + 2.0
    while not opened.is_closed() and time.monotonic() < ends:
        tablet.wait_for_timeout(50)
    assert opened.is_closed()
    expect(tablet.locator("#signed-out")).to_be_visible()


def test_a_tablet_changes_hands_by_pin_and_then_shows_the_new_therapists_own_runner(
    door: Door,
) -> None:
    _, pin = enrolled(door, door.ana)
    device = door.device()
    page = door.open(door.desk, device)
    expect(page.locator("[data-part=pin]")).not_to_be_empty()
    page.goto(f"{door.url}/{SLUG}/tablet")
    page.locator("#hands-open").click()
    page.locator(".hands__one", has_text="Ana").click()
    wrong = "000000" if pin != "000000" else "000001"
    page.keyboard.type(wrong)
    expect(page.locator("#pad-problem")).to_contain_text("not right")
    began = time.monotonic()
    for digit in pin:
        page.locator(f"#hands [data-digit='{digit}']").click()
    expect(page.locator("#tablet[data-therapist=ana]")).to_be_attached()
    expect(page.locator("#main-step")).to_have_text("I'm here")
    assert time.monotonic() - began < 6


def test_a_camera_reads_the_badge_off_the_organisers_screen(door: Door, tmp_path: Path) -> None:
    page = door.open(door.setup)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#again").fill(PASSPHRASE)
    page.locator("#begin").click()
    page.wait_for_url(f"**/{SLUG}/organiser")
    page.locator("#open-more").click()
    page.locator("#badge-make").click()
    expect(page.locator("#badge-qr")).to_be_visible()
    page.locator("#badge-qr").screenshot(path=tmp_path / "badge.png")
    (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "badge.png"))
    link, _, secret = code.text.partition("#")
    assert link.endswith(f"/{SLUG}/signin")
    assert not [url for url in asked if secret in url]
    assert violations(page) == []


def test_a_lost_tablet_and_a_program_are_shut_out_from_the_list(door: Door, tmp_path: Path) -> None:
    lost, _ = enrolled(door, door.ana)
    enrolled(door, door.desk)
    page = door.open(door.setup)
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#again").fill(PASSPHRASE)
    page.locator("#begin").click()
    page.wait_for_url(f"**/{SLUG}/organiser")
    page.locator("#open-more").click()
    page.get_by_role("link", name="Who may come in").click()
    ana = page.locator(".access__one", has_text="Ana")
    expect(ana).to_contain_text("1 signed in, seen")
    expect(page.locator(".access__one", has_text="Desk")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=tmp_path / "access.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 800})
    page.screenshot(path=tmp_path / "access-phone.png", full_page=True)
    ana.get_by_role("button", name="Shut out").click()
    page.locator("#sure-end").get_by_role("button", name="Keep").click()
    expect(ana).to_contain_text("signed in")
    ana.get_by_role("button", name="Shut out").click()
    page.locator("#sure-end").get_by_role("button", name="Shut out").click()
    expect(ana).to_contain_text("ended")
    lost.goto(f"{door.url}/{SLUG}/tablet")
    lost.wait_for_url("**/signin*")
