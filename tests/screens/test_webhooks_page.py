"""Where the journal is sent on to, for organisers, in a real browser: an address and its secret,
how the last try went, a test, and the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.keeping.receiver import Receiver
from tests.screens.staff_pages import choose_theme, violations
from tests.screens.test_signin_page import PASSPHRASE, SLUG, Door

WIDE, PHONE = {"width": 1180, "height": 820}, {"width": 360, "height": 740}
THEMES = ("day", "night", "sunlight")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An organiser's own program, on this machine."""
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def page(
    tmp_path: Path, staff_browser: Browser, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """The page of an organiser who came by More; the program's host is allowed."""
    monkeypatch.setenv("TENTQUEUE_WEBHOOK_HOSTS", receiver.host)
    door = Door(tmp_path, staff_browser)
    opened = door.open(door.setup)
    opened.set_viewport_size(WIDE)
    for field in ("#passphrase", "#again"):
        opened.locator(field).fill(PASSPHRASE)
    opened.locator("#begin").click()
    opened.wait_for_url(f"**/{SLUG}/organiser")
    opened.locator("#open-more").click()
    opened.get_by_role("link", name="Webhooks").click()
    yield opened
    door.close()


def give(page: Page, url: str) -> str:
    """Type an address in; gives the secret that is shown."""
    page.get_by_label("Address of the program").fill(url)
    page.get_by_role("button", name="Send to it from now on").click()
    secret = page.locator("#secret")
    expect(secret).to_be_visible()
    told = secret.input_value()
    assert violations(page) == []
    page.get_by_role("button", name="I have it").click()
    expect(page.locator(".webhooks__one")).to_be_visible()
    return told


def loaded_until(page: Page, words: str) -> Locator:
    """The only address there is, once it says `words`: the page is loaded again until then."""
    given = page.locator(".webhooks__one")
    for _ in range(40):
        if words in given.inner_text():
            return given
        page.wait_for_timeout(250)
        page.reload()
    pytest.fail(f"{given.inner_text()!r} never said {words!r}")


def test_an_address_is_given_tried_out_and_ended(page: Page, receiver: Receiver) -> None:
    expect(page.locator("#webhooks")).to_contain_text("Nothing is sent to anybody.")
    secret = give(page, f"http://{receiver.host}/hook")
    assert secret.startswith("whsec_")
    expect(page.locator("body")).not_to_contain_text(secret)
    given = page.locator(".webhooks__one")
    expect(given).to_contain_text("Nothing was sent yet")
    given.get_by_role("button", name="Send a test").click()
    expect(given).to_contain_text("answered 204")
    assert [message["type"] for message in receiver.told()] == ["test"]
    given.get_by_role("button", name="End", exact=True).click()
    page.locator("#sure-end").get_by_role("button", name="Keep").click()
    expect(given).to_be_visible()
    given.get_by_role("button", name="End", exact=True).click()
    page.locator("#sure-end").get_by_role("button", name="End", exact=True).click()
    expect(given).to_have_count(0)


def test_a_delivery_that_fails_says_so_and_when_it_comes_again(
    page: Page, receiver: Receiver
) -> None:
    receiver.answers = [503] * 50
    give(page, f"http://{receiver.host}/hook")
    page.get_by_role("link", name="Organiser").click()
    page.locator(".lane__door[data-step=pause]").first.click()
    expect(page.locator(".lane__door[aria-pressed=true]").first).to_be_visible()
    page.goto(page.url.replace("/organiser", "/webhooks"))
    given = loaded_until(page, "answered 503")
    expect(given).to_contain_text("Waiting entries: 1, tries:")
    expect(given).to_contain_text("next try 2027-04-25")
    for theme in THEMES:
        choose_theme(page, theme)
        assert violations(page) == []


def test_an_address_of_the_venue_is_refused_at_the_button(page: Page) -> None:
    page.get_by_label("Address of the program").fill("http://10.0.0.8/hook")
    page.get_by_label("Address of the program").press("Enter")
    expect(page.locator("#add-go-problem")).to_contain_text("must begin with https://")
    expect(page.get_by_label("Address of the program")).to_be_focused()
    expect(page.locator(".webhooks__one")).to_have_count(0)


def test_the_page_fits_a_phone_and_long_addresses_break(page: Page, tmp_path: Path) -> None:
    give(page, f"https://example.org/{'a-long-path/' * 20}")
    page.screenshot(path=tmp_path / "webhooks.png", full_page=True)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
    page.screenshot(path=tmp_path / "webhooks-phone.png", full_page=True)
