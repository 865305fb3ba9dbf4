"""What a screen reader hears, in order: names, roles, states; and what is said by itself, once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screens.runner_pages import Phones
from tests.screens.staff_pages import StaffTent
from tests.screens.test_join_page import step

TV = {"width": 1920, "height": 1080}
LISTEN = """() => {
    window.said = [];
    const live = "[role=alert], [role=status], [aria-live=polite], [aria-live=assertive]";
    new MutationObserver((changes) => {
        const regions = new Set(changes.map(({ target }) =>
            (target.closest ? target : target.parentElement)?.closest(live)).filter(Boolean));
        for (const region of regions) {
            const words = region.checkVisibility() ? region.textContent.trim() : "";
            if (words && window.said.at(-1) !== words) window.said.push(words);
        }
    }).observe(document.body, {
        subtree: true, childList: true, characterData: true, attributes: true,
    });
}"""
"""Notes what live regions say from now on."""


def heard(page: Page, part: str, lines: str) -> None:
    """Expect these lines, in this order, among what is read out of a part of the page."""
    expect(page.locator(part)).to_match_aria_snapshot(lines)


def test_the_way_in_is_two_doors_six_answers_and_one_word(phones: Phones) -> None:
    page = phones.join()
    heard(
        page,
        "main",
        """
        - heading "What are you here for?" [level=1]
        - button /Warm-up Before your start.*Closed/
        - button "Recovery After your finish. Light and slow. no wait"
        """,
    )
    page.click("#door-recovery")
    heard(
        page,
        "main",
        """
        - group "Your finish":
          - radio "Just now" [checked]
          - radio "Over 10 min ago"
          - radio "Not yet"
        - heading "Tap what is true right now" [level=1]
        - list:
          - listitem:
            - button /Chest pain/ [pressed=false]
          - listitem:
            - button /Short of breath/ [pressed=false]
        - button "None of these"
        """,
    )
    page.locator("[data-question=fever]").press("Space")
    expect(page.locator("[data-question=fever]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-question=fever]").press("Space")
    page.locator("#questions-go").press("Enter")
    step(page, "consent")
    expect(page.locator("#consent-title")).to_be_focused()
    heard(
        page,
        "main",
        """
        - heading "Do you agree?" [level=1]
        - blockquote:
          - paragraph: /I can stop at any time/
        - term: For
        - definition: Recovery, 12 min
        - button "Areas Show on a body"
        - button "I agree. Give me a place"
        """,
    )


def test_the_body_is_nine_buttons_that_say_whether_they_are_chosen(phones: Phones) -> None:
    page = phones.join()
    page.click("#door-recovery")
    page.click("#questions-go")
    page.click("#to-areas")
    step(page, "areas")
    page.get_by_role("button", name="Calves").press("Space")
    heard(
        page,
        "main",
        """
        - heading "What would you like treated?" [level=1]
        - group "Areas to treat":
          - button "Shoulders" [pressed=false]
          - button "Calves" [pressed]
        - button "Done"
        """,
    )


def test_a_call_is_said_once_with_its_table_and_takes_the_focus(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket)
    page.evaluate(LISTEN)
    phones.tent.on_duty("ana")
    heard(
        page,
        "body",
        """
        - alertdialog "It is your turn":
          - heading "It is your turn" [level=2]
          - article:
            - paragraph: R001
          - paragraph: Table 1
          - paragraph: /to get there/
          - button "I'm here"
          - button "I need 10 min more"
        """,
    )
    assert page.evaluate("document.activeElement.closest('[role=alertdialog]') !== null")
    page.wait_for_timeout(2500)
    turns = [words for words in page.evaluate("window.said") if "table 1" in words.lower()]
    # The clock that runs down within the call is not read out every second.
    assert len(turns) <= 1, turns


def test_a_therapist_hears_who_comes_and_the_next_step(tent: StaffTent) -> None:
    tent.join(areas=["calves"], screening="ok")
    tent.on_duty("ana")
    page = tent.open("tablet", "therapist:ana")
    heard(page, "header.screen__top", '- group "Whose table":\n  - button "1 Ana R001" [pressed]')
    heard(
        page,
        "main",
        """
        - region "The runner":
          - article:
            - paragraph: R001
          - term: Wishes
          - definition: Calves
        - region "The next step":
          - timer: /to get here/
          - status: R001 is coming to you
          - button "Start R001"
          - button "Not here"
        """,
    )
    page.get_by_role("button", name="Start R001").press("Enter")
    heard(page, "main", '- region "The next step":\n  - button "Finish R001"')


def test_a_board_says_each_call_and_its_line(tent: StaffTent) -> None:
    for _ in range(3):
        tent.join()
    page = tent.open_as("", f"/{tent.slug}/board", TV)
    page.locator("#sound-off").click()
    page.evaluate(LISTEN)
    tent.on_duty("ana")
    expect(page.locator("body")).to_contain_text("R001")
    page.wait_for_timeout(1500)
    calls = [words for words in page.evaluate("window.said") if "R001" in words]
    assert len(calls) == 1, calls


def test_an_organiser_hears_five_numbers_with_their_words(tent: StaffTent) -> None:
    tent.on_duty("ana")
    page = tent.open("organiser", "organiser:Eve")
    for name, words in (
        ("n-waiting", "waiting"),
        ("n-wait", "to wait now"),
        ("n-working", "therapists at work"),
        ("n-close", "promised yet"),
        ("n-referrals", "referred"),
    ):
        expect(page.locator(f"#{name}")).to_contain_text(words)
    heard(
        page,
        "main",
        """
        - region "Tables":
          - region "The tables, past and to come"
        """,
    )


def test_nothing_moves_for_whom_motion_makes_ill(phones: Phones) -> None:
    ticket = phones.tent.join()
    page = phones.ticket(ticket, reduced_motion="reduce")
    phones.tent.on_duty("ana")
    expect(page.get_by_role("alertdialog")).to_be_visible()
    moving = """() => document.getAnimations().filter((one) =>
        one.playState === "running" && one.effect.getComputedTiming().duration > 50).length"""
    for _ in range(5):
        assert page.evaluate(moving) == 0
        page.wait_for_timeout(100)
