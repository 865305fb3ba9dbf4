"""Pictures of every screen in every scene, from a real server: `python -m tests.pictures`.

They go to docs/pictures. The steady scene's are named after the screen alone, for the README; those
of the other scenes carry the scene's name too, and git leaves them out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.screens.staff_pages import CHROMIUM, FLAGS, SLUGS, StaffTent

OUT = Path(__file__).resolve().parent.parent / "docs" / "pictures"
PHONE, TABLET, TV = (360, 740), (1180, 820), (1920, 1080)
NAMES = (
    "Mia",
    "Jonas",
    "Priya",
    "Tomás",
    "Aiko",
    "Leah",
    "Sam",
    "Noor",
    "Otto",
    "Wen",
    "Ida",
    "Raj",
)
SETTLED_MS = 1500
RESTED_MS = 4500
"""A board's sound button goes away when no pointer has moved for four seconds."""


class Stage:
    """One scene's tent, whose clock can be put forward, and who has joined it."""

    def __init__(self, tent: StaffTent, folder: Path) -> None:
        self.tent, self._minutes = tent, folder / "minutes"
        self.tickets: list[dict[str, Any]] = []

    @property
    def ahead(self) -> float:
        """Minutes after noon."""
        return float(self._minutes.read_text()) if self._minutes.exists() else 0.0

    def after(self, minutes: float) -> None:
        """Let time pass, and the server see that it did."""
        self._minutes.write_text(str(self.ahead + minutes))
        subprocess.run(["sleep", "1.5"], check=True)

    def join(self, count: int) -> None:
        """Runners come, one after the other."""
        for _ in range(count):
            number = len(self.tickets)
            name = NAMES[number % len(NAMES)]
            joined = self.tent.join(
                name=name, bib=str(1042 + 37 * number), areas=["calves", "quads"]
            )
            self.tickets.append(joined)

    def called(self) -> list[dict[str, Any]]:
        """The tickets called just now."""
        return [t for t in self.tent.view()["tickets"] if t["state"] == "called"]

    def start(self, count: int) -> None:
        """So many of those called lie down."""
        for ticket in self.called()[:count]:
            self.tent.post(f"tickets/{ticket['code']}/start")

    def treated(self) -> None:
        """Everybody on a table gets up, and the tables are clean."""
        for ticket in self.tent.view()["tickets"]:
            if ticket["state"] == "in_treatment":
                self.tent.post(f"tickets/{ticket['code']}/finish")
                self.tent.post(f"tickets/{ticket['code']}/clean")


def empty(stage: Stage) -> None:
    """Two therapists are ready, nobody has come."""
    stage.tent.on_duty("ana", "ben")


def steady(stage: Stage) -> None:
    """Four tables, a line of moderate length, one runner on the way."""
    stage.tent.on_duty("ana", "ben", "chidi", "dora")
    stage.join(9)
    stage.start(4)
    stage.after(12)
    stage.treated()
    stage.start(3)
    stage.join(4)
    stage.tent.post("announce", {"text": "Water and dry shirts are left of the tent."})
    stage.after(1)


def surge(stage: Stage) -> None:
    """The big wave is in."""
    stage.tent.on_duty("ana", "ben", "chidi")
    stage.join(40)
    stage.start(2)
    stage.after(1)


def closing(stage: Stage) -> None:
    """The lane takes nobody more; the last are treated."""
    steady(stage)
    stage.tent.post("lanes/recovery/close")
    stage.after(1)


SCENES: dict[str, Callable[[Stage], None]] = {
    "empty": empty,
    "steady": steady,
    "surge": surge,
    "closing": closing,
    "offline": steady,
}


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
                SCENES[scene](stage)
                shoot(browser, stage, scene)
            finally:
                browser.close()
                server.kill()
                server.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
