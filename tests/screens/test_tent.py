"""What staff see: all they need at a glance, and a runner's health only at the right table."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import Area, Screening
from tentqueue.screens.tent import Seat, Viewer, tent_view
from tests.cast import ANA, BEN, CHIDI, NOON, WAVE_A, Scene, mins, race

DESK = Viewer(Seat.DESK, actor="desk:Eve")
ORGANISER = Viewer(Seat.ORGANISER, actor="organiser:Max")
AS_ANA = Viewer(Seat.THERAPIST, "ana", "therapist:ana")
AS_BEN = Viewer(Seat.THERAPIST, "ben", "therapist:ben")


def seen(scene: Scene, viewer: Viewer) -> dict[str, Any]:
    """The tent as `viewer` sees it."""
    return tent_view(scene.tent, forecast(scene.tent, scene.now), scene.now, viewer)


def at_work(*names: str) -> Scene:
    """Noon, Ana and Ben on duty, and runners with sore knees and an amber answer."""
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA, BEN)
    for name in names:
        scene.recovery(name, areas=(Area.KNEES,), avoid=(Area.FEET,), screening=Screening.ASK)
    return scene


def alerts(scene: Scene, viewer: Viewer = DESK) -> dict[str, str]:
    """Levels of the alerts by kind."""
    return {a["kind"]: a["level"] for a in seen(scene, viewer)["alerts"]}


def test_areas_are_seen_only_by_the_therapist_the_runner_is_called_to() -> None:
    scene = at_work("a", "b", "c", "d")
    mine = next(t.code for t in scene.tent.open.values() if t.therapist == "ana")
    for viewer in (AS_ANA, AS_BEN, DESK, ORGANISER):
        for ticket in seen(scene, viewer)["tickets"]:
            may = viewer is AS_ANA and ticket["code"] == mine
            may = may or (viewer is AS_BEN and ticket["therapist"] == "ben")
            assert ("areas" in ticket) is may
            assert (ticket["screening"] == "ask") is may


def test_that_nobody_asked_is_told_to_who_may_start_and_how_it_went_to_nobody_else() -> None:
    scene = at_work()
    scene.recovery("a", screening=Screening.UNASKED)
    scene.recovery("b", screening=Screening.ASK)
    told = {
        viewer: {
            t["code"]: (t["questions_due"], t["screening"]) for t in seen(scene, viewer)["tickets"]
        }
        for viewer in (AS_ANA, AS_BEN, DESK, ORGANISER)
    }
    unasked = next(t for t in scene.tent.open.values() if t.screening is Screening.UNASKED)
    amber = next(t for t in scene.tent.open.values() if t.screening is Screening.ASK)
    for viewer in (DESK, ORGANISER):
        assert told[viewer] == {unasked.code: (True, None), amber.code: (False, None)}
    theirs = {"ana": AS_ANA, "ben": AS_BEN}
    assert unasked.therapist != amber.therapist
    assert told[theirs[unasked.therapist or ""]] == {
        unasked.code: (True, "unasked"),
        amber.code: (False, None),
    }
    assert told[theirs[amber.therapist or ""]] == {
        unasked.code: (False, None),
        amber.code: (False, "ask"),
    }


def test_the_questions_are_due_again_an_hour_after_the_answer() -> None:
    scene = at_work()
    for name in ("a", "b", "c"):
        scene.recovery(name, screening=Screening.OK)
    for ticket in list(scene.tent.open.values()):
        if ticket.therapist:
            scene.ask(do.StartTreatment(ticket.code, ticket.therapist))
    scene.now += mins(61)
    scene.ask(do.Tick())
    called = [t for t in seen(scene, DESK)["tickets"] if t["state"] == "called"]
    assert [t["questions_due"] for t in called] == [True]


def test_areas_are_gone_once_the_treatment_is_over() -> None:
    scene = at_work("a")
    who = next(t for t in scene.tent.open.values() if t.therapist)
    viewer = Viewer(Seat.THERAPIST, who.therapist, "therapist")
    scene.ask(do.StartTreatment(who.code, who.therapist))
    assert "knees" in json.dumps(seen(scene, viewer))
    scene.ask(do.FinishTreatment(who.code, who.therapist))
    assert "knees" not in json.dumps(seen(scene, viewer))


def test_only_organisers_see_the_log() -> None:
    scene = at_work("a")
    assert seen(scene, ORGANISER)["log"][0]["text"].startswith("R001 joined")
    assert seen(scene, DESK)["log"] == seen(scene, AS_ANA)["log"] == []


def test_nobodys_bib_is_in_the_tent() -> None:
    scene = at_work()
    scene.recovery("zoe", bib_tag="canary")
    for viewer in (AS_ANA, DESK, ORGANISER):
        assert "canary" not in json.dumps(seen(scene, viewer))


def test_undo_is_offered_for_ones_own_last_press_for_ten_seconds() -> None:
    scene = at_work("a")
    code = next(t.code for t in scene.tent.open.values() if t.therapist is not None)
    scene.ask(do.ConfirmHere(code), actor="therapist:ana")
    offered = seen(scene, AS_ANA)["undo"]
    assert (offered["number"], offered["text"]) == (scene.tent.version, f"{code} is here")
    assert seen(scene, AS_BEN)["undo"] is None
    scene.now += mins(0.2)
    assert seen(scene, AS_ANA)["undo"] is None


def test_a_forgotten_finish_turns_amber_then_red() -> None:
    scene = at_work("a")
    ticket = next(t for t in scene.tent.open.values() if t.therapist)
    scene.ask(do.StartTreatment(ticket.code, ticket.therapist))
    scene.now += mins(13)
    assert "overdue" not in alerts(scene)
    scene.now += mins(2)
    assert alerts(scene)["overdue"] == "amber"
    scene.now += mins(3)
    assert alerts(scene)["overdue"] == "red"


def test_staff_are_alarmed_by_a_referral_without_its_reason() -> None:
    scene = at_work("a", "b", "c", "d")
    scene.ask(do.ReferRunner("R003"))
    found = [a for a in seen(scene, DESK)["alerts"] if a["kind"] == "referral"]
    assert [a["ticket"] for a in found] == ["R003"]
    assert "other" not in found[0]["text"]


def test_a_student_alone_is_an_alarm() -> None:
    scene = at_work()
    scene.available(CHIDI)
    assert "supervisor" not in alerts(scene)
    scene.ask(do.GoHome("ana"))
    scene.ask(do.GoHome("ben"))
    assert alerts(scene)["supervisor"] == "red"


def test_a_break_is_advised_after_ninety_minutes() -> None:
    scene = at_work()
    scene.now += mins(89)
    assert not any(t["break_advised"] for t in seen(scene, DESK)["therapists"])
    scene.now += mins(1)
    advised = [t["id"] for t in seen(scene, DESK)["therapists"] if t["break_advised"]]
    assert advised == ["ana", "ben"]
    assert (
        next(t for t in seen(scene, DESK)["therapists"] if t["id"] == "ana")["worked_minutes"] == 90
    )


def test_the_numbers_add_up() -> None:
    scene = at_work("a", "b", "c", "d", "e")
    view = seen(scene, ORGANISER)
    waiting = [t for t in view["tickets"] if t["state"] == "waiting"]
    assert (
        view["numbers"]["waiting"] == len(waiting) == sum(lane["waiting"] for lane in view["lanes"])
    )
    assert view["numbers"]["working"] == 2
    assert view["numbers"]["finish_by_close"] == len(waiting)


def test_a_therapist_is_sent_the_tables_and_the_next_in_line_only() -> None:
    scene = at_work(*(f"r{n}" for n in range(60)))
    few, all_of_them = seen(scene, AS_ANA)["tickets"], seen(scene, DESK)["tickets"]
    assert len(all_of_them) == 60
    assert len(few) < 30
    assert {t["code"] for t in few} >= {t["code"] for t in all_of_them if t["table"]}


def test_medical_rules_nobody_confirmed_are_worth_a_look_until_somebody_does() -> None:
    assert alerts(Scene())["medical"] == "info"
    confirmed = replace(race(), confirmed_by="Dr Maya Lee")
    assert "medical" not in alerts(Scene(confirmed))


def test_the_therapist_knows_who_goes_straight_from_the_table_to_the_start() -> None:
    scene = Scene()
    scene.at(WAVE_A - mins(41))
    scene.available(ANA)
    scene.warmup("zoe")
    scene.warmup("mia")

    def soon() -> list[bool]:
        return [ticket["start_soon"] for ticket in seen(scene, AS_ANA)["tickets"]]

    assert soon() == [False, False], "ten minutes on the table leave 31"
    scene.at(WAVE_A - mins(39))
    assert soon() == [True, False], "who still waits is told on the phone alone"
    scene.ask(do.StartTreatment("zoe", "ana"))
    assert soon() == [True, False]
