"""An organiser's whole weekend: a server of its own, whose clock is moved, and the devices there.

Waits for conditions only. Every page's errors and every complaint in its console are kept, and
fail the weekend at its end.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

PHONE, TABLET, LAPTOP = (360, 740), (1180, 820), (1440, 900)
PATIENCE_MS = 20_000
"""For a machine that does other things too."""
SIGNED_OUT = "the server responded with a status of 401"
"""The sign-in page asks who is signed in, and sessions end overnight: browsers note both."""
SETTLED = "new Promise((settled) => setTimeout(settled, 750))"
"""A button takes the next press 700 ms after an answer; a later timer of its page comes later."""


class Weekend:
    """The server, its clock, and every device of the tent."""

    def __init__(self, folder: Path, browser: Browser, starts_at: str) -> None:
        self.folder, self._browser = folder, browser
        command = [sys.executable, "-m", "tests.weekend.server", str(folder), starts_at]
        with (folder / "server.log").open("w") as log:
            self._server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.setup = self._line()
        self.url = f"http://127.0.0.1:{self._line()}"
        self._contexts: list[Any] = []
        self.complaints: list[str] = []

    def _line(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline().strip()

    def move(self, to: str) -> None:
        """Let it be `to`, by the clock of everything but the machine."""
        assert self._server.stdin is not None
        print(datetime.fromisoformat(to).isoformat(), file=self._server.stdin, flush=True)
        assert self._line() == "moved"

    def device(self, path: str, size: tuple[int, int]) -> Page:
        """Open a path on a device with cookies of its own."""
        device = self._browser.new_context(viewport={"width": size[0], "height": size[1]})
        device.set_default_timeout(PATIENCE_MS)
        self._contexts.append(device)
        page = device.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message))
        page.goto(self.url + path)
        return page

    def _heard(self, page: Page, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and SIGNED_OUT not in message.text:
            where = message.location["url"]
            self.complaints.append(f"{page.url}: {message.text} ({where})")

    def stop(self) -> None:
        """Put the devices away and stop the server as an organiser does."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        self._server.terminate()
        self._server.wait(timeout=20)

    def close(self) -> None:
        """Leave nothing running, whatever happened."""
        self.stop()
        if self._server.stdin is not None:
            self._server.stdin.close()

    def bytes_with(self, *words: str) -> dict[str, list[str]]:
        """Which of the words stand in which files below the server's folder."""
        found = {}
        for path in self.folder.rglob("*"):
            raw = path.read_bytes() if path.is_file() else b""
            if here := [word for word in words if word.encode() in raw]:
                found[path.name] = here
        return found


def step(tablet: Page, words: str) -> None:
    """Wait until the tablet's one button says `words` and takes a press, then press it."""
    button = tablet.locator("#main-step")
    expect(button).to_have_text(words)
    expect(button).not_to_have_attribute("aria-busy", "true")
    tablet.evaluate(SETTLED)
    button.click()


def saved(page: Page, link: Locator) -> bytes:
    """What a link gives to save."""
    with page.expect_download() as taken:
        link.click()
    return taken.value.path().read_bytes()


def scanned(code: Locator) -> str:
    """Where a QR code on a screen leads: path and fragment."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    link = urlsplit(found.text)
    return f"{link.path}#{link.fragment}"


def ticket_code(phone: Page) -> str:
    """The code on a ticket's page, once it is there."""
    code = phone.locator(".mine__bib [data-part=code]")
    expect(code).to_have_text(re.compile(r"^[RN]\d+$"))
    return code.inner_text()
