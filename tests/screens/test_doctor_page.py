"""Before the day: a trouble is read, mended on its screen, and gone when it is looked at again."""

from __future__ import annotations

import urllib.request

from playwright.sync_api import expect

from tests.screens.staff_pages import StaffTent, violations

WIDE = {"width": 1180, "height": 820}


def without_the_lead(tent: StaffTent) -> None:
    """Take the medical lead's confirmation out of the event."""
    asked = urllib.request.Request(f"{tent.url}/api/v1/events/{tent.slug}/file")
    asked.add_header("Authorization", "Bearer organiser:Eve")
    with urllib.request.urlopen(asked, timeout=10) as answer:
        text = answer.read().decode()
    assert "confirmed_by" in text
    kept = [line for line in text.splitlines() if not line.startswith("confirmed_by")]
    tent.post("/api/v1/setup", {"event": tent.slug, "toml": "\n".join(kept)})


def test_a_trouble_is_mended_on_its_screen_and_gone_when_looked_at_again(tent: StaffTent) -> None:
    without_the_lead(tent)
    page = tent.open_as("organiser:olga", f"/{tent.slug}/organiser", WIDE)
    page.locator("#open-more").click()
    page.get_by_role("link", name="Before the day").click()
    troubles = page.locator(".trouble")
    expect(page.locator(".bib__code")).to_have_text("3")
    expect(troubles.first).to_contain_text("Nobody has confirmed the medical rules.")
    assert violations(page) == []
    page.get_by_role("link", name="Open the medical rules").click()
    page.wait_for_url("**/setup#medical")
    page.locator('[data-at="medical.confirmed_by"]').fill("Dr Maya Lee")
    page.get_by_role("button", name="Save the event").click()
    expect(page.locator("[data-part=state]")).to_have_text("Saved. Screens show it at once.")
    page.get_by_role("link", name="What is left before the day").click()
    expect(page.locator(".bib__code")).to_have_text("2")
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#looked time")).to_be_visible()
    expect(page.locator("[data-of=of-event]")).to_contain_text("Dr Maya Lee has confirmed")
