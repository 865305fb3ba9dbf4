"""The desk in a real browser: a bib in, a ticket out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.screens.staff_pages import SLUGS, StaffTent, choose_theme, start, violations
from tests.web.receipt_paper import FakePrinter

COUNT_PRINTS = """() => {
    const {dataset} = document.body;
    window.prints = [];
    window.print = () => window.prints.push({what: dataset.print, paper: dataset.paper});
}"""


def desk(tent: StaffTent) -> Page:
    """Open the desk."""
    page = tent.open("desk", "desk:Eve")
    expect(page.locator("#asked")).to_be_focused()
    expect(page.locator("#start")).to_be_visible()
    expect(page.locator("#doors li").first).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("screen", "who", "parts"),
    [
        ("desk", "desk:Eve", "#asked"),
        ("tablet", "therapist:ana", "#main-step"),
        ("organiser", "organiser:Eve", ".number"),
    ],
)
def test_a_staff_screen_fits_a_phone_when_no_tablet_is_left(
    tent: StaffTent, screen: str, who: str, parts: str
) -> None:
    tent.on_duty("ana")
    tent.join()
    page = tent.open(screen, who)
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator("[data-clock]").first).not_to_be_empty()
    expect(page.locator(parts).first).to_be_visible()
    wide = boxes(page, f"{parts}, .staff-top > *, .staff-top__middle button")
    assert [box for box in wide if box["left"] < 0 or box["right"] > 360] == []
    name, middle, end = boxes(page, ".staff-top > *")
    assert max(name["bottom"], end["bottom"]) <= middle["top"]
    if screen == "desk":
        (asked,) = boxes(page, "#asked")
        assert asked["right"] - asked["left"] > 280


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """The edges of each of them on the screen, in pixels."""
    found: list[dict[str, float]] = page.locator(selector).evaluate_all(
        "(nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON())"
    )
    return found


def ask_for(page: Page, text: str) -> None:
    """Type into the one field, as a scanner would: letters, then Enter."""
    page.locator("#asked").focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def prints(page: Page) -> Any:
    """Return what was printed so far."""
    return page.evaluate("window.prints")


def test_a_bib_becomes_a_ticket_in_under_ten_seconds_by_keys_alone(tent: StaffTent) -> None:
    page = desk(tent)
    began = time.monotonic()
    page.keyboard.type("1204", delay=80)
    page.keyboard.press("Enter")
    expect(page.locator("#join")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.locator("#agree:focus").count():
            break
    expect(page.locator("#agree")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-who")).to_have_text("Bib 1204")
    assert time.monotonic() - began < 10
    ticket = tent.view("desk:Eve")["tickets"][0]
    assert (ticket["bib"], ticket["lane"], ticket["code"]) == ("1204", "recovery", "R001")
    expect(page.locator("#ticket-print")).to_be_focused()


def test_consent_has_a_button_of_its_own_and_enter_elsewhere_never_gives_it(
    tent: StaffTent,
) -> None:
    page = desk(tent)
    ask_for(page, "1204")
    expect(page.locator("#join")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert tent.view("desk:Eve")["tickets"] == []


def test_a_bib_in_line_opens_its_ticket_instead_of_a_second_one(tent: StaffTent) -> None:
    code = tent.join(bib="0077", name="Maya")["code"]
    page = desk(tent)
    ask_for(page, "0077")
    expect(page.locator("#ticket-who")).to_have_text("Bib 0077, Maya")
    expect(page.locator("#ticket .bib__code")).to_have_text(code)
    expect(page.locator("#join")).to_be_hidden()


def test_a_name_shows_everyone_who_has_it(tent: StaffTent) -> None:
    tent.join(bib="1", name="Maya K")
    other = tent.join(bib="2", name="Mayara")["code"]
    page = desk(tent)
    ask_for(page, "maya")
    expect(page.locator("#matches .match")).to_have_count(2)
    page.locator("#matches .match", has_text="Mayara").click()
    expect(page.locator("#ticket .bib__code")).to_have_text(other)
    ask_for(page, "maya k")
    expect(page.locator("#ticket-who")).to_have_text("Bib 1, Maya K")


def test_a_scanned_link_opens_its_ticket_and_a_foreign_one_changes_nothing(tent: StaffTent) -> None:
    joined = tent.join(bib="5")
    page = desk(tent)
    ask_for(page, f"HTTP://127.0.0.1/S/{joined['id'].upper()}".replace("/S/", "/s/"))
    expect(page.locator("#ticket .bib__code")).to_have_text(joined["code"])
    ask_for(page, "https://elsewhere.example/coupon")
    expect(page.locator("#missing")).to_have_text("Not one of ours. Type the bib.")
    expect(page.locator("#ticket")).to_be_hidden()


def test_a_paper_ticket_gets_its_runner_by_its_number_or_its_picture(tent: StaffTent) -> None:
    page = desk(tent)
    ask_for(page, "r805")
    expect(page.locator("#join")).to_contain_text("Paper ticket R805")
    expect(page.locator("#paper-bib")).to_be_focused()
    page.keyboard.type("4711")
    page.locator("#agree").click()
    expect(page.locator("#ticket .bib__code")).to_have_text("R805")
    expect(page.locator("#ticket-who")).to_have_text("Bib 4711")
    # The next runner, without a paper, is not asked for a bib twice.
    ask_for(page, "1204")
    expect(page.locator("#paper-box")).to_be_hidden()


def test_a_link_of_ours_that_nobody_knows_changes_nothing(tent: StaffTent) -> None:
    page = desk(tent)
    ask_for(page, f"http://127.0.0.1/s/{'a' * 26}")
    expect(page.locator("#missing")).to_have_text("That ticket is not in line now. Type the bib.")
    expect(page.locator("#asked")).to_be_visible()


def test_a_link_that_is_looked_up_slowly_takes_nobody_elses_place(tent: StaffTent) -> None:
    page = desk(tent)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/s/*", hold)
    with page.expect_request("**/s/*"):
        ask_for(page, f"http://127.0.0.1/s/{'a' * 26}")
    ask_for(page, "1204")
    expect(page.locator("#join")).to_contain_text("1204")
    with page.expect_response("**/s/*"):
        held[0].fulfill(status=404)
    # Nothing may come of it, so there is nothing to wait for but time.
    page.wait_for_timeout(300)
    expect(page.locator("#join")).to_be_visible()
    expect(page.locator("#missing")).to_be_hidden()


def test_a_scanner_may_type_wherever_the_focus_is(tent: StaffTent) -> None:
    code = tent.join(bib="5")["code"]
    page = desk(tent)
    page.locator("#recent .match").first.click()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("#ticket .bib__code")).to_have_text(code)


def test_a_closed_lane_says_why_at_the_button_and_what_is_possible(tent: StaffTent) -> None:
    page = desk(tent)
    ask_for(page, "9")
    page.locator("[name=lane][value=warmup]").check(force=True)
    page.locator("#agree").click()
    expect(page.locator("#agree-problem")).to_be_visible()
    page.locator("#instead button", has_text="Recovery").click()
    expect(page.locator("#agree-problem")).to_be_hidden()
    expect(page.locator("#agree")).to_be_focused()
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-who")).to_have_text("Bib 9")


def test_under_18_the_guardians_consent_is_recorded_with_the_ticket(tent: StaffTent) -> None:
    page = desk(tent)
    ask_for(page, "16")
    page.get_by_label("Under 16, guardian is here").check(force=True)
    page.get_by_label("Asked: six times no").check(force=True)
    page.locator("#agree").click()
    expect(page.locator("#ticket")).to_contain_text("Under 16, guardian needed.")
    ticket = tent.view("desk:Eve")["tickets"][0]
    assert ticket["age_group"] == "under_16"


def test_a_red_flag_gets_no_place_in_line(tent: StaffTent) -> None:
    page = desk(tent)
    ask_for(page, "13")
    page.get_by_label("Red: medical now").check(force=True)
    page.locator("#agree").click()
    expect(page.locator("#ticket .bib")).to_have_attribute("data-state", "left")
    expect(page.locator("#ticket")).to_contain_text("Walk them to medical.")
    assert tent.view("desk:Eve")["numbers"]["waiting"] == 0
    assert tent.view("desk:Eve")["numbers"]["referrals"] == 1


def test_here_aside_and_leave_are_one_tap_with_undo(tent: StaffTent) -> None:
    code = tent.join(bib="5")["code"]
    page = desk(tent)
    ask_for(page, code)
    page.locator("#ticket-hold").click()
    expect(page.locator(".toast")).to_contain_text(f"{code} is set aside.")
    expect(page.locator("#ticket [data-part=chip]")).to_have_text("Set aside")
    page.locator(".toast__undo").click()
    expect(page.locator("#ticket [data-part=chip]")).to_have_text("Waiting")
    page.locator("#ticket-leave").click()
    expect(page.locator("#missing")).to_contain_text("is not in line now")
    page.locator(".toast__undo").click()
    expect(page.locator("#recent .match")).to_have_count(1)


SCAN_AT_ONCE = """addEventListener("DOMContentLoaded", () => {
    document.getElementById("asked").value = %r;
    document.getElementById("find").requestSubmit();
});"""


def test_a_scan_that_is_quicker_than_the_first_view_finds_its_ticket(tent: StaffTent) -> None:
    code = tent.join(bib="5")["code"]
    page = desk(tent)
    page.add_init_script(SCAN_AT_ONCE % code)
    page.reload()
    expect(page.locator("#ticket .bib__code")).to_have_text(code)


def test_a_receipt_that_did_not_print_leaves_no_ghost_in_line(tent: StaffTent) -> None:
    page = desk(tent)
    page.evaluate(COUNT_PRINTS)
    ask_for(page, "1204")
    page.locator("#agree").click()
    expect(page.locator("#ticket-print")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#printed")).to_be_visible()
    assert prints(page) == [{"what": "receipt", "paper": "80"}]
    page.get_by_role("button", name="No paper: take the ticket back").click()
    expect(page.locator("#start")).to_be_visible()
    assert tent.view("desk:Eve")["tickets"] == []


def test_the_receipt_has_code_qr_and_the_link_with_the_key_and_nothing_else_prints(
    tent: StaffTent,
) -> None:
    page = desk(tent)
    page.evaluate(COUNT_PRINTS)
    ask_for(page, "1204")
    page.locator("#agree").click()
    page.locator("#ticket-print").click()
    expect(page.locator("#printed")).to_be_visible()
    ticket = tent.view("desk:Eve")["tickets"][0]
    page.evaluate("document.body.dataset.print = 'receipt'")
    page.emulate_media(media="print")
    expect(page.locator("#receipt .receipt__code")).to_be_visible()
    expect(page.locator("#receipt .receipt__code")).to_have_text(ticket["code"])
    expect(page.locator("#receipt .receipt__link")).to_contain_text(f"/t/{ticket['id']}#")
    assert page.locator("#receipt-qr").get_attribute("src") == f"/q/s/{ticket['id']}.svg"
    expect(page.locator("#main")).to_be_hidden()
    expect(page.locator("#sheet")).to_be_hidden()


def test_the_whole_line_prints_in_order_for_the_minute_the_screens_fail(tent: StaffTent) -> None:
    tent.on_duty("ana")
    codes = [tent.join(bib=str(bib), name="Maya")["code"] for bib in range(1, 5)]
    page = desk(tent)
    page.evaluate(COUNT_PRINTS)
    page.locator("#print-sheet").click()
    assert prints(page) == [{"what": "sheet", "paper": "80"}]
    assert page.locator("#sheet .sheet__code").all_text_contents() == codes
    expect(page.locator("#sheet tbody tr").first).to_contain_text("Called")


def test_the_width_of_the_paper_is_remembered(tent: StaffTent) -> None:
    page = desk(tent)
    page.get_by_label("58 mm").check()
    page.reload()
    expect(page.get_by_label("58 mm")).to_be_checked()
    expect(page.locator("body")).to_have_attribute("data-paper", "58")


def test_axe_finds_nothing_wrong_at_the_desk(tent: StaffTent) -> None:
    code = tent.join(bib="5", name="Maya")["code"]
    page = desk(tent)
    assert violations(page) == []
    ask_for(page, "1204")
    page.locator(".join__more summary").click()
    for theme in ("day", "night", "sunlight"):
        choose_theme(page, theme)
        assert violations(page) == []
    ask_for(page, code)
    expect(page.locator("#ticket")).to_be_visible()
    for theme in ("day", "night", "sunlight"):
        choose_theme(page, theme)
        assert violations(page) == []


def test_a_device_whose_clock_is_off_by_minutes_says_so(tent: StaffTent) -> None:
    page = tent.open("desk", "desk:Eve")
    note = page.locator("[data-drift]")
    # The tests' tents live in another year, so every device's clock is off.
    expect(note).to_be_visible(timeout=30_000)
    expect(note).to_contain_text("The times shown are the tent's.")
    expect(note).to_contain_text("days")


def type_line(page: Page, **fields: str) -> None:
    """Type one line of the sheet and take it."""
    for name, text in fields.items():
        page.locator(f"#line-{name}").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("#line-who")).to_have_value("")


def test_the_paper_sheet_is_typed_in_again_line_by_line(tent: StaffTent) -> None:
    tent.on_duty("ana", "ben")
    first, second, third = (tent.join(bib=str(bib))["code"] for bib in (11, 12, 13))
    page = desk(tent)
    page.locator("#type-sheet").click()
    expect(page.locator("#line-who")).to_be_focused()
    # The cast's race is in London, in summer: noon by the server is one o'clock on paper.
    type_line(page, who=first, started="1240", finished="12:51")
    expect(page.locator(".typed").first).to_contain_text(f"{first} was finished at")
    type_line(page, who="12", left="12.30")
    expect(page.locator(".typed").first).to_contain_text(f"{second} left at")
    type_line(page, who="77", table="2", joined="1210", started="1220", finished="1231")
    expect(page.locator(".typed").first).to_contain_text("was finished at")
    type_line(page, who="78", joined="1215")
    expect(page.locator(".typed").first).to_contain_text("is in line since")
    open_now = {t["bib"]: t["code"] for t in tent.view("desk:Eve")["tickets"]}
    assert set(open_now) == {"13", "78"}
    assert open_now["13"] == third
    assert tent.view()["numbers"]["treated"] == 2


def test_a_refused_line_says_why_and_goes_back_into_the_form(tent: StaffTent) -> None:
    code = tent.join(bib="11")["code"]
    page = desk(tent)
    page.locator("#type-sheet").click()
    type_line(page, who=code, started="1240", finished="1251")
    refused = page.locator(".typed[data-refused]")
    expect(refused).to_contain_text("Write the number of the table")
    refused.get_by_role("button", name="Correct it").click()
    expect(page.locator("#line-started")).to_have_value("1240")
    page.locator("#line-table").fill("1")
    page.keyboard.press("Enter")
    expect(refused).to_have_count(0)
    expect(page.locator(".typed")).to_contain_text(f"{code} was finished at")
    type_line(page, who=code, started="quarter past")
    expect(page.locator(".typed").first).to_contain_text("is no time")
    type_line(page, who="99")
    expect(page.locator(".typed").first).to_contain_text("write when they joined")
    assert violations(page) == []


def test_a_warm_up_on_paper_takes_its_wave_along_by_name_or_start(tent: StaffTent) -> None:
    tent.on_duty("ana")
    page = desk(tent)
    waves: list[str] = []
    page.on(
        "request", lambda sent: waves.append(sent.post_data_json["wave"])
        if sent.url.endswith("/tickets") else None,
    )  # fmt: skip
    page.locator("#type-sheet").click()
    warmup = page.locator("[name=line-lane][value=warmup]")
    for bib, wave, told in (("501", "half b", "is in line"), ("502", "1200", "is in line")):
        warmup.check(force=True)
        type_line(page, who=bib, wave=wave, joined="1120")
        expect(page.locator(".typed").first).to_contain_text(told)
    warmup.check(force=True)
    type_line(page, who="503", wave="C", joined="1120")
    refused = page.locator(".typed[data-refused]")
    expect(refused).to_contain_text("No wave is called C. Write one of: Half A")
    refused.get_by_role("button", name="Correct it").click()
    expect(page.locator("#line-wave")).to_have_value("C")
    expect(warmup).to_be_checked()
    page.locator("#line-wave").fill("a")
    page.locator("#line-table").fill("1")
    page.locator("#line-started").fill("1125")
    page.locator("#line-finished").fill("1133")
    page.keyboard.press("Enter")
    expect(page.locator(".typed").first).to_contain_text("was finished at")
    assert waves == ["Half/B", "Half/B", "Half/A"]
    assert tent.view()["numbers"]["treated"] == 1


def test_the_sheet_has_room_for_new_runners_and_every_step(tent: StaffTent) -> None:
    tent.on_duty("ana")
    tent.join(bib="11", name="Maya")
    page = desk(tent)
    page.evaluate(COUNT_PRINTS)
    page.locator("#print-sheet").click()
    heads = page.locator("#sheet-lanes th").all_inner_texts()
    assert {"Code", "Bib", "Table", "Started", "Finished", "Left"} <= set(
        page.locator("#sheet-lanes th").evaluate_all("all => all.map(one => one.textContent)")
    ), heads
    assert page.locator(".sheet__blank").count() >= 12


def on_a_printer(tmp_path: Path, browser: Browser, printer: FakePrinter) -> tuple[StaffTent, Any]:
    """A tent whose server has a network printer."""
    process, url = start(tmp_path, TENTQUEUE_PRINTER=printer.address)
    return StaffTent(url, SLUGS[0], browser), process


def test_a_network_printer_prints_at_the_desks_word_and_a_failure_leaves_no_ghost(
    tmp_path: Path, staff_browser: Browser
) -> None:
    printer = FakePrinter()
    tent, process = on_a_printer(tmp_path, staff_browser, printer)
    try:
        page = desk(tent)
        ask_for(page, "1204")
        page.locator("#agree").click()
        expect(page.locator("#ticket .bib__code")).to_have_text("R001")
        page.locator("#ticket-print").click()
        expect(page.locator(".toast").last).to_contain_text("R001 is on paper.")
        assert len(printer.printed) == 1
        printer.paper = False
        ask_for(page, "1205")
        page.wait_for_timeout(800)  # A second tap on a button counts from then on.
        page.locator("#agree").click()
        expect(page.locator("#ticket .bib__code")).to_have_text("R002")
        page.locator("#ticket-print").click()
        expect(page.locator(".toast").last).to_contain_text("no place was taken")
        expect(page.locator("#start")).to_be_visible()
        assert [t["code"] for t in tent.view("desk:Eve")["tickets"]] == ["R001"]
    finally:
        tent.close()
        process.kill()
        printer.close()
