"""Printed sheets: cameras read every code, eyes every word, and nothing runs off the paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.model import LaneName
from tentqueue.paper.sheet import A4, Box, Sheets, Type
from tentqueue.printing import KINDS, Order, draw
from tentqueue.services import badge_sheets
from tentqueue.services.badge_sheets import Sheet
from tentqueue.services.paper_tickets import PaperTickets
from tentqueue.storage import Keys
from tests.cast import NINE, Scene
from tests.paper import seen

ADDRESS = "http://192.168.1.10:8000"
SECRETS = Keys(b"k" * 32)
SHEET = Sheet("0123456789abcdef", NINE + timedelta(hours=8))


@pytest.fixture
def order() -> Order:
    return Order(Scene().tent, ADDRESS, SECRETS, SHEET, tickets=9)


def test_join_posters_come_as_a4_and_a3_with_the_address_in_words(order: Order) -> None:
    pdf = draw(order, ["posters"])
    assert seen.sizes(pdf) == [(210, 297), (297, 420)]
    for sheet, said in enumerate(seen.words(pdf)):
        assert "192.168.1.10:8000/riverside-half" in said
        assert "Recovery after" in said
        assert seen.links(pdf, sheet) == [f"{ADDRESS}/riverside-half"]


def test_a_code_on_a_poster_covers_half_its_width(order: Order) -> None:
    black = seen.picture(draw(order, ["posters"]), 0, 72) < 128
    # Rows of the code only: below the chips, above the words.
    middle = black[round(0.32 * len(black)) : round(0.65 * len(black)), 60:-60]
    columns = middle.any(axis=0).nonzero()[0]
    assert (columns[-1] - columns[0]) / black.shape[1] > 0.5


def test_every_table_has_its_number_on_a_sheet_laid_across(order: Order) -> None:
    pdf = draw(order, ["tables"])
    assert seen.sizes(pdf) == [(297, 210)] * 4
    assert [said.split()[-1] for said in seen.words(pdf)] != []
    for number, said in enumerate(seen.words(pdf), 1):
        assert str(number) in said.split()


def test_each_therapist_and_desk_gets_a_badge_that_says_how_long_it_is_good(order: Order) -> None:
    pdf = draw(order, ["badges"])
    said = " ".join(seen.words(pdf)[0].split())
    for name in ("Ana", "Ben", "Chidi", "Dora", "Student, table 3"):
        assert name in said
    assert said.count("Signs one device in, once. Good until Sun 25 Apr, 18:00.") == 6
    codes = [link.partition("#")[2] for link in seen.links(pdf, 0)]
    holders = badge_sheets.holders(order.tent.event)
    made = [badge_sheets.code_of(SECRETS, "riverside-half", SHEET.number, one) for one in holders]
    assert codes == made
    assert len(set(codes)) == 6


@pytest.mark.parametrize(("letter", "sheet"), [("W", 0), ("R", 2)])
def test_a_paper_ticket_carries_its_code_and_the_id_behind_it(
    order: Order, letter: str, sheet: int
) -> None:
    pdf = draw(order, ["tickets"])
    pages = seen.words(pdf)
    assert len(pages) == 4  # Nine a lane, eight a sheet, for warm-up and recovery.
    codes = [f"{letter}80{n}" for n in range(8)]
    assert [word for word in pages[sheet].split() if word.startswith(f"{letter}8")] == codes
    known = PaperTickets(SECRETS)
    ids = [link.rpartition("/")[2].lower() for link in seen.links(pdf, sheet)]
    assert [known.code_of("riverside-half", ticket) for ticket in ids] == codes


def test_a_second_sheet_begins_where_the_papers_handed_out_end() -> None:
    scene = Scene()
    scene.ask(do.JoinLane("ana", LaneName.WARMUP, True, wave="Half/A", paper="W800"))
    pages = seen.words(draw(Order(scene.tent, ADDRESS, SECRETS, None, 1), ["tickets"]))
    assert "W801" in pages[0]
    assert "W800" not in pages[0]


def test_without_a_sheet_issued_no_badge_is_drawn(order: Order) -> None:
    pdf = draw(Order(order.tent, ADDRESS, SECRETS), ["badges", "tables"])
    assert len(seen.sizes(pdf)) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_touches_the_edge_a_printer_can_not_reach(order: Order, kind: str) -> None:
    pdf = draw(order, [kind])
    for sheet in range(len(seen.sizes(pdf))):
        black = seen.picture(pdf, sheet, 72) < 100
        edge = round(4 * 72 / 25.4)
        assert not black[:edge].any()
        assert not black[-edge:].any()
        assert not black[:, :edge].any()
        assert not black[:, -edge:].any()


def test_names_of_europe_are_drawn_letter_by_letter() -> None:
    sheets = Sheets("names")
    box = sheets.new(A4)
    sheets.centred("Šárka Żółć Ağaoğlu", Box(box.x, box.y, box.w, 30), Type("bib-800", 10))
    assert "Šárka Żółć Ağaoğlu" in seen.words(sheets.bytes())[0]
