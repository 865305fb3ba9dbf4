"""Phones of runners in a real browser, on the tents of `staff_pages`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.screens.staff_pages import PATIENCE_MS, StaffTent

PHONE = {"width": 360, "height": 740}
THEMES = ("day", "night", "sunlight")


class Phones:
    """Runners' phones at one tent; a page that threw fails the test at the end."""

    def __init__(self, tent: StaffTent, browser: Browser) -> None:
        self.tent, self._browser = tent, browser
        self.url = tent.url
        """Where phones go; a test may put a network in between."""
        self._contexts: list[Any] = []
        self._thrown: list[str] = []

    def open(self, path: str, theme: str = "day", **context: Any) -> Page:
        """Open `path` on a new phone."""
        opened = self._browser.new_context(viewport=PHONE, **context)
        opened.set_default_timeout(PATIENCE_MS)
        opened.add_init_script(f"try {{ localStorage.setItem('theme', '{theme}') }} catch {{}}")
        self._contexts.append(opened)
        page = opened.new_page()
        page.on("pageerror", lambda error: self._thrown.append(str(error)))
        page.goto(self.url + path)
        return page

    def join(self, theme: str = "day", **context: Any) -> Page:
        """Open the way in, the waits on its doors."""
        page = self.open(f"/{self.tent.slug}", theme, **context)
        page.locator('#door-recovery[data-what]:not([data-what=""])').wait_for()
        return page

    def ticket(self, ticket: dict[str, Any], theme: str = "day", **context: Any) -> Page:
        """Open a ticket by the link that carries its key."""
        page = self.open(f"/t/{ticket['id']}#{ticket['key']}", theme, **context)
        page.locator("#known").wait_for()
        return page

    def close(self) -> None:
        """Put the phones away."""
        for context in self._contexts:
            context.close()
        assert self._thrown == []


@pytest.fixture
def phones(tent: StaffTent, staff_browser: Browser) -> Iterator[Phones]:
    """Phones at a tent nobody has touched yet."""
    held = Phones(tent, staff_browser)
    yield held
    held.close()


def posts(page: Page) -> list[tuple[str, Any]]:
    """Collect what the page sends from now on: the last part of each path, and the body."""
    sent: list[tuple[str, Any]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append((urlsplit(request.url).path.rpartition("/")[2], request.post_data_json))

    page.on("request", note)
    return sent
