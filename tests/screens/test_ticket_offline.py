"""A ticket opens without a network, and stands on the home screen, where the browser allows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.screens.runner_pages import Phones
from tests.screens.staff_pages import violations
from tests.wire_cutter import Network


@pytest.fixture
def network(phones: Phones) -> Iterator[Network]:
    """The Wi-Fi between the phones and the tent, which can be cut."""
    net = Network(urlsplit(phones.tent.url).port or 0)
    phones.url = f"http://127.0.0.1:{net.port}"
    yield net
    net.close()


def kept(page: Page) -> None:
    """Wait until the worker holds the page, its script and its QR."""
    paths = """async () => (await (await caches.open('ticket')).keys())
        .map(({ url }) => new URL(url).pathname)"""
    for _ in range(100):
        held = page.evaluate(paths)
        if any(path.startswith("/q/s/") for path in held) and len(held) > 10:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the worker kept nothing")


def test_a_ticket_opens_with_the_network_gone(phones: Phones, network: Network) -> None:
    phones.tent.on_duty("ana")
    ticket = phones.tent.join()
    waiting = phones.tent.join()
    page = phones.ticket(waiting)
    kept(page)
    network.cut()
    # These tests' tent knows no cookies: the key comes with the address again.
    page.goto("about:blank")
    page.goto(f"{phones.url}/t/{waiting['id']}#{waiting['key']}")
    expect(page.locator("#known")).to_be_visible()
    expect(page.locator(".mine__bib [data-part=code]")).to_have_text(waiting["code"])
    expect(page.locator("[data-stale]")).to_be_visible()
    page.get_by_role("button", name="Show my QR").click()
    expect(page.locator("#qr-image")).to_be_visible()
    assert page.evaluate("document.querySelector('#qr-image').naturalWidth") > 0
    page.get_by_role("button", name="Close", exact=True).click()
    assert violations(page) == []
    phones.tent.post(f"tickets/{ticket['code']}/start")
    network.mend()
    expect(page.locator("[data-stale]")).to_be_hidden(timeout=12_000)


def test_nothing_of_the_body_and_no_key_is_kept_on_the_phone(
    phones: Phones, network: Network
) -> None:
    ticket = phones.tent.join(areas=["knees"])
    page = phones.ticket(ticket)
    kept(page)
    stored = str(page.evaluate("JSON.stringify(localStorage)"))
    assert ticket["code"] in stored
    assert "knees" not in stored
    assert ticket["key"] not in stored
    assert re.search("areas|avoid|screening", stored) is None


def test_erase_me_takes_the_kept_page_too(phones: Phones, network: Network) -> None:
    page = phones.ticket(phones.tent.join())
    kept(page)
    page.locator(".mine__more summary").click()
    page.get_by_role("button", name="Erase me").click()
    page.locator("#sure-erase").get_by_role("button", name="Erase me").click()
    page.wait_for_url(re.compile(rf"/{phones.tent.slug}$"))
    assert page.evaluate("caches.has('ticket')") is False
    assert "ticket-" not in str(page.evaluate("JSON.stringify(localStorage)"))


def test_an_old_ticket_of_another_day_is_not_shown(phones: Phones, network: Network) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    kept(page)
    page.evaluate(
        """(name) => {
            const kept = JSON.parse(localStorage[name]);
            localStorage[name] = JSON.stringify({ ...kept, at: kept.at - 86_400_000 });
        }""",
        f"ticket-{ticket['id']}",
    )
    network.cut()
    page.reload()
    page.wait_for_timeout(2000)
    expect(page.locator("#known")).to_be_hidden()


def test_the_browser_takes_the_ticket_for_an_app(phones: Phones) -> None:
    page = phones.ticket(phones.tent.join())
    session = page.context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert '"display":"standalone"' in found["data"]
    wrong = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in wrong] == ["in-incognito"]
