"""A runner's own ticket, on a small phone in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.screens.runner_pages import THEMES, Phones, posts
from tests.screens.staff_pages import violations

GROWN_MS = 500
"""A call grows once; then it stands still."""


def called(phones: Phones, **more: Any) -> tuple[dict[str, Any], Page]:
    """A runner whose phone shows the call to table 1."""
    ticket = phones.tent.join(**more)
    page = phones.ticket(ticket)
    phones.tent.on_duty("ana")
    expect(page.locator("#call")).to_be_visible()
    return ticket, page


def step_of(phones: Phones, ticket: dict[str, Any], *steps: str) -> None:
    """Let staff take a ticket through its steps."""
    for step in steps:
        phones.tent.post(f"tickets/{ticket['code']}/{step}")


def test_the_key_leaves_the_address_bar_and_is_not_kept(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    assert ticket["key"] not in page.url
    assert ticket["key"] not in str(page.evaluate("JSON.stringify(localStorage)"))
    assert page.evaluate("localStorage.ticket") == ticket["id"]


def test_the_bib_the_range_and_the_line_are_in_view_at_once(phones: Phones) -> None:
    phones.tent.on_duty("ana")
    for _ in range(4):
        ticket = phones.tent.join()
    page = phones.ticket(ticket)
    expect(page.locator(".mine__bib [data-part=code]")).to_have_text(ticket["code"])
    expect(page.locator("[data-part=wait-range]")).to_have_text(re.compile(r"\d+(–\d+)? min"))
    expect(page.locator("#place")).to_have_text("2 runners are ahead of you.")
    expect(page.locator("[data-line] .line__dot")).to_have_count(2)
    for part in (".mine__bib", "[data-part=wait-range]", "[data-line]", "#advice"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)


def test_the_next_day_is_booked_from_the_same_ticket(phones: Phones) -> None:
    phones.tent.on_duty("ana")
    ticket = phones.tent.join(bib="1204")
    page = phones.ticket(ticket)
    step_of(phones, ticket, "start", "finish")
    expect(page.locator("#nextday")).to_be_visible()
    page.locator("#nextday-times label").nth(1).click()
    assert violations(page) == []
    page.click("#book")
    expect(page.locator(".mine__bib [data-part=code]")).to_have_text("N001")
    expect(page.locator("#advice")).to_have_text("Your appointment is Monday at 10:32.")
    booked = next(t for t in phones.tent.view()["tickets"] if t["code"] == "N001")
    assert booked["bib"] == "1204"


def test_a_dot_goes_when_the_line_moves(phones: Phones) -> None:
    phones.tent.on_duty("ana")
    line = [phones.tent.join() for _ in range(4)]
    page = phones.ticket(line[3])
    expect(page.locator(".line__dot")).to_have_count(2)
    phones.tent.post(f"/api/v1/tickets/{line[1]['id']}/leave")
    expect(page.locator(".line__dot")).to_have_count(1)
    expect(page.locator("#place")).to_have_text("One runner is ahead of you.")


def test_a_call_takes_the_whole_screen_and_can_be_answered(phones: Phones) -> None:
    ticket, page = called(phones)
    page.wait_for_timeout(GROWN_MS)
    assert page.locator("#call").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    expect(page.locator("#call [data-part=code]")).to_have_text(ticket["code"])
    expect(page.locator("#call [data-part=where]")).to_have_text("Table 1")
    expect(page.locator("#call [data-part=left]")).to_have_text(re.compile(r"[0-2]:\d\d"))
    expect(page.locator("#call-title")).to_be_focused()
    expect(page).to_have_title(f"YOUR TURN {ticket['code']}")
    page.click("#call-here")
    expect(page.locator("#call [data-part=left-words]")).to_have_text("They know you are here.")
    assert phones.tent.view()["tickets"][0]["here"] is True


def test_keys_and_ears_stay_within_the_call(phones: Phones) -> None:
    _, page = called(phones)
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('#ticket, .screen__top')")


def test_a_missed_call_is_loud_when_the_runner_looks_again(phones: Phones) -> None:
    ticket, page = called(phones)
    step_of(phones, ticket, "no-show")
    expect(page.locator("#missed")).to_be_visible()
    expect(page.locator("#missed")).to_be_in_viewport(ratio=1)
    expect(page.locator("#missed")).to_contain_text("Your place is kept until")
    expect(page).to_have_title(f"MISSED {ticket['code']}")
    page.click("#here")
    expect(page.locator("#missed")).to_be_hidden()


def test_who_came_after_a_missed_call_is_not_told_to_come(phones: Phones) -> None:
    phones.tent.on_duty("ana")
    missed, _ = phones.tent.join(), phones.tent.join()
    page = phones.ticket(missed)
    step_of(phones, missed, "no-show")
    page.click("#here")
    expect(page.locator("#advice")).to_have_text("They know you are here. Stay near the tent.")


def test_more_time_is_given_once(phones: Phones) -> None:
    _, page = called(phones)
    page.click("#call-delay")
    expect(page.locator("#call")).to_be_hidden()
    expect(page.locator("#advice")).to_have_text(re.compile("You have more time. We call you"))
    expect(page.locator("#delay")).to_be_hidden()


def test_leaving_asks_first(phones: Phones) -> None:
    page = phones.ticket(phones.tent.join())
    page.click(".mine__more summary")
    page.click("#leave")
    page.get_by_role("button", name="Keep my place").click()
    assert phones.tent.view()["tickets"][0]["state"] == "waiting"
    page.wait_for_timeout(800)
    page.click("#leave")
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.locator("#advice")).to_have_text("You left the line. You can join again.")
    expect(page.get_by_role("link", name="Join again")).to_be_visible()


def test_erase_me_forgets_the_ticket_on_the_phone_too(phones: Phones) -> None:
    page = phones.ticket(phones.tent.join(bib="77"))
    page.click(".mine__more summary")
    page.click("#erase")
    page.locator("#sure-erase").get_by_role("button", name="Erase me").click()
    page.wait_for_url(re.compile(f"/{phones.tent.slug}$"))
    assert page.evaluate("localStorage.ticket ?? null") is None
    assert phones.tent.view()["tickets"] == []


def test_aftercare_tells_the_links_and_when_to_see_a_professional(phones: Phones) -> None:
    ticket, page = called(phones, areas=["knees"])
    step_of(phones, ticket, "start")
    expect(page.locator("#advice")).to_have_text("Enjoy it. Say at once if something hurts.")
    expect(page.locator("#call")).to_be_hidden()
    step_of(phones, ticket, "finish")
    expect(page.locator("#after")).to_contain_text("See a professional if a pain lasts")
    expect(page.locator("#after-links")).to_have_text(re.compile("hamstrings and quads"))
    expect(page.get_by_role("button", name="I agree. Book it")).to_be_visible()


def test_after_a_warm_up_the_card_is_about_the_start_to_come(phones: Phones) -> None:
    ticket, page = called(phones)
    step_of(phones, ticket, "start")
    view = phones.tent.post(f"tickets/{ticket['code']}/finish")
    after = page.locator("#after")
    expect(after).to_contain_text("Eat, and rest with your legs up.")
    # It is noon here, and every start was in the morning.
    view |= {"lane": "warmup", "wave_starts_at": "2027-04-25T10:30:00Z"}
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.route(f"**/api/v1/tickets/{ticket['id']}", lambda route: route.fulfill(json=view))
    page.reload()
    expect(after.locator("h2")).to_have_text("Until your start")
    expect(after).to_contain_text("See a professional if a pain lasts")
    expect(page.locator("#after-start")).to_have_text("11:30Your start. Be there in good time.")
    for said_after_a_race in ("rest with your legs up", "no hard run"):
        expect(after.get_by_text(said_after_a_race)).to_be_hidden()
    expect(after.get_by_role("link", name="Take a recovery ticket now")).to_be_visible()
    assert violations(page) == []


def test_a_runner_says_when_they_have_finished(phones: Phones) -> None:
    page = phones.ticket(phones.tent.post("tickets", RACING))
    page.click("#finished")
    expect(page.locator("#advice")).to_have_text("Walk, drink something and put on dry clothes.")


RACING = {"lane": "recovery", "consent": True, "screening": "ok", "before_finish": True}


def test_old_answers_are_asked_for_again(phones: Phones) -> None:
    page = phones.ticket(phones.tent.join(screening="unasked"))
    expect(page.locator("#recheck")).to_be_visible()
    sent = posts(page)
    page.click("[data-question=heart]")
    page.click("#recheck-questions-go")
    expect(page.locator("#recheck-go")).to_have_text("Send: the therapist decides")
    page.click("#recheck-go")
    expect(page.locator("#recheck")).to_be_hidden()
    assert sent == [("screening", {"screening": "ask", "avoid": []})]


def test_the_qr_is_black_on_white_in_every_theme(phones: Phones) -> None:
    page = phones.ticket(phones.tent.join(), "night")
    page.click("#show-qr")
    colours = page.locator("#qr").evaluate(
        "n => [getComputedStyle(n).backgroundColor, getComputedStyle(n).color]"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert page.locator("#qr-image").evaluate("n => n.naturalWidth") > 0
    width = page.locator("#qr-image").bounding_box()
    assert width is not None
    assert width["width"] >= 250


def test_a_stranger_with_the_address_sees_nothing(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.open(f"/t/{ticket['id']}")
    expect(page.locator("#no-key")).to_be_visible()
    expect(page.locator("#no-key")).to_contain_text("The desk finds you")
    assert ticket["code"] not in page.inner_text("body")
    page.get_by_role("link", name="Find my ticket").click()
    expect(page.locator("#find-bib")).to_be_visible()
    page = phones.open(f"/s/{ticket['id']}")
    expect(page.get_by_role("heading")).to_have_text("This is somebody's massage ticket")
    assert ticket["code"] not in page.content()


def test_a_referral_is_told_to_the_runner_alone(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    step_of(phones, ticket, "refer")
    expect(page.locator("#advice")).to_have_text(re.compile("Please go to the medical team"))
    expect(page.locator(".mine__bib [data-bib]")).to_have_attribute("data-state", "left")
    expect(page.get_by_role("link", name="Join again")).to_be_hidden()


def test_the_page_says_that_it_is_old_and_is_right_again_after_the_network(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    page.context.set_offline(True)
    expect(page.locator("[data-stale]")).to_be_visible(timeout=14_000)
    phones.tent.on_duty("ana")
    page.context.set_offline(False)
    expect(page.locator("#call")).to_be_visible(timeout=5_000)
    expect(page.locator("[data-stale]")).to_be_hidden()


@pytest.mark.parametrize("theme", THEMES)
def test_each_scene_is_accessible(phones: Phones, theme: str) -> None:
    first, second = phones.tent.join(areas=["feet"]), phones.tent.join(screening="unasked")
    waiting = phones.ticket(second, theme)
    waiting.click(".mine__more summary")
    found = violations(waiting)
    page = phones.ticket(first, theme)
    phones.tent.on_duty("ana")
    expect(page.locator("#call")).to_be_visible()
    page.wait_for_timeout(GROWN_MS)
    found += violations(page)
    step_of(phones, first, "start")
    expect(page.locator("#call")).to_be_hidden()
    found += violations(page)
    step_of(phones, first, "finish")
    expect(page.locator("#after")).to_be_visible()
    found += violations(page)
    assert found == []


LOUD = """
window.heard = [];
navigator.vibrate = (pattern) => window.heard.push(["vibrates", pattern.length]);
Object.defineProperty(navigator, "wakeLock", {value: {request: async (what) => {
  window.heard.push(["stays lit", what]);
  return {release: async () => window.heard.push(["may sleep"])};
}}});
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.heard.push(["note", Math.round(this.frequency.value)]);
  return start.apply(this, when);
};
"""


def test_after_one_tap_a_call_is_heard_and_felt_and_keeps_the_screen_lit(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    page.evaluate(f"() => {{ {LOUD} }}")
    page.locator("#advice").click()
    phones.tent.on_duty("ana")
    expect(page.locator("#call")).to_be_visible()
    page.wait_for_function("window.heard.filter(([what]) => what === 'note').length >= 2")
    heard = page.evaluate("window.heard")
    assert ["stays lit", "screen"] in heard
    assert ["vibrates", 5] in heard
    # Two notes that fall, as recovery's do: W's would rise.
    first, second = [pitch for what, pitch in heard if what == "note"][:2]
    assert first > second
    step_of(phones, ticket, "start")
    expect(page.locator("#call")).to_be_hidden()
    page.wait_for_function("window.heard.some(([what]) => what === 'may sleep')")


def test_consent_is_withdrawn_while_the_call_fills_the_phone(phones: Phones) -> None:
    phones.tent.on_duty("ana", "ben")
    leaving, erased = phones.ticket(phones.tent.join()), phones.ticket(phones.tent.join())
    for page, step, sure, words in (
        (leaving, "#call-leave", "#sure-leave", "Leave"),
        (erased, "#call-erase", "#sure-erase", "Erase me"),
    ):
        expect(page.locator("#call")).to_be_visible()
        expect(page.locator(step)).to_be_hidden()
        page.locator("#call-more summary").click()
        expect(page.locator(step)).to_be_in_viewport()
        assert violations(page) == []
        page.click(step)
        page.locator(sure).get_by_role("button", name=words).click()
    expect(leaving.locator("#call")).to_be_hidden()
    expect(leaving.locator("#advice")).to_contain_text("You left the line.")
    expect(erased).to_have_url(re.compile(rf"/{phones.tent.slug}$"))


def test_nothing_on_the_phone_competes_with_the_call(phones: Phones) -> None:
    phones.tent.on_duty("ana")
    page = phones.ticket(phones.tent.join())
    expect(page.locator("#call")).to_be_visible()
    page.wait_for_timeout(GROWN_MS)
    more = page.locator("#call-more summary").bounding_box()
    here = page.locator("#call-here").bounding_box()
    assert more is not None
    assert here is not None
    assert more["y"] > here["y"] + here["height"]
    assert more["height"] >= 64, "rule 26"
    assert more["y"] + more["height"] <= 740, "it is seen without scrolling"
