"""What is kept, for organisers and for runners, in a real browser: the numbers, the tent's own
hours, the question before the wipe, and the notice on a phone. The wipe itself: tests/weekend."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.screens.runner_pages import Phones
from tests.screens.staff_pages import StaffTent, choose_theme, violations

WIDE = {"width": 1440, "height": 900}


def records(tent: StaffTent, **size: int) -> Page:
    """The page of the records, as an organiser sees it."""
    return tent.open_as("organiser:Eve", f"/{tent.slug}/records", size or WIDE)


def test_the_records_tell_what_is_kept_and_until_when_by_the_tents_own_clock(
    tent: StaffTent,
) -> None:
    tent.join(bib="1204", name="Maya")
    page = records(tent)
    kept = page.locator("section", has=page.locator("#now-title"))
    expect(kept.locator("div", has_text="people").first).to_contain_text("1")
    # The last lane closes at 19:00 UTC of the day after; London is an hour ahead in April.
    expect(kept.locator("time")).to_have_text("2027-04-29 20:00")
    expect(page.locator("main")).not_to_contain_text("UTC")
    for theme in ("day", "night", "sunlight"):
        choose_theme(page, theme)
        assert violations(page) == []


def test_nothing_is_wiped_without_a_second_word(tent: StaffTent) -> None:
    tent.join(bib="1204", name="Maya")
    page = records(tent)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#wipe").click()
    assert violations(page) == []
    page.locator("#sure-wipe").get_by_role("button", name="Keep them").click()
    expect(page.locator("#sure-wipe")).to_be_hidden()
    expect(page.locator("#records")).to_contain_text("Nothing was wiped yet.")
    assert "POST" not in sent


@pytest.mark.parametrize("width", [360, 1440])
def test_the_records_fit_a_phone_too(tent: StaffTent, width: int) -> None:
    tent.join()
    page = records(tent, width=width, height=740)
    expect(page.locator("#records")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_notice_is_one_tap_from_the_consent_and_leads_back(phones: Phones) -> None:
    page = phones.join()
    page.click("#door-recovery")
    page.click("#questions-go")
    page.locator('[data-step="consent"]').get_by_role("link", name="What we keep").click()
    page.wait_for_url("**/privacy")
    expect(page.locator("article")).to_contain_text("72 hours after the last lane closes")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.get_by_role("link", name="Back to the tent").click()
    expect(page.locator("#door-recovery")).to_be_visible()
