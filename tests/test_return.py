"""A page is right again within two seconds of the network's return, after a long cut too."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.screens.staff_pages import staff_browser
from tests.test_journey import PHONE, RIGHT_WITHIN_S, SLUG, RaceDay, day, join
from tests.wire_cutter import Network

__all__ = ["day", "staff_browser"]
CUT_S = 31.0
BOARDS = 4
WATCH = """code => { window.rightAt = new Promise((resolve) => {
    const lanes = document.querySelector("#lanes");
    const look = () => lanes.innerText.includes(code) ? resolve(Date.now()) : setTimeout(look, 20);
    look();
}); }"""
QUIET_S = 10.0

pytestmark = pytest.mark.browser


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_every_board_is_right_within_two_seconds_of_the_return_from_a_long_cut(
    day: RaceDay,
) -> None:
    network = Network(day.port)
    boards = [day.board(f"http://127.0.0.1:{network.port}") for _ in range(BOARDS)]
    network.cut()
    began = time.monotonic()
    code = join(day.page(f"/{SLUG}", PHONE))
    boards[0].wait_for_timeout(max(0.0, CUT_S - (time.monotonic() - began)) * 1e3)
    for board in boards:
        assert code not in board.locator("#lanes").inner_text(), "nothing came through"
        expect(board.locator("html.is-stale")).to_have_count(1)
        board.evaluate(WATCH, code)
    back_at = boards[0].evaluate("Date.now()")
    network.mend()
    took = [board.evaluate("window.rightAt") - back_at for board in boards]
    print("right again after", took, "ms")
    network.close()
    assert max(took) < RIGHT_WITHIN_S * 1e3


def test_a_page_that_is_refused_asks_no_more_until_it_is_looked_at_again(day: RaceDay) -> None:
    phone = day.page(f"/{SLUG}", PHONE)
    join(phone)
    ticket = phone.url.split("#")[0]
    stranger = day.page("/", PHONE)
    asked: list[str] = []
    stranger.on("request", lambda request: asked.append(request.url))
    stranger.on("websocket", lambda socket: asked.append(socket.url))
    stranger.goto(ticket)
    stranger.locator("#no-key").wait_for()
    stranger.wait_for_timeout(1500)
    before = len(asked)
    stranger.wait_for_timeout(QUIET_S * 1e3)
    assert asked[before:] == []
    stranger.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    stranger.wait_for_timeout(1500)
    assert any("/api/v1/tickets/" in url for url in asked[before:])
