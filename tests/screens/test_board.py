"""The board shows codes and tables, and nothing of anybody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import Area, LaneName, Screening
from tentqueue.screens.board import board_view
from tests.cast import ANA, BEN, NOON, Scene

CANARY = "canary-4711"


def board(scene: Scene) -> dict[str, Any]:
    """What everyone sees now."""
    return board_view(scene.tent, forecast(scene.tent, scene.now), scene.now)


def busy() -> Scene:
    """Noon: Ana and Ben at work, five runners with areas, answers and bibs."""
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA, BEN)
    for number in range(5):
        scene.recovery(
            f"runner{number}",
            areas=(Area.KNEES, Area.LOWER_BACK),
            avoid=(Area.FEET,),
            screening=Screening.ASK,
            bib_tag=f"{CANARY}{number}",
        )
    scene.ask(do.StartTreatment("R001", "ana"))
    return scene


def leaves(value: Any) -> list[str]:
    """Every text in a view."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in leaves(one)]
    if isinstance(value, list):
        return [text for one in value for text in leaves(one)]
    return [value] if isinstance(value, str) else []


def test_no_personal_datum_is_on_the_board() -> None:
    shown = json.dumps(board(busy())).lower()
    for secret in (
        CANARY,
        "knees",
        "lower_back",
        "feet",
        "ana",
        "ben",
        "runner0",
        "ask",
        "screening",
    ):
        assert not re.search(rf"\b{secret}", shown), secret


def test_every_text_on_the_board_is_of_a_kind_everyone_may_see() -> None:
    scene = busy()
    scene.ask(do.Announce("Water at table 2"))
    allowed = {
        "riverside-half",
        "Riverside Half",
        "Europe/London",
        "/riverside-half",
        "Water at table 2",
    }
    allowed |= {lane.value for lane in LaneName} | {lane.letter for lane in LaneName}
    allowed |= {"open", "closed", "full", "paused", "opening_time", "not_open_yet", "closing_time"}
    code, instant = r"[WRN]\d{3}", r"2027-04-2\dT[\d:.]+\+00:00"
    strange = [
        t
        for t in leaves(board(scene))
        if t not in allowed and not re.fullmatch(f"{code}|{instant}", t)
    ]
    assert strange == []


@pytest.mark.parametrize("who", ["R002", "R004"], ids=["called", "waiting"])
def test_referred_looks_like_left(who: str) -> None:
    left, referred = busy(), busy()
    left.ask(do.LeaveLine(who))
    referred.ask(do.ReferRunner(who))
    assert board(referred) == board(left)


def test_referred_at_the_table_looks_like_finished() -> None:
    finished, referred = busy(), busy()
    finished.ask(do.FinishTreatment("R001", "ana"))
    referred.ask(do.ReferRunner("R001", "ana"))

    def codes(scene: Scene) -> dict[str, Any]:
        # Waits lean on what was treated so far, and a referral is no treatment.
        view = board(scene)
        return view | {"lanes": [lane | {"wait": None} for lane in view["lanes"]]}

    assert codes(referred) == codes(finished)


def test_each_call_and_each_recall_is_there_to_be_spoken_once() -> None:
    scene = busy()
    first = {(c["code"], c["call"]) for c in board(scene)["recent"]}
    scene.ask(do.RecallRunner("R002"))
    again = {(c["code"], c["call"]) for c in board(scene)["recent"]}
    assert ("R002", 1) in first
    assert ("R002", 2) in again


def test_calls_of_a_burst_are_all_shown() -> None:
    scene = Scene()
    scene.at(NOON)
    for number in range(4):
        scene.recovery(f"runner{number}")
    scene.available(ANA, BEN)
    calling = {c["code"] for c in board(scene)["calling"]}
    assert {"R001", "R002"} <= calling == {c["code"] for c in board(scene)["recent"]}


def test_the_next_codes_come_in_the_order_of_the_line() -> None:
    scene = busy()
    recovery = next(lane for lane in board(scene)["lanes"] if lane["lane"] == "recovery")
    assert recovery["next"] == [t.code for t in scene.tent.line(LaneName.RECOVERY)]
    assert recovery["waiting"] == len(recovery["next"])
