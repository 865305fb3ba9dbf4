"""An event set up in the browser: every number, both ways between page and file."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.screens.staff_pages import StaffTent, violations

WIDE = {"width": 1180, "height": 820}


def organiser(tent: StaffTent, path: str, **size: Any) -> Page:
    """The set-up page of an organiser of the whole server."""
    return tent.open_as("organiser:olga", path, size or WIDE)


def fill(page: Page, at: str, text: str) -> None:
    """Type into the field at a place of the file."""
    page.locator(f'[data-at="{at}"]:visible').first.fill(text)


def test_a_new_event_is_made_from_nothing(tent: StaffTent) -> None:
    page = organiser(tent, "/setup/event")
    expect(page.locator("[data-part=state]")).to_contain_text("left to mend")
    slug = f"autumn-{tent.slug}"
    fill(page, "event.name", f"Autumn {tent.slug}")
    expect(page.locator('[data-at="event.slug"]')).to_have_value(slug)
    fill(page, "event.date", "2027-10-03")
    fill(page, "event.timezone", "Europe/Madrid")
    fill(page, "name", "Half")
    page.locator('[data-row-of=wave] [data-at="name"]').fill("A")
    page.locator('[data-row-of=wave] [data-at="start"]').fill("09:30")
    page.locator("[data-lane-on=recovery]").check()
    fill(page, "lane.recovery.opens", "10:30")
    fill(page, "lane.recovery.closes", "15:00")
    page.get_by_role("button", name="Another therapist").click()
    page.locator('[data-row-of=therapist] [data-at="name"]').fill("Ana")
    page.locator('[data-row-of=therapist] [data-at="shifts"]').fill("10:00-12:30, 13:00-15:00")
    fill(page, "rules.cooldown_minutes", "15")
    fill(page, "medical.confirmed_by", "Dr Maya Lee")
    expect(page.locator("[data-part=state]")).to_have_text("Everything is there.")
    assert violations(page) == []
    page.get_by_role("button", name="Make the event").click()
    page.wait_for_url(re.compile(f"/{slug}/organiser$"))
    page.goto(f"{tent.url}/{slug}/setup")
    expect(page.locator('[data-at="rules.cooldown_minutes"]')).to_have_value("15")
    expect(page.locator('[data-at="shifts"]')).to_have_value("10:00-12:30, 13:00-15:00")
    expect(page.locator("#toml")).to_contain_text('confirmed_by = "Dr Maya Lee"')


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(tent: StaffTent) -> None:
    page = organiser(tent, f"/{tent.slug}/setup")
    before = tent.view()["version"]
    page.locator('[data-row-of=wave] [data-at="start"]').first.fill("")
    fill(page, "rules.break_required_minutes", "900")
    page.get_by_role("button", name="Save the event").click()
    wave = page.locator("[data-row-of=wave]").first
    expect(wave.locator(".problem:visible")).to_contain_text("is missing")
    expect(page.locator("#medical .problem:visible")).to_contain_text("between 15 and 300")
    expect(page.locator("[data-part=state]")).to_have_text("2 things are left to mend.")
    expect(page.locator('[data-step="waves"] b')).to_have_text("1")
    assert tent.view()["version"] == before


def test_a_changed_medical_rule_must_be_confirmed_again(tent: StaffTent) -> None:
    page = organiser(tent, f"/{tent.slug}/setup")
    fill(page, "medical.confirmed_by", "Dr Maya Lee")
    expect(page.locator("[data-part=confirmed]")).to_be_visible()
    fill(page, "rules.respond_seconds", "200")
    expect(page.locator('[data-at="medical.confirmed_by"]')).to_have_value("Dr Maya Lee")
    fill(page, "rules.cooldown_minutes", "12")
    expect(page.locator('[data-at="medical.confirmed_by"]')).to_have_value("")
    expect(page.locator("[data-part=confirmed]")).to_be_hidden()


def test_a_file_fills_the_page_and_the_page_gives_the_file_back(tent: StaffTent) -> None:
    page = organiser(tent, f"/{tent.slug}/setup")
    expect(page.locator("#toml")).to_contain_text("[event]")
    text = page.locator("#toml").text_content() or ""
    changed = text.replace("tables = 4", "tables = 9")
    page.set_input_files(
        "#bring", {"name": "race.toml", "mimeType": "text/plain", "buffer": changed.encode()}
    )
    expect(page.locator('[data-at="event.tables"]')).to_have_value("9")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save as a file").click()
    assert "tables = 9" in taken.value.path().read_text()
    page.get_by_role("button", name="Save the event").click()
    expect(page.locator("[data-part=state]")).to_have_text("Saved. Screens show it at once.")


def test_last_years_event_is_copied_but_for_its_day_and_its_confirmation(tent: StaffTent) -> None:
    page = organiser(tent, f"/setup/event?copy={tent.slug}")
    expect(page.locator('[data-at="event.name"]')).to_have_value("Riverside Half")
    expect(page.locator('[data-at="event.date"]')).to_have_value("")
    expect(page.locator('[data-at="medical.confirmed_by"]')).to_have_value("")
    assert page.locator("[data-row-of=therapist]").count() == 4


@pytest.mark.parametrize("width", [360, 1180])
def test_the_page_fits_a_phone_too(tent: StaffTent, width: int) -> None:
    page = organiser(tent, f"/{tent.slug}/setup", width=width, height=740)
    expect(page.locator("#toml")).to_contain_text("[event]")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
