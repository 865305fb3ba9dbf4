"""Pictures of every screen in every scene, from a real server: `python -m tests.pictures`.

They go to docs/pictures. The steady scene's are named after the screen alone, for the README; those
of the other scenes carry the scene's name too, and git leaves them out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.screens.scenes import SCENES, Stage, play
from tests.screens.staff_pages import CHROMIUM, FLAGS, SLUGS, StaffTent

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PHONE, TABLET, TV = (360, 740), (1180, 820), (1920, 1080)
SETTLED_MS = 1500
RESTED_MS = 4500
"""A board's sound button goes away when no pointer has moved for four seconds."""


def shots(stage: Stage) -> dict[str, tuple[str, tuple[int, int], str]]:
    """Each screen: its path, its size, who looks at it."""
    slug = stage.tent.slug
    found = {
        "join": (f"/{slug}", PHONE, ""),
        "tablet": (f"/{slug}/tablet", TABLET, "therapist:ana"),
        "desk": (f"/{slug}/desk", TABLET, "desk:Eve"),
        "board": (f"/{slug}/board", TV, ""),
        "organiser": (f"/{slug}/organiser", TABLET, "organiser:Eve"),
    }
    if stage.tickets:
        mine = stage.tickets[-1]
        found["ticket"] = (f"/t/{mine['id']}#{mine['key']}", PHONE, "")
    return found


def shoot(browser: Browser, stage: Stage, scene: str) -> None:
    """Take a picture of every screen."""
    for screen, (path, (width, height), who) in shots(stage).items():
        context = browser.new_context(viewport={"width": width, "height": height})
        if who:
            context.add_cookies([{"name": "staff", "value": who, "url": stage.tent.url}])
        page = context.new_page()
        page.goto(stage.tent.url + path)
        if screen == "board":
            page.click("#sound-off")
            page.wait_for_timeout(RESTED_MS)
        page.wait_for_timeout(SETTLED_MS)
        if scene == "offline":
            go_dark(page)
        name = screen if scene == "steady" else f"{scene}-{screen}"
        save(page, OUT / f"{name}.png")
        context.close()


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
