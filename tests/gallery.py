"""The gallery with its scenes, one event each, until stopped: `python -m tests.gallery`.

The server is the tests' own: whoever opens the gallery there looks as the organiser Eve.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.screens.scenes import SCENES, TAKES, Stage, began, play_together
from tests.screens.staff_pages import CHROMIUM, FLAGS, StaffTent, start


def main(port: str = "8400") -> None:
    """Play the scenes, then stay."""
    with tempfile.TemporaryDirectory() as where, sync_playwright() as playwright:
        process, url = start(Path(where), "gallery_server", GALLERY_PORT=port)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            played(url, Path(where), browser)
            print(f"{url}/gallery", flush=True)
            process.wait()
        finally:
            browser.close()
            process.kill()


def played(url: str, folder: Path, browser: object) -> None:
    """Play every scene in the event of its name."""
    stages = {
        name: Stage(StaffTent(url, name, browser), folder, began(folder))  # type: ignore[arg-type]
        for name in SCENES
    }
    play_together(stages)
    assert stages["empty"].ahead == max(TAKES.values())


if __name__ == "__main__":
    main(*sys.argv[1:])
