"""The staff screens in a real browser: a server, a tent of its own for each test, and its pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

SLUGS = [f"riverside-{number}" for number in range(1, 301)]
UNCONFIRMED = SLUGS[-1]
"""The one event whose medical rules nobody has confirmed."""
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {
    "tablet": {"width": 1180, "height": 820},
    "desk": {"width": 1440, "height": 900},
    "organiser": {"width": 1440, "height": 900},
    "kiosk": {"width": 1180, "height": 820},
}
_unused = count()
PATIENCE_MS = 15_000
"""How long a page may take to show something: other tests may have all of the machine's cores."""


class StaffTent:
    """One tent of the server, and its screens."""

    def __init__(self, url: str, slug: str, browser: Browser) -> None:
        self.url, self.slug, self._browser = url, slug, browser
        self.contexts: list[Any] = []

    def post(self, path: str, body: Any = None, who: str = "organiser:Eve") -> Any:
        """POST JSON as `who`; `path` within the event unless it starts at the root."""
        where = path if path.startswith("/") else f"/api/v1/events/{self.slug}/{path}"
        asked = urllib.request.Request(self.url + where, json.dumps(body or {}).encode())
        asked.add_header("Content-Type", "application/json")
        asked.add_header("Authorization", f"Bearer {who}")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read())

    def view(self, who: str = "organiser:Eve") -> Any:
        """Return the whole tent."""
        asked = urllib.request.Request(f"{self.url}/api/v1/events/{self.slug}/tent")
        asked.add_header("Authorization", f"Bearer {who}")
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.loads(answer.read())

    def join(self, **more: Any) -> Any:
        """A runner joins recovery, half an hour after the finish, all six questions answered no."""
        body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
        return self.post("tickets", body | {"screening": "ok"} | more, who="desk:Eve")

    def on_duty(self, *therapists: str) -> None:
        """Put therapists on duty."""
        for therapist in therapists:
            self.post(f"therapists/{therapist}/available")

    def open(self, screen: str, who: str, fragment: str = "") -> Page:
        """Open a screen as `who`; its errors fail the test at the end."""
        page = self.open_as(who, f"/{self.slug}/{screen}{fragment}", SIZES[screen])
        if screen != "kiosk":
            expect(page.locator("[data-clock]").first).not_to_be_empty()
        return page

    def open_as(self, who: str, path: str, size: Any) -> Page:
        """Open any page as `who`; its errors fail the test at the end."""
        opened = self._browser.new_context(viewport=size)
        opened.set_default_timeout(PATIENCE_MS)
        return self.watched(opened, path, who)

    def watched(self, opened: BrowserContext, path: str, who: str = "") -> Page:
        """Open a page in a browser made for it; its errors fail the test at the end."""
        if who:
            opened.add_cookies([{"name": "staff", "value": who, "url": self.url}])
        self.contexts.append(opened)
        page = opened.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
        page.goto(self.url + path)
        return page

    def close(self) -> None:
        """Close its pages; none may have thrown."""
        for context in self.contexts:
            for page in context.pages:
                assert page.problems == []
            context.close()


def start(
    folder: Path, server: str = "staff_server", **variables: str
) -> tuple[subprocess.Popen[str], str]:
    """Start a server of this folder, with settings if given; return its process and address."""
    command = [sys.executable, "-m", f"tests.screens.{server}", str(folder)]
    environ = os.environ | variables
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ)
    assert process.stdout is not None
    return process, f"http://127.0.0.1:{int(process.stdout.readline())}"


@pytest.fixture(scope="session")
def staff_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that lives as long as the tests."""
    process, url = start(tmp_path_factory.mktemp("staff"))
    yield url
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def staff_browser(playwright: Playwright) -> Iterator[Browser]:
    """A real browser; without one the tests are skipped, but never in CI."""
    if not Path(CHROMIUM).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no browser at {CHROMIUM}; install chromium or set CHROMIUM")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    expect.set_options(timeout=PATIENCE_MS)
    yield browser
    browser.close()


@pytest.fixture
def tent(staff_url: str, staff_browser: Browser) -> Iterator[StaffTent]:
    """A tent nobody has touched yet."""
    opened = StaffTent(staff_url, SLUGS[next(_unused)], staff_browser)
    yield opened
    opened.close()


STANDS_STILL = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < 2000)
    .map((one) => one.finished.catch(() => null)))"""
"""Waits until what slides or fades in is there: half seen, its colours are not yet its own."""


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong by WCAG 2.2 A and AA, or by the rules named, one line each."""
    page.evaluate(STANDS_STILL)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": tags}
    answer = Axe().run(page, options={"runOnly": only}).response
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]


def choose_theme(page: Page, theme: str) -> None:
    """Switch the colours, as a finger would."""
    page.locator(f"[data-theme-choice={theme}]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
