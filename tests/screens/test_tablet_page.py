"""The therapist's tablet in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.staff_pages import SLUGS, StaffTent, choose_theme, start, violations

THEMES = ("day", "night", "sunlight")
SETTLED_MS = 800
"""A button takes the next press only after this, so that a double tap is one press."""


def the_button(page: Page, words: str) -> None:
    """Wait until the main button says `words`, then press it with a finger that taps once."""
    page.wait_for_timeout(SETTLED_MS)
    expect(page.locator("#main-step")).to_have_text(words)
    page.locator("#main-step").click()


def test_the_one_button_says_each_next_step_of_a_treatment(tent: StaffTent) -> None:
    page = tent.open("tablet", "therapist:ana")
    the_button(page, "I'm here")
    expect(page.locator("#main-step")).to_have_text("The next runner comes by itself")
    expect(page.locator("#main-step")).to_have_attribute("aria-disabled", "true")
    code = tent.join()["code"]
    the_button(page, f"Start {code}")
    the_button(page, f"Finish {code}")
    the_button(page, "Table is clean")
    expect(page.locator("#main-step")).to_have_text("The next runner comes by itself")
    assert next(t for t in tent.view()["therapists"] if t["id"] == "ana")["treated"] == 1


def test_the_keyboard_alone_brings_a_runner_through(tent: StaffTent) -> None:
    code = tent.join()["code"]
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#main-step")).to_have_text("I'm here")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator("#main-step:focus").count():
            break
    expect(page.locator("#main-step")).to_be_focused()
    for words in ("I'm here", f"Start {code}", f"Finish {code}", "Table is clean"):
        expect(page.locator("#main-step")).to_have_text(words)
        page.wait_for_timeout(SETTLED_MS)
        page.keyboard.press("Enter")
    expect(page.locator("#main-step")).to_have_text("The next runner comes by itself")


def test_a_double_tap_on_start_does_not_finish(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join()["code"]
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#main-step")).to_have_text(f"Start {code}")
    page.locator("#main-step").dblclick()
    expect(page.locator("#main-step")).to_have_text(f"Finish {code}")
    page.wait_for_timeout(SETTLED_MS)
    assert tent.view()["tickets"][0]["state"] == "in_treatment"


def test_a_runner_nobody_has_asked_is_asked_the_six_questions_first(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join(screening="unasked")["code"]
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator(".questions__list li")).to_have_count(6)
    expect(page.locator(".questions__list li").last).to_be_in_viewport(ratio=1)
    the_button(page, "Asked. All fine")
    expect(page.locator("#questions")).to_be_hidden()
    the_button(page, f"Start {code}")
    expect(page.locator("#main-step")).to_have_text(f"Finish {code}")


def test_under_the_desks_sign_in_the_six_questions_stand_before_start_too(tent: StaffTent) -> None:
    tent.on_duty("ana")
    joined = tent.join(screening="unasked", avoid=["shins"])
    page = tent.open("tablet", "desk:Eve")
    page.locator(".strip__one", has_text="Ana").click()
    expect(page.locator(".questions__list li")).to_have_count(6)
    expect(page.locator("#answered")).to_be_hidden()
    the_button(page, "Asked. All fine")
    the_button(page, f"Start {joined['code']}")
    expect(page.locator("#main-step")).to_have_text(f"Finish {joined['code']}")
    # What the desk's sign-in is never told is not wiped by its answer.
    shown = tent.view("therapist:ana")["tickets"][0]
    assert (shown["screening"], shown["avoid"]) == ("ok", ["shins"])


@pytest.mark.parametrize("outcome", ["ok", "ask"])
def test_under_the_desks_sign_in_an_answered_runner_is_asked_once_more_and_nothing_is_told(
    tent: StaffTent, outcome: str
) -> None:
    tent.on_duty("ana")
    code = tent.join(screening=outcome)["code"]
    page = tent.open("tablet", "desk:Eve")
    page.locator(".strip__one", has_text="Ana").click()
    expect(page.locator("#main-step")).to_have_text(f"Start {code}")
    expect(page.locator("#answered")).to_contain_text("Ask whether any answer was yes.")
    expect(page.locator("#questions")).to_be_hidden()


def test_wishes_links_and_what_to_avoid_are_shown_and_deep_work_never_is_allowed(
    tent: StaffTent,
) -> None:
    tent.on_duty("ana")
    tent.join(areas=["knees", "calves"], avoid=["shins"])
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#fact-areas dd")).to_have_text("KneesCalves")
    expect(page.locator("#fact-links dd")).to_have_text("Knees: Hamstrings, Quads")
    expect(page.locator("#fact-avoid dd")).to_have_text("Shins")
    expect(page.locator(".allowed")).to_contain_text("Light and slow.")
    expect(page.locator(".allowed")).to_contain_text("No deep work.")


def test_under_16_the_button_says_that_the_guardian_is_here(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join(age_group="under_16", guardian_consent=True)["code"]
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#guardian")).to_contain_text("Under 16")
    the_button(page, f"Guardian is here. Start {code}")
    expect(page.locator("#main-step")).to_have_text(f"Finish {code}")


def test_under_18_without_consent_start_is_refused_at_the_button_which_then_asks_for_it(
    tent: StaffTent,
) -> None:
    tent.on_duty("ana")
    code = tent.join(age_group="under_18")["code"]
    page = tent.open("tablet", "therapist:ana")
    the_button(page, f"Start {code}")
    expect(page.locator("#main-step-problem")).to_contain_text("a guardian's consent is needed")
    the_button(page, f"Guardian is here. Start {code}")
    expect(page.locator("#main-step")).to_have_text(f"Finish {code}")


def test_undo_takes_the_last_press_back_for_ten_seconds(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join()["code"]
    page = tent.open("tablet", "therapist:ana")
    the_button(page, f"Start {code}")
    expect(page.locator("#undo")).to_contain_text(" s")
    page.locator("#undo").click()
    expect(page.locator("#main-step")).to_have_text(f"Start {code}")


def test_refer_is_one_tap_on_a_category_and_frees_the_table(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join()["code"]
    page = tent.open("tablet", "therapist:ana")
    the_button(page, f"Start {code}")
    expect(page.locator("#main-step")).to_have_text(f"Finish {code}")
    page.locator("#refer").click()
    page.get_by_role("button", name="Injury").click()
    expect(page.locator("#main-step")).to_have_text("Table is clean")
    assert tent.view()["numbers"]["referrals"] == 1


def test_not_here_sets_the_runner_aside_and_five_minutes_more_move_the_end(tent: StaffTent) -> None:
    tent.on_duty("ana")
    first, second = tent.join()["code"], tent.join()["code"]
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#main-step")).to_have_text(f"Start {first}")
    page.locator("#no-show").click()
    the_button(page, f"Start {second}")
    expect(page.locator("#main-step")).to_have_text(f"Finish {second}")
    before = next(t for t in tent.view()["tickets"] if t["code"] == second)["planned_end_at"]
    with page.expect_response("**/extend"):
        page.locator("#extend").click()
    expect(page.locator("#undo")).to_contain_text(" s")
    after = next(t for t in tent.view()["tickets"] if t["code"] == second)["planned_end_at"]
    assert after > before


def test_a_break_begins_from_the_tablet_and_ends_with_the_button(tent: StaffTent) -> None:
    tent.on_duty("ana")
    page = tent.open("tablet", "therapist:ana")
    page.locator("#break").click()
    page.get_by_role("button", name="Break, 10 min").click()
    the_button(page, "I'm back")
    expect(page.locator("#main-step")).to_have_text("The next runner comes by itself")


def test_a_tablet_that_several_share_switches_tables_with_one_tap(tent: StaffTent) -> None:
    tent.on_duty("ana", "ben")
    one, two = tent.join()["code"], tent.join()["code"]
    page = tent.open("tablet", "desk:Eve")
    expect(page.locator("#main-step")).to_have_text("Tap your name above")
    page.locator(".strip__one", has_text="Ana").click()
    expect(page.locator("#main-step")).to_contain_text("Start")
    expect(page.locator("#runner-facts")).to_contain_text("own sign-in")
    shown = page.locator("#main-step").inner_text()
    page.locator(".strip__one", has_text="Ben").click()
    expect(page.locator("#main-step")).not_to_have_text(shown)
    expect(page.locator("#main-step")).to_have_text(f"Start {two if one in shown else one}")


def test_the_main_button_is_104_px_high_and_nothing_to_tap_is_under_64(tent: StaffTent) -> None:
    tent.on_duty("ana")
    tent.join(screening="unasked")
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#main-step")).to_have_text("Asked. All fine")
    box = page.locator("#main-step").bounding_box()
    assert box is not None
    assert box["height"] >= 104
    assert box["y"] + box["height"] <= 820
    for tool in page.locator(".tools button").all():
        size = tool.bounding_box()
        assert size is not None
        assert size["height"] >= 64
        assert size["width"] >= 64
        assert size["y"] + size["height"] <= 820


def test_axe_finds_nothing_wrong_on_any_step_in_any_theme(tent: StaffTent) -> None:
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#main-step")).to_have_text("I'm here")
    assert violations(page) == []
    tent.on_duty("ana")
    code = tent.join(
        screening="ask",
        areas=["knees"],
        avoid=["shins"],
        age_group="under_16",
        guardian_consent=True,
    )["code"]
    for words in ("I decide: go on", f"Guardian is here. Start {code}", f"Finish {code}"):
        expect(page.locator("#main-step")).to_have_text(words)
        for theme in THEMES:
            choose_theme(page, theme)
            assert violations(page) == []
        the_button(page, words)
    expect(page.locator("#main-step")).to_have_text("Table is clean")
    assert violations(page) == []
    page.locator("#break").click()
    assert violations(page) == []


@pytest.mark.timeout(90)
def test_a_tablet_without_its_server_says_so_and_loses_no_press(
    tmp_path: Path, staff_browser: Browser
) -> None:
    process, url = start(tmp_path)
    alone = StaffTent(url, SLUGS[0], staff_browser)
    try:
        page = alone.open("tablet", "therapist:ana")
        expect(page.locator("#main-step")).to_have_text("I'm here")
        process.kill()
        process.wait()
        expect(page.locator("[data-stale]")).to_be_visible(timeout=20_000)
        page.locator("#main-step").click()
        expect(page.locator("#main-step-problem")).to_contain_text("Still sending")
        expect(page.locator("#main-step-problem")).to_contain_text("Tap again", timeout=40_000)
    finally:
        process.kill()
        alone.close()


def test_a_scanned_ticket_says_where_its_runner_belongs(tent: StaffTent) -> None:
    tent.on_duty("ana", "ben")
    called, other = tent.join()["code"], tent.join()["code"]
    page = tent.open("tablet", "therapist:ana", fragment=f"#{other}")
    expect(page.locator(".toast [data-part=text]")).to_have_text(f"{other} goes to table 2.")
    expect(page.locator("#main-step")).to_have_text(f"Start {called}")
    shared = tent.open("tablet", "desk:Eve", fragment=f"#{other}")
    expect(shared.locator("#main-step")).to_have_text(f"Start {other}")


def test_the_minutes_left_are_a_ring_that_empties_and_says_so_in_figures(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join()["code"]
    page = tent.open("tablet", "therapist:ana")
    the_button(page, f"Start {code}")
    ring = page.locator("#ring")
    expect(ring).to_contain_text("left")
    expect(ring.locator("[data-part=figure]")).to_have_text(re.compile(r"1[12]:\d\d"))
    full = float(str(ring.locator("[data-part=arc]").get_attribute("stroke-dasharray")).split()[0])
    assert 90 < full <= 100
    tent.post(f"tickets/{code}/extend", {"minutes": 5})
    expect(ring.locator("[data-part=figure]")).to_have_text(re.compile(r"1[67]:\d\d"))


def test_who_is_done_just_before_the_start_is_sent_there_by_the_therapist(tent: StaffTent) -> None:
    tent.on_duty("ana")
    tent.join()
    page = tent.open("tablet", "therapist:ana")
    expect(page.locator("#runner-facts")).to_be_visible()
    expect(page.locator("#start-soon")).to_be_hidden()
    view = tent.view("therapist:ana")
    view["tickets"][0] |= {"start_soon": True, "wave": view["event"]["waves"][0]["id"]}
    # It is noon here, and every start was in the morning.
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.route("**/tent", lambda route: route.fulfill(json=view))
    page.reload()
    expect(page.locator("#start-soon")).to_have_text("From here straight to the 11:30 start.")
    assert violations(page) == []
