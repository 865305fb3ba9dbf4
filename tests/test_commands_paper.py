"""`tentqueue posters`: one PDF for the printer, kept from other eyes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.paper import seen
from tests.test_cli import Console


@pytest.fixture
def console(tmp_path: Path) -> Console:
    console = Console(tmp_path)
    console.told(0, "event", "create", "race.toml")
    return console


def test_posters_writes_every_sheet_for_its_owner_only(console: Console) -> None:
    out = console.folder / "sheets.pdf"
    told = console.told(
        0,
        "posters",
        "riverside-half",
        "--out",
        str(out),
        "--public-url",
        "https://tent.example.org",
    )
    assert told.splitlines()[0] == f"{out}: posters, tables, badges, tickets"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    pdf = out.read_bytes()
    assert seen.links(pdf, 0) == ["https://tent.example.org/riverside-half"]
    assert len(seen.sizes(pdf)) > 4


def test_badges_printed_weeks_before_the_day_come_with_a_warning(console: Console) -> None:
    """Riverside is run in a year to come, and a printed badge lives three days."""
    done = console.run("posters", "riverside-half", "--out", "a.pdf", "--only", "badges")
    assert done.returncode == 0
    assert "the badges end before the tent opens" in done.stderr


def test_posters_warns_when_only_this_machine_could_follow_the_code(console: Console) -> None:
    done = console.run("posters", "riverside-half", "--out", "a.pdf", "--only", "tables")
    assert (done.returncode, done.stdout.strip()) == (0, "a.pdf: tables")
    assert "give --public-url" in done.stderr


def test_report_fills_a_folder_and_says_where(console: Console) -> None:
    told = console.told(0, "report", "riverside-half", "--out", "made/report")
    assert told.startswith("made/report/report.html: the report; beside it ")
    names = {path.name for path in (console.folder / "made" / "report").iterdir()}
    assert names >= {"report.html", "report.css", "report.pdf", "treated.csv", "fonts"}


def test_report_says_what_to_do_instead(console: Console) -> None:
    assert "there is no event" in console.told(1, "report", "nowhere", "--out", "made")
    assert "another folder" in console.told(1, "report", "riverside-half", "--out", "race.toml")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nowhere", "--out", "a.pdf"), "there is no event"),
        (("riverside-half", "--out", "a.png"), "must end in .pdf"),
        (("riverside-half", "--out", "no/a.pdf"), "make it first"),
    ],
)
def test_posters_says_what_to_do_instead(
    console: Console, words: tuple[str, ...], why: str
) -> None:
    assert why in console.told(1 if "nowhere" in words else 2, "posters", *words)
