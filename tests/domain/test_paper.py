"""Tickets printed before the day: what is on the paper is what is called, once."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import LaneName
from tentqueue.domain.paper import PAPER_NUMBERS, next_number
from tests.cast import NOON, Scene


def join(scene: Scene, name: str, paper: str | None = None) -> str:
    """A runner joins warm-up, with a paper in hand or without."""
    return scene.warmup(name, paper=paper).code


def test_who_brings_a_printed_ticket_is_called_by_its_number() -> None:
    scene = Scene()
    assert [join(scene, "ana"), join(scene, "ben", "W814"), join(scene, "chidi")] == [
        "W001",
        "W814",
        "W002",
    ]
    assert scene.ticket("ben").code == "W814"


def test_a_printed_ticket_is_good_once_even_after_its_runner_left() -> None:
    scene = Scene()
    join(scene, "ana", "W800")
    with pytest.raises(errors.PaperTaken):
        join(scene, "ben", "W800")
    scene.ask(do.LeaveLine("W800"))
    with pytest.raises(errors.PaperTaken):
        join(scene, "ben", "W800")


def test_a_ticket_printed_for_another_lane_is_refused() -> None:
    scene = Scene()
    with pytest.raises(errors.PaperTaken):
        scene.ask(do.JoinLane("ana", LaneName.WARMUP, True, wave="Half/A", paper="R800"))


def test_the_counter_never_gives_out_a_printed_number() -> None:
    assert next_number(PAPER_NUMBERS.start - 2) == PAPER_NUMBERS.start - 1
    assert next_number(PAPER_NUMBERS.start - 1) == PAPER_NUMBERS.stop
    assert next_number(PAPER_NUMBERS.stop) == PAPER_NUMBERS.stop + 1


def test_a_ticket_of_paper_leaves_the_lanes_own_numbers_alone() -> None:
    scene = Scene(at=NOON)
    assert scene.recovery("Mia", paper="R805").code == "R805"
    assert scene.recovery("Noor").code == "R001"
    assert scene.recovery("Olga", paper="R806").code == "R806"
    assert scene.recovery("Pia").code == "R002"
