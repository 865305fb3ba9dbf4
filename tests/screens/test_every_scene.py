"""Every screen in every scene and theme: what axe, a finger and a reader at 200 % find."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.screens.scenes import SCENES, Stage, play
from tests.screens.staff_pages import SLUGS, StaffTent, violations

PHONE, TABLET, DESK, TV = (360, 740), (1180, 820), (1440, 900), (1920, 1080)
SETTLED_MS = 700
STALE_MS = 16_500
FINGER_PX = 64
"""Rule 26, for whoever waits; the therapist's main button is 104."""


RUNNERS = {"join", "kiosk", "first", "ticket", "home", "presented", "privacy", "lost"}
TOO_SMALL = """least => [...document.querySelectorAll("a[href], button, summary, input, select")]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((one) => !one.closest("p, li:not(:has(> :only-child))") || one.matches("button"))
  .filter((one) => !one.matches(".skip, input[type=radio], input[type=checkbox]"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, { width }]) => width > 1)
  .filter(([, box]) => box.height < least - 0.5 || box.width < Math.min(least, 44) - 0.5)
  .map(([one, box]) => [one.tagName, one.className, one.id, one.textContent.trim().slice(0, 30),
    Math.round(box.width), Math.round(box.height)].join(" "))"""
SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.scrollingElement;
  if (scrollWidth <= clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .map((one) => [one, Math.round(one.getBoundingClientRect().right)])
    .filter(([one, right]) => one.checkVisibility() && right > clientWidth + 1).slice(0, 4)
    .map(([one, right]) => `${one.tagName} ${one.className} to ${right} of ${clientWidth}`);
}"""


@dataclass(frozen=True)
class Look:
    """One screen as one person sees it."""

    name: str
    path: str
    size: tuple[int, int]
    who: str = ""


def live(stage: Stage) -> list[Look]:
    """The screens whose looks change with the scene."""
    slug = stage.tent.slug
    found = [
        Look("join", f"/{slug}", PHONE),
        Look("kiosk", f"/{slug}/kiosk", TABLET, "kiosk:Door"),
        Look("tablet", f"/{slug}/tablet", TABLET, "therapist:ana"),
        Look("desk", f"/{slug}/desk", TABLET, "desk:Eve"),
        Look("board", f"/{slug}/board", TV),
        Look("organiser", f"/{slug}/organiser", DESK, "organiser:Eve"),
    ]
    for name, ticket in (("first", 0), ("ticket", -1)):
        if stage.tickets:
            mine = stage.tickets[ticket]
            found.append(Look(name, f"/t/{mine['id']}#{mine['key']}", PHONE))
    return found


def still(stage: Stage) -> list[Look]:
    """The screens that look the same all day."""
    slug, scanned = stage.tent.slug, stage.tickets[0]["id"]
    return [
        Look("home", "/", PHONE),
        Look("presented", f"/s/{scanned}", PHONE),
        Look("privacy", f"/{slug}/privacy", PHONE),
        Look("lost", "/nowhere/else", PHONE),
        Look("signin", f"/{slug}/signin", TABLET),
        Look("setup", "/setup", TABLET),
        Look("set-up", f"/{slug}/setup", DESK, "organiser:Eve"),
        Look("new event", "/setup/event", DESK, "organiser:Eve"),
        Look("lists", f"/{slug}/roster", DESK, "organiser:Eve"),
        Look("report", f"/{slug}/report", DESK, "organiser:Eve"),
        Look("access", f"/{slug}/access", DESK, "organiser:Eve"),
        Look("webhooks", f"/{slug}/webhooks", DESK, "organiser:Eve"),
        Look("doctor", f"/{slug}/doctor", DESK, "organiser:Eve"),
        Look("records", f"/{slug}/records", DESK, "organiser:Eve"),
        Look("poster", f"/{slug}/poster", DESK),
        Look("docs", "/api/docs", DESK),
    ]


class Theatre:
    """A server on which the scenes are played one after the other, each in a tent of its own."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        command = [sys.executable, "-m", "tests.pictures_server", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self._url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self._folder, self._browser = folder, browser
        self._played: dict[str, Stage] = {}

    def play(self, scene: str) -> Stage:
        """Play a scene to its end, once."""
        if scene not in self._played:
            self._played[scene] = self._play(scene)
        return self._played[scene]

    def _play(self, scene: str) -> Stage:
        slug = SLUGS[list(SCENES).index(scene)]
        stage = Stage(StaffTent(self._url, slug, self._browser), self._folder)
        play(stage, scene)
        return stage

    def see(self, look: Look, dark: bool = False) -> Page:
        """Open a screen as its person; `dark` takes the network away until it says so."""
        width, height = look.size
        context = self._browser.new_context(viewport={"width": width, "height": height})
        if look.who:
            context.add_cookies([{"name": "staff", "value": look.who, "url": self._url}])
        page = context.new_page()
        answer = page.goto(self._url + look.path)
        assert answer is not None
        assert answer.status < 300 or look.name == "lost", f"{look.name}: {answer.status}"
        assert page.url.startswith(self._url + look.path.partition("#")[0]), page.url
        page.wait_for_timeout(SETTLED_MS)
        context.set_offline(dark)
        return page


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory, staff_browser: Browser) -> Iterator[Theatre]:
    """The server of the scenes."""
    opened = Theatre(tmp_path_factory.mktemp("theatre"), staff_browser)
    yield opened
    opened.process.kill()
    opened.process.wait()


def wrong(page: Page, look: Look) -> list[str]:
    """What is wrong with a screen, in each theme and at twice the size."""
    found = []
    for theme in ("day", "night", "sunlight"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.wait_for_timeout(250)
        faults = violations(page) if theme == "day" else violations(page, "color-contrast")
        found += [f"{look.name}, {theme}: {fault}" for fault in faults]
    found += [f"{look.name}: {small}" for small in too_small(page, look)]
    width, height = look.size
    if look.name != "board":
        narrow = max(320, width // 2)
        page.set_viewport_size({"width": narrow, "height": max(256, height // 2)})
        page.wait_for_timeout(100)
        found += [f"{look.name} at 200 %: {wide}" for wide in sideways(page)]
    return found


def too_small(page: Page, look: Look) -> list[str]:
    """What a finger is meant to hit and may miss; links within a sentence are exempt."""
    least = FINGER_PX if look.name in RUNNERS else 24
    return list(page.evaluate(TOO_SMALL, least))


def sideways(page: Page) -> list[str]:
    """What makes a reader at 200 % scroll sideways."""
    return list(page.evaluate(SIDEWAYS))


@pytest.mark.parametrize("scene", SCENES)
def test_no_screen_has_a_barrier_in_any_theme(theatre: Theatre, scene: str) -> None:
    looks = live(theatre.play(scene))
    dark = scene == "offline"
    pages: list[tuple[Any, Page]] = [(look, theatre.see(look, dark)) for look in looks]
    if dark:
        pages[0][1].wait_for_timeout(STALE_MS)
    found = [fault for look, page in pages for fault in wrong(page, look)]
    for _, page in pages:
        page.context.close()
    assert found == []


def test_no_page_that_stays_as_it_is_has_a_barrier(theatre: Theatre) -> None:
    found = []
    for look in still(theatre.play("steady")):
        page = theatre.see(look)
        found += wrong(page, look)
        page.context.close()
    assert found == []
