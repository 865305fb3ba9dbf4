"""Tickets on the tent's network printer, and what stays when none comes out: rule 24."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp

from tentqueue.domain.model import TicketState
from tentqueue.paper.receipt import DOTS
from tentqueue.settings import BadSetting, Settings
from tests.web.outside import Outside
from tests.web.receipt_paper import FakePrinter
from tests.web.test_commands import is_problem


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    """A printer with paper in it."""
    made = FakePrinter()
    yield made
    made.close()


class Desk(Outside):
    """A server whose tickets come out of `printer`."""

    def __init__(self, folder: Path, address: str, paper: int = 80) -> None:
        settings = Settings().with_options(printer=address, printer_paper=paper)
        super().__init__(folder, settings=settings)

    def put(self, ticket: str, who: str = "desk:Eve", new: bool = True) -> object:
        """Print a ticket."""
        return self.post(f"/api/v1/tickets/{ticket}/print", {"new": new}, who)


@pytest.mark.parametrize("paper", [58, 80])
def test_a_ticket_comes_out_as_wide_as_the_paper_and_its_code_can_be_scanned(
    tmp_path: Path, printer: FakePrinter, paper: int
) -> None:
    desk = Desk(tmp_path, printer.address, paper)
    joined = desk.join(bib="17")
    assert desk.put(joined["id"]).status_code == 204
    (picture,) = printer.printed
    assert picture.width == DOTS[paper]
    (read,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert read.text.lower().endswith(f"/s/{joined['id']}")
    desk.close()


@pytest.mark.parametrize("wrong", ["no paper", "dies", "is off"])
def test_a_new_ticket_that_was_not_printed_leaves_no_ghost_in_line(
    tmp_path: Path, printer: FakePrinter, wrong: str
) -> None:
    desk = Desk(tmp_path, printer.address)
    joined = desk.join(bib="17")
    printer.paper = wrong != "no paper"
    printer.takes = 2000 if wrong == "dies" else None
    if wrong == "is off":
        printer.close()
    problem = is_problem(desk.put(joined["id"]), 409)
    assert (problem["code"], problem["taken_back"]) == ("not_printed", True)
    assert printer.printed == []
    assert desk.tent.ticket(joined["id"]).state is TicketState.LEFT
    printer.paper, printer.takes = True, None
    assert desk.join(bib="17")["code"] == "R002"
    desk.close()


def test_an_older_ticket_stays_in_line_whatever_the_printer_does(
    tmp_path: Path, printer: FakePrinter
) -> None:
    desk, printer.paper = Desk(tmp_path, printer.address), False
    joined = desk.join()
    assert is_problem(desk.put(joined["id"], new=False), 409)["taken_back"] is False
    desk.clock.at += timedelta(minutes=20)
    assert is_problem(desk.put(joined["id"]), 409)["taken_back"] is False
    assert desk.tent.ticket(joined["id"]).is_open
    desk.close()


def test_a_printer_that_never_answers_is_believed_when_it_takes_everything(
    tmp_path: Path, printer: FakePrinter
) -> None:
    desk, printer.talks = Desk(tmp_path, printer.address), False
    assert desk.put(desk.join()["id"]).status_code == 204
    desk.close()


def test_a_kiosk_prints_only_what_was_taken_just_now_and_runners_nothing(
    tmp_path: Path, printer: FakePrinter
) -> None:
    desk = Desk(tmp_path, printer.address)
    joined = desk.join()
    assert desk.put(joined["id"], "kiosk:door").status_code == 204
    is_problem(desk.put(joined["id"], joined["key"]), 403)
    is_problem(desk.put(joined["id"], "therapist:ana"), 403)
    desk.clock.at += timedelta(minutes=5)
    is_problem(desk.put(joined["id"], "kiosk:door"), 403)
    assert len(printer.printed) == 1
    desk.close()


def test_without_a_printer_the_browser_prints(outside: Outside) -> None:
    path = f"/api/v1/tickets/{outside.join()['id']}/print"
    assert is_problem(outside.post(path, {}, "desk:Eve"), 409)["code"] == "no_printer"


@pytest.mark.parametrize("bad", ["http://printer", "printer:", "printer:0", "printer:99999", ":91"])
def test_a_printers_address_is_a_host_or_host_and_port(bad: str) -> None:
    with pytest.raises(BadSetting):
        Settings().with_options(printer=bad)
    with pytest.raises(BadSetting):
        Settings().with_options(printer_paper=76)
