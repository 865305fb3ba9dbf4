"""Pictures of every screen in every scene, from a real server: `python -m tests.pictures`.

They go to docs/pictures. Those for the README, of the steady scene, are named after the screen;
all others carry the scene's name too, and git leaves them out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.screens.scenes import SCENES, Stage, play
from tests.screens.staff_pages import CHROMIUM, FLAGS, SLUGS, StaffTent
from tests.screens.test_every_scene import Look, live, still

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
README = ("join", "ticket", "tablet", "desk", "board", "organiser")
SETTLED_MS = 1500
RESTED_MS = 4500
"""A board's sound button goes away when no pointer has moved for four seconds."""


def shots(stage: Stage, scene: str) -> list[Look]:
    """Each screen that changes with the day; once, in the steady scene, the others too."""
    return live(stage) + (still(stage) if scene == "steady" else [])


def shoot(browser: Browser, stage: Stage, scene: str) -> None:
    """Take a picture of every screen."""
    for look in shots(stage, scene):
        width, height = look.size
        context = browser.new_context(viewport={"width": width, "height": height})
        if look.who:
            context.add_cookies([{"name": "staff", "value": look.who, "url": stage.tent.url}])
        page = context.new_page()
        page.goto(stage.tent.url + look.path)
        if look.name == "board":
            page.click("#sound-off")
            page.wait_for_timeout(RESTED_MS)
        page.wait_for_timeout(SETTLED_MS)
        if scene == "offline":
            go_dark(page)
        save(page, OUT / file_of(look.name, scene))
        context.close()


def file_of(screen: str, scene: str) -> str:
    """A picture's name."""
    plain = scene == "steady" and screen in README
    return f"{screen if plain else f'{scene}-{screen}'}.png".replace(" ", "_")


def go_dark(page: Page) -> None:
    """Take the network away until the page says that it is old."""
    page.context.set_offline(True)
    page.wait_for_timeout(16_500)


def save(page: Page, file: Path) -> None:
    """Write a picture with 256 colours: the screens have few, and the repository stays small."""
    from PIL import Image

    page.screenshot(path=file, animations="disabled")
    with Image.open(file) as full:
        full.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


def main(only: list[str]) -> None:
    """Play the scenes, or those named, and shoot them."""
    OUT.mkdir(parents=True, exist_ok=True)
    for number, scene in enumerate(SCENES):
        if only and scene not in only:
            continue
        with tempfile.TemporaryDirectory() as where, sync_playwright() as playwright:
            folder = Path(where)
            command = [sys.executable, "-m", "tests.pictures_server", where]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert server.stdout is not None
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                stage = Stage(StaffTent(url, SLUGS[number], browser), folder)
                play(stage, scene)
                shoot(browser, stage, scene)
            finally:
                browser.close()
                server.kill()
                server.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
