"""A phone is told of its call while the page is closed."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.screens.runner_pages import Phones, posts
from tests.screens.staff_pages import violations
from tests.test_web_push import Browser

SUBSCRIBE = """() => {
    PushManager.prototype.subscribe = async function (options) {
        globalThis.subscribedWith = options.applicationServerKey;
        return { toJSON: () => (%s) };
    };
}"""
NOTICES = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map(({ title, body, tag }) => [title, body, tag])"""


def subscribing(phones: Phones, page: Page, granted: bool = True) -> None:
    """Let the browser subscribe without its push service, which no test can reach."""
    if granted:
        page.context.grant_permissions(["notifications"], origin=phones.tent.url)
    phone = Browser().phone
    given = {"endpoint": phone.endpoint, "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}
    page.evaluate(SUBSCRIBE % json.dumps(given))


def registration(page: Page) -> tuple[Any, str]:
    """The worker as the browser's own tools see it."""
    tools = page.context.new_cdp_session(page)
    seen: list[Any] = []
    # Playwright marks the function it is given, which a built-in one does not let it do.
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.append(told))  # noqa: PLW0108
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    found = [one for told in seen for one in told["registrations"] if not one["isDeleted"]]
    return tools, found[-1]["registrationId"]


def test_one_tap_and_the_phone_is_woken_for_its_call(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    subscribing(phones, page)
    sent = posts(page)
    button = page.get_by_role("button", name="Tell me even when this page is closed")
    expect(button).to_be_visible()
    assert violations(page) == []
    button.click()
    expect(button).to_be_hidden()
    expect(page.locator("[data-toasts]")).to_contain_text("We tell this phone")
    ((_, body),) = [one for one in sent if one[0] == "push"]
    assert set(body) == {"endpoint", "p256dh", "auth"}
    assert len(page.evaluate("globalThis.subscribedWith")) == 87


def test_a_blocked_browser_says_what_to_do_instead(phones: Phones) -> None:
    page = phones.ticket(phones.tent.join())
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_role("button", name=re.compile("Tell me even")).click()
    expect(page.locator("#tell-me-problem")).to_have_text(
        "This browser blocks notifications. Keep this page open."
    )


def test_the_call_is_shown_with_the_page_closed_and_opens_the_ticket(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    page.context.grant_permissions(["notifications"], origin=phones.tent.url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tools, known = registration(page)
    notice = {
        "title": "Your turn: R001",
        "body": "Walk to table 4 now.",
        "ticket": ticket["id"],
        "language": "en",
    }
    pushed = {"origin": phones.tent.url, "registrationId": known, "data": json.dumps(notice)}
    tools.send("ServiceWorker.deliverPushMessage", pushed)
    for _ in range(50):
        if page.evaluate(NOTICES):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(NOTICES) == [["Your turn: R001", "Walk to table 4 now.", ticket["id"]]]
