"""The runner's way in, on a small phone in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.screens.runner_pages import THEMES, Phones, posts
from tests.screens.staff_pages import violations

TICKET = re.compile(r"/t/[a-z2-7]{26}")
LIGHT_KB = 60
SETTLED_MS = 800
"""A button takes the next press only after this, so that a double tap is one press."""


def step(page: Page, name: str) -> None:
    """Expect the page to stand on a step, in view from its top."""
    expect(page.locator(f'[data-step="{name}"]')).to_be_visible()
    expect(page.locator("[data-step]:visible")).to_have_count(1)


def to_consent(page: Page) -> None:
    """Tap up to the runner's own word."""
    page.click("#door-recovery")
    page.click("#questions-go")
    step(page, "consent")


def test_three_taps_lead_from_the_poster_to_a_ticket(phones: Phones) -> None:
    page = phones.join()
    page.click("#door-recovery")
    page.click("#questions-go")
    page.click("#agree")
    page.wait_for_url(TICKET)
    expect(page.locator(".mine__bib [data-part=code]")).to_have_text("R001")
    expect(page.locator("#advice")).to_have_text("Walk, drink something and put on dry clothes.")
    (ticket,) = phones.tent.view()["tickets"]
    assert (ticket["lane"], ticket["hold"]) == ("recovery", "cooldown")


def test_who_finished_long_enough_ago_need_not_walk_first(phones: Phones) -> None:
    page = phones.join()
    page.click("#door-recovery")
    page.get_by_label("Over 10 min ago").check(force=True)
    page.click("#questions-go")
    page.click("#agree")
    page.wait_for_url(TICKET)
    (ticket,) = phones.tent.view()["tickets"]
    assert (ticket["state"], ticket["hold"]) == ("waiting", None)


def test_each_tap_of_the_three_is_in_reach_without_scrolling(phones: Phones) -> None:
    page = phones.join()
    for target in ("#door-warmup", "#door-recovery", "#to-find"):
        expect(page.locator(target)).to_be_in_viewport(ratio=1)
    page.click("#door-recovery")
    expect(page.locator("#questions-go")).to_be_in_viewport(ratio=1)
    page.click("#questions-go")
    expect(page.locator("#agree")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("language", ["es", "de", "ja", "ar"])
def test_the_way_on_is_in_reach_in_long_languages_too(phones: Phones, language: str) -> None:
    page = phones.open(f"/{phones.tent.slug}?lang={language}")
    page.locator('#door-recovery[data-what]:not([data-what=""])').wait_for()
    page.click("#door-recovery")
    expect(page.locator("#questions-go")).to_be_in_viewport(ratio=1)
    page.click("#questions-go")
    expect(page.locator("#agree")).to_be_in_viewport(ratio=1)


def test_only_ok_ask_or_refer_leaves_the_phone(phones: Phones) -> None:
    page = phones.join()
    sent = posts(page)
    page.click("#door-recovery")
    page.click("[data-question=fever]")
    page.click("#questions-go")
    assert sent == []
    page.click("#agree")
    page.wait_for_url(TICKET)
    body = next(body for path, body in sent if path == "tickets")
    assert set(body) == {"lane", "consent", "screening", "areas", "avoid", "finished_at"}
    assert (body["screening"], body["avoid"]) == ("ask", [])


def test_a_red_answer_sends_to_medical_and_takes_no_place(phones: Phones) -> None:
    page = phones.join()
    sent = posts(page)
    page.click("#door-recovery")
    page.click("[data-question=head]")
    page.click("#questions-go")
    step(page, "refer")
    assert sent == []
    page.click("#tell")
    expect(page.locator("#told-help")).to_contain_text("R001")
    assert [body["screening"] for _, body in sent] == ["refer"]
    assert phones.tent.view()["numbers"]["waiting"] == 0


def test_a_sore_spot_is_avoided_by_button_and_by_picture(phones: Phones) -> None:
    page = phones.join()
    page.click("#door-recovery")
    page.click("[data-question=skin]")
    page.click("#questions-go")
    step(page, "sore")
    page.locator("#avoid button[data-area=knees]").click()
    page.locator("#avoid path[data-area=calves]").dispatch_event("click")
    expect(page.locator("#avoid button[data-area=calves]")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.click("#sore-go")
    sent = posts(page)
    page.click("#agree")
    page.wait_for_url(TICKET)
    assert set(sent[0][1]["avoid"]) == {"knees", "calves"}
    assert sent[0][1]["screening"] == "ok"


def test_a_sore_spot_nobody_points_at_is_for_the_therapist_to_ask(phones: Phones) -> None:
    page = phones.join()
    page.click("#door-recovery")
    page.click("[data-question=skin]")
    page.click("#questions-go")
    page.click("#sore-go")
    sent = posts(page)
    page.click("#agree")
    page.wait_for_url(TICKET)
    assert sent[0][1]["screening"] == "ask"


def test_the_keyboard_alone_joins_with_an_area(phones: Phones) -> None:
    page = phones.join()
    page.locator("#door-recovery").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#questions-title")).to_be_focused()
    press_tabs_to(page, "#questions-go")
    page.keyboard.press("Enter")
    press_tabs_to(page, "#to-areas")
    page.keyboard.press("Enter")
    press_tabs_to(page, "#areas button[data-area=quads]")
    page.keyboard.press("Space")
    press_tabs_to(page, "#areas-go")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=areas-words]")).to_have_text("Quads")
    press_tabs_to(page, "#agree")
    page.keyboard.press("Enter")
    page.wait_for_url(TICKET)


def press_tabs_to(page: Page, target: str) -> None:
    """Press Tab until `target` has the focus."""
    for _ in range(40):
        if page.locator(f"{target}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def test_back_goes_one_step_also_by_the_phones_own_button(phones: Phones) -> None:
    page = phones.join()
    to_consent(page)
    page.click("#back")
    step(page, "questions")
    page.go_back()
    step(page, "doors")
    expect(page.locator("#back")).to_be_hidden()


def test_a_bib_in_line_is_found_again_by_the_word(phones: Phones) -> None:
    mine = phones.tent.join(bib="77", word="blue")
    page = phones.join()
    to_consent(page)
    page.click("#bib-box summary")
    page.fill("#bib", "77")
    page.click("#agree")
    step(page, "refused")
    expect(page.locator("#refused-title")).to_have_text("This bib is in line already")
    page.get_by_role("button", name="Find the ticket by bib and word").click()
    expect(page.locator("#find-bib")).to_have_value("77")
    page.fill("#find-word", "green")
    page.click("#find-go")
    expect(page.locator("#find-go-problem")).to_have_text(re.compile("No ticket has this bib"))
    page.fill("#find-word", "blue")
    page.click("#find-go")
    page.wait_for_url(re.compile(mine["id"]))


def test_a_closed_lane_offers_the_next_best_thing(phones: Phones) -> None:
    page = phones.join()
    expect(page.locator("#door-warmup [data-part=wait-words]")).to_have_text("Closed")
    phones.tent.post("lanes/recovery/close")
    to_consent(page)
    page.click("#agree")
    step(page, "refused")
    page.get_by_role("button", name="Book the next day, 30 min").click()
    step(page, "consent")
    page.wait_for_timeout(SETTLED_MS)
    page.click("#agree")
    page.wait_for_url(TICKET)
    expect(page.locator("#advice")).to_have_text(re.compile("Your appointment is Monday at"))


def test_an_appointment_is_one_of_the_free_times_the_soonest_chosen(phones: Phones) -> None:
    page = phones.open(f"/{phones.tent.slug}?lane=nextday")
    step(page, "consent")
    times = page.locator("#times label")
    expect(times.first).to_have_text("10:00")
    expect(page.locator("#times input").first).to_be_checked()
    times.nth(2).click()
    page.wait_for_timeout(SETTLED_MS)
    page.click("#agree")
    page.wait_for_url(TICKET)
    expect(page.locator("#advice")).to_have_text("Your appointment is Monday at 11:04.")


def test_pressing_without_network_counts_once_when_it_is_back(phones: Phones) -> None:
    page = phones.join()
    to_consent(page)
    page.context.set_offline(True)
    page.click("#agree")
    expect(page.locator("#agree-problem")).to_have_text("Still sending. Keep this page open.")
    expect(page.locator("#offline")).to_be_visible()
    page.click("#agree")
    page.context.set_offline(False)
    page.wait_for_url(TICKET)
    assert len(phones.tent.view()["tickets"]) == 1


def test_under_eighteen_says_so_and_consents_in_its_own_words(phones: Phones) -> None:
    page = phones.join()
    to_consent(page)
    page.click("#age-box summary")
    page.locator("#age-box label", has_text="15 or younger").click()
    expect(page.get_by_text("my guardian will agree at the desk")).to_be_visible()
    expect(page.locator("#consent-words [data-part=adult]")).to_be_hidden()
    sent = posts(page)
    page.click("#agree")
    page.wait_for_url(TICKET)
    assert sent[0][1]["age_group"] == "under_16"


def test_the_soonest_wave_that_can_be_reached_is_chosen(phones: Phones) -> None:
    page = phones.open(f"/{phones.tent.slug}")
    page.route(f"**/api/v1/events/{phones.tent.slug}", before_the_start)
    page.reload()
    expect(page.locator("#door-warmup [data-part=what]")).to_have_text(
        "Join by 13:40 for the Half B start"
    )
    page.click("#door-warmup")
    late, soonest = page.locator("#waves input").all()
    expect(late).to_be_disabled()
    expect(soonest).to_be_checked()
    expect(page.locator("#waves")).to_contain_text("13:20, too close")
    page.click("#questions-go")
    expect(page.locator("[data-part=what]:visible")).to_have_text("Warm-up, 10 min, Half B start")


def before_the_start(route: Route) -> None:
    """Answer as the tent would in the morning: two waves to come, the first too close."""
    answer = route.fetch()
    view: dict[str, Any] = answer.json()
    view["waves"][0] |= {"starts_at": "2027-04-25T13:20:00+01:00", "last_safe_join": None}
    safe = "2027-04-25T13:40:00+01:00"
    view["waves"][1] |= {"starts_at": "2027-04-25T14:00:00+01:00", "last_safe_join": safe}
    view["lanes"][0] |= {"state": "open"}
    route.fulfill(json=view)


def test_the_phone_remembers_the_ticket_but_no_bib_no_word_and_no_key(phones: Phones) -> None:
    page = phones.join()
    to_consent(page)
    page.click("#bib-box summary")
    page.fill("#bib", "1234")
    page.fill("#word", "blue")
    page.click("#agree")
    page.wait_for_url(TICKET)
    kept = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    assert set(kept) <= {"theme", "ticket", f"ticket-{kept['ticket']}"}
    assert len(kept["ticket"]) == 26
    assert "1234" not in str(kept)
    assert "blue" not in str(kept)
    assert "key" not in str(kept)
    page.goto(f"{phones.tent.url}/{phones.tent.slug}")
    expect(page.locator("#mine-link")).to_be_visible()


def test_the_page_is_light_enough_for_a_bad_network(phones: Phones) -> None:
    page = phones.open("/healthz")
    session = page.context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(f"{phones.tent.url}/{phones.tent.slug}")
    expect(page.locator("#door-recovery [data-part=wait-words]")).not_to_have_text("")
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 5, "the files were counted"
    assert sum(sizes) < LIGHT_KB * 1000


@pytest.mark.parametrize("theme", THEMES)
def test_every_step_is_accessible(phones: Phones, theme: str) -> None:
    page = phones.join(theme)
    assert violations(page) == []
    page.click("#door-recovery")
    found = violations_settled(page)
    page.click("[data-question=skin]")
    page.click("#questions-go")
    found += violations_settled(page)
    page.locator("#avoid button").first.click()
    page.click("#sore-go")
    page.click("#bib-box summary")
    page.click("#age-box summary")
    found += violations_settled(page)
    page.click("#back")
    page.click("#back")
    page.click("[data-question=breath]")
    page.click("#questions-go")
    found += violations_settled(page)
    assert found == []


def violations_settled(page: Page) -> list[str]:
    """What axe finds once the step has slid in: half-way colours are nobody's reading."""
    page.wait_for_timeout(300)
    return violations(page)
