"""The kiosk in a real browser: nobody behind it, a bib in, a ticket on paper, blank again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.screens.staff_pages import SLUGS, StaffTent, start, violations
from tests.web.receipt_paper import FakePrinter

STEP_MS = 400
"""A step slides in; half seen, its colours are not yet what they are."""


def kiosk(tent: StaffTent) -> Page:
    """Open the kiosk; prints are counted, not printed."""
    page = tent.open("kiosk", "kiosk:door")
    page.evaluate("() => { window.prints = 0; window.print = () => (window.prints += 1); }")
    expect(page.locator("[data-step=bib]")).to_be_visible()
    return page


def take(page: Page, bib: str) -> None:
    """Tap a bib, recovery, and the consent."""
    for digit in bib:
        page.locator(f"[data-digit='{digit}']").click()
    page.locator("#bib-go").click()
    page.locator("#door-recovery").click()
    page.locator("#agree").click()


def test_a_bib_becomes_a_ticket_on_paper_and_the_kiosk_is_blank_again(tent: StaffTent) -> None:
    page = kiosk(tent)
    take(page, "1204")
    expect(page.locator("#paper-yes")).to_be_visible()
    expect(page.locator("[data-step=done] .bib__code")).to_have_text("R001")
    assert page.evaluate("window.prints") == 1
    page.locator("#paper-yes").click()
    expect(page.locator("#bib-field")).to_have_value("")
    expect(page.locator("[data-step=bib]")).to_be_visible()
    assert "R001" not in page.locator("body").inner_html()
    assert [t["bib"] for t in tent.view("desk:Eve")["tickets"]] == ["1204"]


def test_no_paper_no_place(tent: StaffTent) -> None:
    page = kiosk(tent)
    take(page, "7")
    page.locator("#paper-no").click()
    expect(page.locator("[data-step=no]")).to_contain_text("we took it back")
    assert tent.view("desk:Eve")["tickets"] == []


def test_the_kiosk_tells_nothing_of_the_ticket_a_bib_has_already(tent: StaffTent) -> None:
    code = tent.join(bib="1204", name="Maya")["code"]
    page = kiosk(tent)
    take(page, "1204")
    expect(page.locator("[data-step=no]")).to_contain_text("This bib has a ticket already.")
    shown = page.locator("body").inner_text()
    assert code not in shown
    assert "Maya" not in shown


def test_who_walks_away_leaves_nothing_behind(tent: StaffTent) -> None:
    page = kiosk(tent)
    page.clock.install()
    page.reload()
    expect(page.locator("[data-step=bib]")).to_be_visible()
    page.keyboard.type("1204")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step=lane]")).to_be_visible()
    page.clock.fast_forward(31_000)
    expect(page.locator("[data-step=bib]")).to_be_visible()
    expect(page.locator("#bib-field")).to_have_value("")


def test_a_network_printer_prints_and_the_kiosk_resets_itself_within_ten_seconds(
    tmp_path: Path, staff_browser: Browser
) -> None:
    printer = FakePrinter()
    process, url = start(tmp_path, TENTQUEUE_PRINTER=printer.address)
    tent = StaffTent(url, SLUGS[0], staff_browser)
    try:
        page = kiosk(tent)
        take(page, "17")
        expect(page.locator("[data-step=done]")).to_be_visible()
        assert len(printer.printed) == 1
        expect(page.locator("[data-step=bib]")).to_be_visible(timeout=10_000)
        printer.paper = False
        take(page, "18")
        expect(page.locator("[data-step=no]")).to_contain_text("no place was taken")
        assert [t["bib"] for t in tent.view("desk:Eve")["tickets"]] == ["17"]
    finally:
        tent.close()
        process.kill()
        printer.close()


def test_axe_finds_nothing_wrong_on_any_step(tent: StaffTent) -> None:
    page = kiosk(tent)
    assert violations(page) == []
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    page.wait_for_timeout(STEP_MS)
    assert violations(page) == []
    page.locator("#door-recovery").click()
    page.wait_for_timeout(STEP_MS)
    assert violations(page) == []
    page.locator("#agree").click()
    expect(page.locator("[data-step=done]")).to_be_visible()
    page.wait_for_timeout(STEP_MS)
    assert violations(page) == []


def test_everything_to_tap_is_large_enough_for_cold_fingers(tent: StaffTent) -> None:
    page = kiosk(tent)
    for button in page.locator(".kiosk button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 64
        assert box["y"] + box["height"] <= 820


def test_no_wait_is_promised_where_nobody_could_treat(tent: StaffTent) -> None:
    page = kiosk(tent)
    nobody = {"lane": "recovery", "state": "open", "wait": {"from_minutes": 240, "to_minutes": 245}}
    view = {"now": "2027-04-25T12:00:00Z", "waves": [], "lanes": [nobody]}
    page.route(f"**/api/v1/events/{tent.slug}", lambda route: route.fulfill(json=view))
    page.reload()
    page.locator("[data-digit='7']").click()
    page.locator("#bib-go").click()
    expect(page.locator("#door-recovery")).to_contain_text("Wait not known yet")
