"""The way in over a race village's network: 64 kbit/s, and 800 ms until anything answers."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.screens.runner_pages import Phones

BYTES_A_SECOND = 8_000
ANSWERS_AFTER_MS = 800
USABLE_S = 6.0
TRIPS = 2
"""The page, then at once all that it names; nothing a runner waits for names a third."""
SHOWN = """() => new Promise((shown, never) => {
  const questions = document.querySelector("[data-step=questions]");
  const look = () => questions.checkVisibility() ? shown(Date.now()) : requestAnimationFrame(look);
  setTimeout(() => never(new Error("the tap was lost")), 20_000);
  look();
})"""
BUSY = 1.5
"""A machine that runs other tests beside this one takes longer for its own part."""


def slow_phone(phones: Phones) -> tuple[Page, list[tuple[str, int]]]:
    """A phone on such a network, and what comes to it: kind and bytes, headers too."""
    page = phones.open("/healthz")
    session = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    came: list[tuple[str, int]] = []

    def finished(event: dict[str, Any]) -> None:
        came.append((kinds.get(event["requestId"], "Other"), int(event["encodedDataLength"])))

    session.on(
        "Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]})
    )
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ANSWERS_AFTER_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    return page, came


def test_a_door_tapped_before_its_script_has_come_opens_within_six_seconds(phones: Phones) -> None:
    page, came = slow_phone(phones)
    page.goto(f"{phones.url}/{phones.tent.slug}", wait_until="commit")
    began = page.evaluate("performance.timeOrigin")
    door = page.locator("#door-recovery")
    door.wait_for()
    assert not any(kind == "Script" and size > 3_000 for kind, size in came), "it is early"
    door.dispatch_event("click")
    took_s = (page.evaluate(SHOWN) - began) / 1000
    needed = sum(size for kind, size in came if kind in ("Document", "Stylesheet", "Script"))
    assert needed / BYTES_A_SECOND + TRIPS * ANSWERS_AFTER_MS / 1000 < USABLE_S
    assert took_s < USABLE_S * BUSY


def test_letters_come_after_everything_a_runner_can_tap(phones: Phones) -> None:
    page, came = slow_phone(phones)
    page.goto(f"{phones.url}/{phones.tent.slug}", wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    kinds = [kind for kind, _ in came]
    assert kinds.index("Stylesheet") < kinds.index("Font")
    assert sum(kind == "Script" for kind in kinds[: kinds.index("Font")]) >= 10
