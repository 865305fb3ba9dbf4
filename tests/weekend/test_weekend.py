"""The organiser's whole weekend in real browsers, from the one-time link to the wipe's proof."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.staff_pages import PATIENCE_MS as ONE_SCREENS_MS
from tests.screens.staff_pages import staff_browser
from tests.weekend.weekend import (
    LAPTOP,
    PATIENCE_MS,
    PHONE,
    TABLET,
    Weekend,
    saved,
    scanned,
    step,
    ticket_code,
)

__all__ = ["staff_browser"]
SLUG = "riverside-half"
SHIFTS = "07:15-11:00, 11:30-15:00"
PASSPHRASE = "a herd of slow zebras"
ENTRIES = """Startnr.;Wer;Startblock
BIBMAYA1;Mayacanary;A
BIBNOAH2;Noahcanary;A
BIBZOE3;Zoecanary;B
BIBOLA4;Olacanary;B
"""
RESULTS = "Bib,Name,Gun Time\nBIBZOE3,Zoecanary,2:05:00\nBIBOLA4,Olacanary,2:04:00\n"
ENDED = [
    "Warm-up,0,0,0,0,0,0",
    "Recovery,4,2,1,1,0,0",
    "Next day,1,1,0,0,0,0",
    "Together,5,3,1,1,0,0",
]
"""Joined, treated, no-show, left, expired, in line: Maya and Zoe, Noah, Ola; Maya's next day."""
NAMES = ("Mayacanary", "Noahcanary", "Zoecanary", "Olacanary")
# Letters: bare digits would stand in the log's microseconds by chance.
BIBS = ("BIBMAYA1", "BIBNOAH2", "BIBZOE3", "BIBOLA4")
WORD = "pineapplecanary"
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture
def weekend(tmp_path: Path, staff_browser: Browser) -> Iterator[Weekend]:
    """Four weeks before the race, in London, nothing set up."""
    opened = Weekend(tmp_path, staff_browser, "2027-03-28T18:00:00+01:00")
    expect.set_options(timeout=PATIENCE_MS)
    yield opened
    expect.set_options(timeout=ONE_SCREENS_MS)
    opened.close()


def test_the_whole_weekend_from_the_set_up_link_to_the_proof_of_the_wipe(
    weekend: Weekend, tmp_path: Path
) -> None:
    organiser = weekend.device(weekend.setup, LAPTOP)
    set_up(organiser)
    print_posters(organiser)
    take_start_list(organiser, tmp_path)
    ask_the_doctor(weekend)

    weekend.move("2027-04-25T11:30:00+01:00")
    come_back(organiser)
    tablet = enrol_ana(weekend, organiser)
    weekend.move("2027-04-25T11:50:00+01:00")
    maya, code = start_maya(weekend, tablet)
    ola, noah = join_two(weekend, organiser)
    announce(weekend, organiser)
    erase(ola)
    finish_maya(weekend, tablet, maya, code)
    miss_noah(tablet, noah)
    weekend.move("2027-04-25T12:30:00+01:00")
    expect(noah.locator("#advice")).to_contain_text("You did not come in time.")
    finish_zoe(weekend, organiser, tablet, tmp_path)
    go_home(tablet)
    close_the_lane(weekend, organiser)

    weekend.move("2027-04-26T09:30:00+01:00")
    come_back(organiser)
    treat_maya_again(weekend, organiser, maya)
    read_report(organiser)
    wipe(organiser)
    weekend.stop()
    assert weekend.bytes_with(*NAMES, *BIBS, WORD) == {}
    assert weekend.complaints == []


def fill(page: Page, at: str, text: str) -> None:
    """Type into the set-up's field at a place of the event file."""
    page.locator(f'[data-at="{at}"]:visible').first.fill(text)


def set_up(page: Page) -> None:
    """From the one-time link to a saved event, without a text editor."""
    page.locator("#name").fill("Olga")
    page.locator("#passphrase").fill(PASSPHRASE)
    page.locator("#again").fill(PASSPHRASE)
    page.locator("#begin").click()
    page.wait_for_url("**/setup/event")
    for at, text in {
        "event.name": "Riverside Half",
        "event.date": "2027-04-25",
        "event.timezone": "Europe/London",
        "event.tables": "2",
    }.items():
        fill(page, at, text)
    fill(page, "name", "Half")
    for wave, start in (("A", "09:30"), ("B", "10:00")):
        page.locator('[data-row-of=wave] [data-at="name"]').last.fill(wave)
        page.locator('[data-row-of=wave] [data-at="start"]').last.fill(start)
        if wave == "A":
            page.get_by_role("button", name="Another wave").click()
    for lane, opens, closes in (
        ("warmup", "07:30", "09:15"),
        ("recovery", "10:30", "15:00"),
        ("nextday", "09:00", "12:00"),
    ):
        page.locator(f"[data-lane-on={lane}]").check()
        fill(page, f"lane.{lane}.opens", opens)
        fill(page, f"lane.{lane}.closes", closes)
    add_therapist(page, "Ana", "licensed", ("warmup", "recovery", "nextday"))
    add_therapist(page, "Chidi", "student", ("recovery",))
    # Ana works on Sunday only, and a next day is offered: said before the day, and mended.
    expect(page.locator("#warnings")).to_contain_text("Next day: no therapist has a shift")
    shifts = page.locator("[data-row-of=therapist]").first.locator('[data-at="shifts"]')
    shifts.fill(f"{SHIFTS}, 2027-04-26 09:00-12:00")
    expect(page.locator("#warnings")).to_be_hidden()
    fill(page, "rules.cooldown_minutes", "15")
    fill(page, "medical.confirmed_by", "Dr Maya Lee")
    expect(page.locator("[data-part=state]")).to_have_text("Everything is there.")
    page.get_by_role("button", name="Make the event").click()
    page.wait_for_url(f"**/{SLUG}/organiser")


def add_therapist(page: Page, name: str, role: str, lanes: tuple[str, ...]) -> None:
    """One more row of the roster."""
    page.get_by_role("button", name="Another therapist").click()
    row = page.locator("[data-row-of=therapist]").last
    row.locator('[data-at="name"]').fill(name)
    row.locator('[data-at="role"]').select_option(role)
    for lane in ("warmup", "recovery", "nextday"):
        row.locator(f'[data-at="lanes"][value={lane}]').set_checked(lane in lanes)
    row.locator('[data-at="shifts"]').fill(SHIFTS)


def more(page: Page, link: str, leads: str) -> None:
    """Follow a link under More, until its page is there."""
    page.locator("#open-more").click()
    page.locator("#more-dialog").get_by_role("link", name=link, exact=True).click()
    page.wait_for_url(f"**/{SLUG}/{leads}")


def back(page: Page) -> None:
    """Back to the organiser's screen."""
    page.get_by_role("link", name="Organiser").click()
    page.wait_for_url(f"**/{SLUG}/organiser")


def print_posters(page: Page) -> None:
    """The join posters, from the organiser's screen."""
    page.locator("#open-more").click()
    raw = saved(page, page.get_by_role("link", name="Join posters"))
    poster = pypdfium2.PdfDocument(raw)
    assert len(poster) == 2
    assert f"/{SLUG}" in poster[0].get_textpage().get_text_bounded()
    page.locator("#more-dialog").get_by_role("button", name="Back").click()


def take_start_list(page: Page, folder: Path) -> None:
    """A list with a header nobody guesses: looked at, put right, taken."""
    file = folder.parent / f"{folder.name}-entries.csv"
    file.write_text(ENTRIES)
    more(page, "Start list and results", "roster")
    page.set_input_files("#file", str(file))
    expect(page.locator("#c-new .number__figure")).to_have_text("4")
    column = page.locator(".roster__column", has_text="Wer")
    column.locator("select").select_option("name")
    expect(page.locator("#samples tr").first).to_contain_text("Mayacanary")
    expect(page.locator("#n-listed .number__figure")).to_have_text("0")
    page.locator("#take").click()
    expect(page.locator("#done")).to_contain_text("4 new")
    expect(page.locator("#n-wave .number__figure")).to_have_text("4")
    back(page)


def ask_the_doctor(weekend: Weekend) -> None:
    """Database and history are well. The doctor's own clock is the machine's, not the test's."""
    database = f"sqlite:///{weekend.folder / 'tent.db'}"
    command = [sys.executable, "-m", "tentqueue.cli", "doctor", "--database", database]
    told = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    for word in ("packages", "database", "history"):
        assert re.search(rf"^ok +{word} ", told.stdout, re.M), told.stdout + told.stderr


def come_back(page: Page) -> None:
    """The organiser signs in again: a session ends after a day."""
    page.goto(f"{page.url.partition('/' + SLUG)[0]}/{SLUG}/organiser")
    page.wait_for_url("**/signin*")
    page.locator("summary").click()
    page.locator("#passphrase").fill(PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{SLUG}/organiser")


def enrol_ana(weekend: Weekend, organiser: Page) -> Page:
    """Her badge on the organiser's screen is read by a tablet's camera."""
    organiser.locator("#open-more").click()
    organiser.locator("#badge-who").select_option("ana")
    organiser.locator("#badge-make").click()
    expect(organiser.locator("#badge-qr")).to_be_visible()
    tablet = weekend.device(scanned(organiser.locator("#badge-qr")), TABLET)
    organiser.locator("#more-dialog").get_by_role("button", name="Back").click()
    expect(tablet.locator("[data-part=pin]")).to_have_text(re.compile(r"^\d{6}$"))
    tablet.locator("#go").click()
    tablet.wait_for_url(f"**/{SLUG}/tablet")
    step(tablet, "I'm here")
    return tablet


def join(weekend: Weekend, bib: str, finished: str) -> tuple[Page, str]:
    """A runner takes a ticket for recovery on a small phone; with bib and word."""
    phone = weekend.device(f"/{SLUG}", PHONE)
    phone.locator('#door-recovery[data-what]:not([data-what=""])').wait_for()
    phone.locator("#door-recovery").click()
    phone.get_by_label(finished).check(force=True)
    phone.locator("#questions-go").click()
    phone.locator("#bib-box summary").click()
    phone.locator("#bib").fill(bib)
    phone.locator("#word").fill(WORD)
    phone.locator("#agree").click()
    phone.wait_for_url(re.compile(r"/t/\w{26}"))
    return phone, ticket_code(phone)


def start_maya(weekend: Weekend, tablet: Page) -> tuple[Page, str]:
    """Called, accepted, started."""
    phone, code = join(weekend, "BIBMAYA1", "Over 15 min ago")
    expect(phone.locator("#call [data-part=where]")).to_have_text("Table 1")
    phone.locator("#call-here").click()
    expect(tablet.locator("#tablet")).to_contain_text(f"{code} is in the tent")
    step(tablet, f"Start {code}")
    expect(phone.locator("#advice")).to_contain_text("Enjoy it.")
    return phone, code


def join_two(weekend: Weekend, organiser: Page) -> tuple[Page, Page]:
    """Ola and Noah wait; the organiser puts Noah first, and says why."""
    ola, ola_code = join(weekend, "BIBOLA4", "Over 15 min ago")
    noah, noah_code = join(weekend, "BIBNOAH2", "Over 15 min ago")
    line = organiser.locator('[data-lane="recovery"] .spot__code')
    expect(line).to_have_text([ola_code, noah_code])
    organiser.locator(f'[data-code="{noah_code}"].spot__card').click()
    organiser.get_by_role("button", name="Move to the front").click()
    organiser.get_by_role("button", name="A mix-up at the desk").click()
    expect(line).to_have_text([noah_code, ola_code])
    return ola, noah


def announce(weekend: Weekend, organiser: Page) -> None:
    """A sentence for the board."""
    organiser.locator("#open-announce").click()
    organiser.get_by_role("button", name="Medical help is at the red tent.").click()
    organiser.get_by_role("button", name="Show on the board").click()
    expect(organiser.locator("#announced")).to_contain_text("Medical help")
    board = weekend.device(f"/{SLUG}/board", LAPTOP)
    expect(board.locator("body")).to_contain_text("Medical help is at the red tent.")


def finish_maya(weekend: Weekend, tablet: Page, phone: Page, code: str) -> None:
    """Sent off with advice, booked for tomorrow."""
    weekend.move("2027-04-25T12:01:00+01:00")
    step(tablet, f"Finish {code}")
    expect(phone.locator("#after")).to_contain_text("Drink something")
    phone.locator("#book").click()
    expect(phone.locator("#advice")).to_contain_text("Your appointment is Monday")
    step(tablet, "Table is clean")


def miss_noah(tablet: Page, phone: Page) -> None:
    """He is called, and nobody comes."""
    expect(tablet.locator("#main-step")).to_have_text(f"Start {ticket_code(phone)}")
    tablet.locator("#no-show").click()
    expect(phone.locator("#missed")).to_be_visible()


def finish_zoe(weekend: Weekend, organiser: Page, tablet: Page, folder: Path) -> None:
    """She joined while racing; the results say when she finished, and she is called."""
    phone, code = join(weekend, "BIBZOE3", "Not yet")
    expect(phone.locator("#advice")).to_contain_text("Tell us when you have finished.")
    file = folder.parent / f"{folder.name}-results.csv"
    file.write_text(RESULTS)
    more(organiser, "Start list and results", "roster")
    organiser.get_by_label("Results", exact=True).check(force=True)
    organiser.set_input_files("#file", str(file))
    expect(organiser.locator("#c-changed .number__figure")).to_have_text("1")
    organiser.locator("#take").click()
    expect(organiser.locator("#done")).to_contain_text("One runner who waited")
    expect(organiser.locator("#done")).to_contain_text("1 row is left out: erased")
    back(organiser)
    expect(phone.locator("#call")).to_be_visible()
    step(tablet, f"Start {code}")
    step(tablet, f"Finish {code}")
    expect(phone.locator("#after")).to_be_visible()
    step(tablet, "Table is clean")


def erase(phone: Page) -> None:
    """Erase me, from the ticket."""
    phone.locator(".mine__more summary").click()
    phone.locator("#erase").click()
    phone.locator("#sure-erase").get_by_role("button", name="Erase me").click()
    phone.wait_for_url(f"**/{SLUG}")
    expect(phone.locator("[data-toasts]")).to_contain_text("Erased.")


def go_home(tablet: Page) -> None:
    """Ana's day is over, and the tablet is put away."""
    tablet.locator("#break").click()
    tablet.locator("#break-what").get_by_role("button", name="I'm going home").click()
    expect(tablet.locator("#main-step")).to_have_text("I'm here")
    tablet.close()


def close_the_lane(weekend: Weekend, organiser: Page) -> None:
    """Closed by one tap: the way in says so."""
    lane = organiser.locator('.lane[data-lane="recovery"]')
    lane.get_by_role("button", name="Close").click()
    phone = weekend.device(f"/{SLUG}", PHONE)
    expect(phone.locator("#door-recovery")).to_contain_text("Closed")


def treat_maya_again(weekend: Weekend, organiser: Page, phone: Page) -> None:
    """The next day, at her appointment; the tablet is signed in anew."""
    tablet = enrol_ana(weekend, organiser)
    code = ticket_code(phone)
    expect(phone.locator("#call")).to_be_visible()
    # Answers count for an hour: the therapist asks the six questions at the table.
    step(tablet, "Asked. All fine")
    step(tablet, f"Start {code}")
    weekend.move("2027-04-26T09:50:00+01:00")
    step(tablet, f"Finish {code}")
    expect(phone.locator("#after")).to_be_visible()


def read_report(page: Page) -> None:
    """Three treated, one no-show, one gone; the same on the page, in CSV and in PDF."""
    more(page, "Report", "report")
    card = page.locator(".figurecard").first
    expect(card).to_contain_text("3")
    files = page.locator(".report__files")
    treated = saved(page, files.locator('a[href$="/treated.csv"]')).decode("utf-8-sig")
    assert treated.splitlines()[1:] == ENDED
    document = pypdfium2.PdfDocument(saved(page, files.locator('a[href$=".pdf"]')))
    assert "Riverside Half" in document[0].get_textpage().get_text_bounded()
    page.go_back()
    page.wait_for_url(f"**/{SLUG}/organiser")


def wipe(page: Page) -> None:
    """By button, after a question; the proof says how many."""
    more(page, "Records and wipe", "records")
    page.locator("#wipe").click()
    page.locator("#sure-wipe").get_by_role("button", name="Wipe the records").click()
    part = page.locator("section", has=page.locator("#wipe-title"))
    # Ten to ten in London is ten to nine by UTC.
    expect(part).to_contain_text("Looked over and proven 2027-04-26 09:5")
    expect(part.locator("div", has_text="left over").locator("dd")).to_have_text("0")
