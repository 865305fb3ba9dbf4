"""The camera reads a ticket where the browser lends one; its film is a code drawn by the server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from tentqueue.paper.qr import qr_of
from tests.screens.staff_pages import CHROMIUM, FLAGS, SLUGS, StaffTent, start

WIDE, HIGH, DOTS = 640, 480, 10


def film(link: str, path: Path) -> Path:
    """A film of one code, held still, as a camera would see it."""
    picture = np.full((HIGH, WIDE), 235, np.uint8)
    code = qr_of(link)
    left, top = (WIDE - code.side * DOTS) // 2, (HIGH - code.side * DOTS) // 2
    for row, at, length in code.stretches:
        x, y = left + at * DOTS, top + row * DOTS
        picture[y : y + DOTS, x : x + length * DOTS] = 16
    grey = bytes([128]) * (WIDE * HIGH // 2)
    frame = b"FRAME\n" + picture.tobytes() + grey
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420\n".encode() + frame * 10)
    return path


@pytest.fixture
def filmed(tmp_path: Path, playwright: Playwright) -> Iterator[tuple[StaffTent, str]]:
    """A tent with a ticket, and a browser whose camera looks at that ticket's code."""
    if not Path(CHROMIUM).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"no browser at {CHROMIUM}; install chromium or set CHROMIUM")
    process, url = start(tmp_path)
    tent = StaffTent(url, SLUGS[0], None)  # type: ignore[arg-type]
    tent.on_duty("ana")
    joined = tent.join(bib="17")
    camera = film(f"{url}/s/{joined['id']}".upper(), tmp_path / "ticket.y4m")
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + flags)
    tent._browser = browser
    yield tent, joined["code"]
    tent.close()
    browser.close()
    process.kill()


def test_the_desk_reads_a_ticket_by_camera(filmed: tuple[StaffTent, str]) -> None:
    tent, code = filmed
    page = tent.open("desk", "desk:Eve")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#scan-open").click()
    expect(page.locator("#ticket .bib__code")).to_have_text(code)
    expect(page.locator("#scan")).to_be_hidden()
    assert any(url.endswith("vendor/jsqr.js") for url in asked)


def test_a_tablet_reads_a_ticket_by_camera(filmed: tuple[StaffTent, str]) -> None:
    tent, code = filmed
    page = tent.open("tablet", "therapist:ben")
    page.locator("#scan-open").click()
    expect(page.locator(".toast [data-part=text]")).to_have_text(f"{code} goes to table 1.")


def test_over_plain_http_no_camera_is_offered(tent: StaffTent) -> None:
    """Browsers trust 127.0.0.1; a name of the tent's network they don't."""
    page = tent.open("desk", "desk:Eve")
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.reload()
    expect(page.locator("#start")).to_be_visible()
    expect(page.locator("#scan-open")).to_be_hidden()
