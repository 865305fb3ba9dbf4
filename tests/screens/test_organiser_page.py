"""The organiser's screen in a real browser: are we all right?"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screens.staff_pages import UNCONFIRMED, StaffTent, choose_theme, violations


def organiser(tent: StaffTent) -> Page:
    """Open the organiser's screen."""
    page = tent.open("organiser", "organiser:Eve")
    expect(page.locator("#lanes .lane")).to_have_count(3)
    return page


def line(page: Page) -> list[str]:
    """Return the codes in the recovery line, as shown."""
    return page.locator('[data-lane="recovery"] .spot__code').all_text_contents()


def wait_for_line(page: Page, codes: list[str]) -> None:
    """Wait until the line shows these codes in this order."""
    expect(page.locator('[data-lane="recovery"] .spot__code')).to_have_text(codes)


def test_five_numbers_say_how_the_tent_is(tent: StaffTent) -> None:
    tent.on_duty("ana", "ben")
    for _ in range(5):
        tent.join()
    tent.post("therapists/ben/break")
    page = organiser(tent)
    expect(page.locator(".number")).to_have_count(5)
    waiting = tent.view()["numbers"]["waiting"]
    expect(page.locator("#n-waiting .number__figure")).to_have_text(str(waiting))
    expect(page.locator("#n-working")).to_contain_text("of 4")
    expect(page.locator("#n-close .number__figure")).to_have_text("Yes")
    expect(page.locator("#n-close")).to_contain_text("all done by")
    expect(page.locator("#n-referrals .number__figure")).to_have_text("0")
    tent.post(f"tickets/{line(page)[0]}/refer")
    expect(page.locator("#n-referrals .number__figure")).to_have_text("1")


def test_an_open_lane_with_nobody_at_work_is_an_alert_with_one_thing_to_do(tent: StaffTent) -> None:
    page = organiser(tent)
    expect(page.locator("#alerts")).to_contain_text("A lane is open and nobody is at work.")
    page.locator("#alerts").get_by_role("button", name="Therapists").click()
    row = page.locator(".person", has_text="Ana")
    row.get_by_role("button", name="On duty").click()
    expect(row).to_contain_text("Free")
    page.locator("#people-dialog").get_by_role("button", name="Back").click()
    expect(page.locator("#alerts-none")).to_be_visible()
    expect(page.locator(".timeline__row")).to_have_count(1)


def test_unconfirmed_medical_rules_are_one_tap_from_their_place_in_the_set_up(
    tent: StaffTent,
) -> None:
    tent.slug = UNCONFIRMED
    page = organiser(tent)
    box = page.locator(".alert", has_text="Medical rules are not confirmed yet.")
    expect(box).to_have_attribute("data-level", "info")
    box.get_by_role("button", name="Medical rules").click()
    expect(page).to_have_url(f"{tent.url}/{UNCONFIRMED}/setup#medical")
    expect(page.locator("#medical-title")).to_be_in_viewport()


def test_the_keys_move_a_runner_and_the_reason_stands_in_the_log(tent: StaffTent) -> None:
    one, two, three, four = (tent.join()["code"] for _ in range(4))
    page = organiser(tent)
    wait_for_line(page, [one, two, three, four])
    page.locator(f'[data-code="{one}"].spot__card').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-code="{four}"].spot__card')).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#said")).to_contain_text(f"{four} picked up, place 4")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#said")).to_contain_text(f"{four} would be at place 2")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="A mix-up at the desk").click()
    wait_for_line(page, [one, four, two, three])
    newest = tent.view()["log"][0]
    assert newest["reason"] == "A mix-up at the desk"
    assert four in newest["text"]


def test_escape_puts_a_runner_back_and_nothing_changes(tent: StaffTent) -> None:
    codes = [tent.join()["code"] for _ in range(3)]
    page = organiser(tent)
    version = tent.view()["version"]
    page.locator(f'[data-code="{codes[2]}"].spot__card').focus()
    for key in ("Space", "ArrowLeft", "Escape"):
        page.keyboard.press(key)
    expect(page.locator("#said")).to_contain_text(f"{codes[2]} stays at place 3")
    assert tent.view()["version"] == version
    wait_for_line(page, codes)


def test_dragging_moves_a_runner_in_front_of_another(tent: StaffTent) -> None:
    one, two, three = (tent.join()["code"] for _ in range(3))
    page = organiser(tent)
    wait_for_line(page, [one, two, three])
    start = page.locator(f'[data-code="{three}"].spot__card').bounding_box()
    end = page.locator(f'[data-code="{one}"].spot__card').bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 20, steps=8)
    page.mouse.move(end["x"] + 20, end["y"] + 20, steps=3)
    page.mouse.up()
    page.get_by_role("button", name="Their start is close").click()
    wait_for_line(page, [three, one, two])


def test_a_move_can_be_taken_back_for_ten_seconds(tent: StaffTent) -> None:
    one, two = (tent.join()["code"] for _ in range(2))
    page = organiser(tent)
    page.locator(f'[data-code="{two}"].spot__card').click()
    page.get_by_role("button", name="Move to the front").click()
    page.get_by_role("button", name="Their start is close").click()
    wait_for_line(page, [two, one])
    page.locator("#undo").click()
    wait_for_line(page, [one, two])


def test_a_ticket_tells_who_it_is_and_why_it_stands_there(tent: StaffTent) -> None:
    code = tent.join(bib="1204", name="Maya")["code"]
    page = organiser(tent)
    page.locator(f'[data-code="{code}"].spot__card').click()
    expect(page.locator("#ticket-who")).to_have_text("Bib 1204, Maya")
    expect(page.locator("#ticket-log")).to_contain_text(f"{code} joined")


def test_a_lane_pauses_with_one_tap_and_undo(tent: StaffTent) -> None:
    page = organiser(tent)
    lane = page.locator('.lane[data-lane="recovery"]')
    lane.get_by_role("button", name="Pause").click()
    expect(lane.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#alerts")).to_contain_text("paused")
    page.locator(".toast__undo").click()
    expect(lane.get_by_role("button", name="Open")).to_have_attribute("aria-pressed", "true")


def test_a_lane_closes_and_opens_again_with_one_tap(tent: StaffTent) -> None:
    page = organiser(tent)
    lane = page.locator('.lane[data-lane="recovery"]')
    for words, state in (("Close", "closed"), ("Open", "open")):
        lane.get_by_role("button", name=words).click()
        expect(lane.get_by_role("button", name=words)).to_have_attribute("aria-pressed", "true")
        assert (
            next(one for one in tent.view()["lanes"] if one["lane"] == "recovery")["state"] == state
        )
        page.wait_for_timeout(800)  # A second tap counts from then on.


def test_an_announcement_stands_on_the_board_until_it_is_taken_off(tent: StaffTent) -> None:
    page = organiser(tent)
    page.locator("#open-announce").click()
    page.get_by_role("button", name="A short pause. Everyone keeps their place.").click()
    page.get_by_role("button", name="Show on the board").click()
    expect(page.locator("#announced")).to_contain_text("A short pause.")
    assert tent.view()["announcement"].startswith("A short pause")
    page.locator("#open-announce").click()
    page.get_by_role("button", name="Take it off the board").click()
    expect(page.locator("#announced")).to_be_hidden()


def test_why_is_one_tap_away(tent: StaffTent) -> None:
    tent.on_duty("ana")
    code = tent.join()["code"]
    page = organiser(tent)
    page.locator("#open-log").click()
    expect(page.locator("#log")).to_contain_text(f"{code} called to table 1")
    expect(page.locator("#log time").first).not_to_be_empty()


def test_the_tables_show_what_was_is_and_is_likely_to_come(tent: StaffTent) -> None:
    tent.on_duty("ana")
    one, two, three = (tent.join()["code"] for _ in range(3))
    tent.post(f"tickets/{one}/start")
    tent.post(f"tickets/{one}/finish")
    tent.post(f"tickets/{one}/clean")
    page = organiser(tent)
    slots = page.locator(".timeline__slot")
    expect(slots.and_(page.locator(f'[data-code="{one}"]'))).to_have_attribute("data-state", "done")
    expect(slots.and_(page.locator(f'[data-code="{two}"]'))).to_have_attribute(
        "data-state", "called"
    )
    expect(slots.and_(page.locator(f'[data-code="{three}"]'))).to_have_attribute(
        "data-state", "planned"
    )


def test_axe_finds_nothing_wrong_at_the_organisers(tent: StaffTent) -> None:
    page = organiser(tent)
    assert violations(page) == []
    tent.on_duty("ana")
    first, *_ = (tent.join(bib=str(bib))["code"] for bib in range(4))
    tent.post(f"tickets/{first}/start")
    tent.post("announce", {"text": "A short pause."})
    expect(page.locator("#announced")).to_be_visible()
    for theme in ("day", "night", "sunlight"):
        choose_theme(page, theme)
        assert violations(page) == []
    for name in ("people", "announce", "log", "more"):
        page.locator(f"#open-{name}").click()
        assert violations(page) == []
        page.keyboard.press("Escape")
    page.locator(".spot__card").first.click()
    assert violations(page) == []


def test_a_therapist_leaves_earlier_and_swaps_tables_from_the_roster(tent: StaffTent) -> None:
    tent.on_duty("ana")
    page = organiser(tent)
    page.get_by_role("button", name="Therapists").first.click()
    row = page.locator("#people .person", has_text="Ana")
    row.get_by_role("button", name="Shift").click()
    dialog = page.locator("#duty-dialog")
    expect(dialog).to_contain_text("Ana")
    dialog.get_by_label("Goes at").fill("16:30")
    dialog.get_by_label("Table").fill("2")
    assert violations(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Table 2")
    expect(row).to_contain_text("until 16:30")
    ana, ben = (one for one in tent.view()["therapists"] if one["id"] in ("ana", "ben"))
    # London, in summer: half past four is half past three by the server.
    assert ana["shift_ends_at"].startswith("2027-04-25T15:30")
    assert (ana["table"], ben["table"]) == (2, 1)
    row.get_by_role("button", name="Shift").click()
    dialog.get_by_label("Table").fill("99")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".toast").last).to_contain_text("There is no table of that number.")


def test_made_up_tickets_are_counted_then_out_at_once_and_back_with_one_undo(
    tent: StaffTent,
) -> None:
    kept = tent.join()["code"]
    join = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
    made_up = [tent.post("tickets", join, who="runner:bot")["code"] for _ in range(6)]
    page = organiser(tent)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Made-up tickets").click()
    dialog = page.locator("#made-up-dialog")
    expect(dialog.locator("#made-up-count")).to_have_text("6 would go, 1 stay in line.")
    assert violations(page) == []
    dialog.get_by_role("button", name="Take them out").click()
    expect(page.locator(".toast")).to_contain_text("6 tickets are out, 1 stay in line.")
    wait_for_line(page, [kept])
    page.locator(".toast__undo").click()
    wait_for_line(page, [kept, *made_up])
