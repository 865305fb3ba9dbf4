"""No screen shows a text that was not handed to the translation: on a server whose languages are
marked letters, a plain word is one that nobody translates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.staff_pages import SIZES, SLUGS, StaffTent, start

PHONE = {"width": 360, "height": 740}
TV = {"width": 1920, "height": 1080}
NAMES = ["Riverside Half", "Half", "Ana", "Ben", "Chidi", "Dora", "Eve", "tentqueue", "QR", "april"]
"""Proper names, and what is the same everywhere."""
PLAIN = """(names) => {
  const found = new Set();
  const look = (text) => {
    let rest = text;
    for (const name of names) rest = rest.replaceAll(name, "");
    // Codes, addresses and what the browser itself writes of times are no words of ours.
    rest = rest.replace(/\\S*[/:.@_]\\S*\\w/g, "").replace(/\\b(min|AM|PM|sec)\\b/g, "");
    if (/[A-Za-z]{3,}/.test(rest)) found.add(text.trim().replace(/\\s+/g, " ").slice(0, 80));
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement;
    if (node.closest("script, template, .tongues, [data-actor]")) continue;
    look(text.data);
  }
  for (const node of document.querySelectorAll("[aria-label], [alt], [placeholder], [title]")) {
    for (const name of ["aria-label", "alt", "placeholder", "title"]) {
      look(node.getAttribute(name) ?? "");
    }
  }
  return [...found];
}"""
_unused = iter(SLUGS)


@pytest.fixture(scope="module")
def marked_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose Dutch and French are marked English."""
    process, url = start(tmp_path_factory.mktemp("marked"), "pseudo_server")
    yield url
    process.kill()
    process.wait()


@pytest.fixture
def marked_tent(marked_url: str, staff_browser: Browser) -> StaffTent:
    """A tent with a runner on a table, one called, two in line and one on hold."""
    tent = StaffTent(marked_url, next(_unused), staff_browser)
    tent.on_duty("ana", "ben")
    first = tent.join(areas=["knees"])
    for _ in range(3):
        tent.join()
    tent.post("tickets/R004/hold")
    tent.post(f"tickets/{first['code']}/start")
    return tent


def plain(browser: Browser, url: str, size: Any, locale: str = "nl", staff: str = "") -> list[str]:
    """Open a page in marked letters, let it settle, and tell the plain texts on it."""
    context = browser.new_context(viewport=size, locale=locale)
    if staff:
        context.add_cookies([{"name": "staff", "value": staff, "url": url}])
    page = context.new_page()
    page.goto(url)
    expect(page.locator("html")).to_have_attribute("lang", locale)
    page.wait_for_timeout(1200)
    found = read(page)
    context.close()
    return found


def read(page: Page) -> list[str]:
    """The plain texts of a page, hidden ones too."""
    found: list[str] = page.evaluate(PLAIN, NAMES)
    return found


@pytest.mark.parametrize("path", ["/", "/{slug}", "/{slug}/privacy", "/nowhere/else"])
def test_runners_pages_have_no_plain_text(
    marked_tent: StaffTent, staff_browser: Browser, path: str
) -> None:
    url = marked_tent.url + path.format(slug=marked_tent.slug)
    assert plain(staff_browser, url, PHONE) == []


def test_a_ticket_has_no_plain_text(marked_tent: StaffTent, staff_browser: Browser) -> None:
    ticket = marked_tent.join()
    url = f"{marked_tent.url}/t/{ticket['id']}#{ticket['key']}"
    assert plain(staff_browser, url, PHONE) == []


def test_the_board_has_no_plain_text(marked_tent: StaffTent, staff_browser: Browser) -> None:
    assert plain(staff_browser, f"{marked_tent.url}/{marked_tent.slug}/board", TV) == []


@pytest.mark.parametrize("screen", SIZES)
def test_staffs_screens_have_no_plain_text(
    marked_tent: StaffTent, staff_browser: Browser, screen: str
) -> None:
    who = "therapist:ana" if screen == "tablet" else "organiser:Eve"
    url = f"{marked_tent.url}/{marked_tent.slug}/{screen}"
    assert plain(staff_browser, url, SIZES[screen], "fr", who) == []
