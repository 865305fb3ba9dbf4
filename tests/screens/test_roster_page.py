"""An organiser's start list in a real browser: chosen, looked at, a guess changed, taken."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Route, expect

from tests.screens.staff_pages import StaffTent, violations

WIDE = {"width": 1440, "height": 900}


def test_a_list_is_looked_at_changed_and_taken(tent: StaffTent, tmp_path: Path) -> None:
    file = tmp_path / "entries.csv"
    file.write_bytes(
        "Startnr.;Wer;Startblock\n007;Ana Müller;A\n8;Ben;B\n8;Dora;A\n".encode("cp1252")
    )
    page = tent.open_as("organiser:Eve", f"/{tent.slug}/roster", WIDE)
    page.set_input_files("#file", str(file))
    expect(page.locator("#c-new .number__figure")).to_have_text("2")
    expect(page.locator("#c-wrong .number__figure")).to_have_text("1")
    expect(page.locator("#problems")).to_contain_text("Line 4, Bib")
    expect(page.locator("#samples tr").first).to_contain_text("Half/A")
    column = page.locator(".roster__column", has_text="Wer")
    expect(column.locator("select")).to_have_value("")
    column.locator("select").select_option("name")
    expect(page.locator("#samples tr").first).to_contain_text("Ana Müller")
    assert violations(page) == []
    expect(page.locator("#n-listed .number__figure")).to_have_text("0")
    page.locator("#take").click()
    expect(page.locator("#done")).to_contain_text("2 new")
    expect(page.locator("#n-listed .number__figure")).to_have_text("2")
    page.set_input_files("#file", str(tmp_path / "entries.csv"))
    expect(page.locator("#c-unchanged .number__figure")).to_have_text("2")


def test_a_file_without_a_bib_asks_for_its_column(tent: StaffTent, tmp_path: Path) -> None:
    file = tmp_path / "entries.csv"
    file.write_text("place,who\n7,Ana\n")
    page = tent.open_as("organiser:Eve", f"/{tent.slug}/roster", WIDE)
    page.set_input_files("#file", str(file))
    expect(page.locator("#problem")).to_contain_text("Say which it is")
    page.locator(".roster__column", has_text="place").locator("select").select_option("bib")
    expect(page.locator("#c-new .number__figure")).to_have_text("1")
    expect(page.locator("#problem")).to_be_hidden()


def test_a_file_chosen_before_the_script_has_come_is_read_all_the_same(
    tent: StaffTent, tmp_path: Path
) -> None:
    file = tmp_path / "entries.csv"
    file.write_text("bib,name\n7,Ana\n")
    page = tent.open_as("organiser:Eve", f"/{tent.slug}/roster", WIDE)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/screens/roster.js", hold)
    page.reload(wait_until="commit")
    page.set_input_files("#file", str(file))
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.locator("#c-new .number__figure")).to_have_text("1")
    expect(page.locator("#file")).to_have_value("")
