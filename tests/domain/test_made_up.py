"""Made-up tickets go all at once; runners stay, and one undo brings everybody back."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.errors import ReasonNeeded, UndoTooLate
from tentqueue.domain.made_up import made_up
from tentqueue.domain.model import Screening, TicketState
from tentqueue.domain.taking import TakenBy
from tentqueue.domain.tent import Tent
from tests.cast import ANA, NOON, Scene, kinds, mins
from tests.invariants import check_history

PROGRAM, PAGE, STAFF = TakenBy.PROGRAM, TakenBy.PAGE, TakenBy.STAFF
OUT = do.RemoveMadeUp("made up")


@pytest.fixture
def scene() -> Scene:
    """The tent at noon."""
    scene = Scene(at=NOON)
    scene.after(0)
    return scene


def bots(scene: Scene, count: int) -> list[str]:
    """So many tickets that a program took."""
    return [scene.recovery(f"bot-{n}", taken_by=PROGRAM).code for n in range(count)]


def test_what_programs_took_goes_in_one_entry_and_runners_stay(scene: Scene) -> None:
    phone = scene.recovery("mia", taken_by=PAGE)
    made = bots(scene, 40)
    desk = scene.recovery("gus", taken_by=STAFF)
    events = scene.ask(OUT, "organiser:Olga")
    assert kinds(events)[0] == "MadeUpRemoved"
    assert [t.code for t in scene.tent.open.values()] == [phone.code, desk.code]
    assert {scene.tent.ticket(code).state for code in made} == {TicketState.EXPIRED}
    assert scene.tent.counts.left == 0
    check_history(Tent.unopened("riverside-half"), scene.entries, scene.tent)


def test_one_undo_brings_all_of_them_back_to_their_places(scene: Scene) -> None:
    bots(scene, 30)
    before = scene.tent.open
    scene.ask(OUT, "organiser:Olga")
    scene.ask(do.Undo(by="organiser:Olga"), "organiser:Olga")
    assert scene.tent.open == before
    check_history(Tent.unopened("riverside-half"), scene.entries, scene.tent)


def test_who_is_called_or_treated_stays_whoever_took_the_ticket(scene: Scene) -> None:
    called, waits = bots(scene, 2)
    scene.available(ANA)
    assert scene.tent.ticket(called).state is TicketState.CALLED
    scene.ask(OUT, "organiser:Olga")
    assert scene.tent.ticket(called).state is TicketState.CALLED
    assert not scene.tent.ticket(waits).is_open
    scene.ask(do.StartTreatment(called))
    assert scene.ask(OUT, "organiser:Olga") == ()


def test_only_those_of_the_minutes_named_go(scene: Scene) -> None:
    early = scene.recovery("early", taken_by=PROGRAM)
    scene.after(5)
    burst = bots(scene, 3)
    scene.after(5)
    late = scene.recovery("late", taken_by=PROGRAM)
    span = do.RemoveMadeUp("made up", NOON + mins(4), NOON + mins(6))
    assert [t.code for t in made_up(scene.tent, span)] == burst
    scene.ask(span, "organiser:Olga")
    assert {early.code, late.code} == set(scene.tent.open)


def test_where_pages_count_too_any_sign_of_a_runner_keeps_the_ticket(scene: Scene) -> None:
    scene.recovery("silent")
    scene.recovery("with a bib", bib_tag="tag-1")
    scene.recovery("with answers", screening=Screening.OK)
    scene.recovery("has come")
    scene.ask(do.ConfirmHere("has come"))
    scene.recovery("of the desk", taken_by=STAFF)
    assert scene.ask(OUT, "organiser:Olga") == ()
    scene.ask(do.RemoveMadeUp("made up", NOON, pages_too=True), "organiser:Olga")
    assert not scene.ticket("silent").is_open
    assert len(scene.tent.open) == 4


def test_a_reason_is_needed_and_nothing_to_take_out_changes_nothing(scene: Scene) -> None:
    scene.recovery("mia")
    with pytest.raises(ReasonNeeded):
        scene.ask(do.RemoveMadeUp("  "), "organiser:Olga")
    assert scene.ask(OUT, "organiser:Olga") == ()


def test_the_undo_of_a_removal_waits_for_nobody_who_has_moved_on(scene: Scene) -> None:
    (code,) = bots(scene, 1)
    scene.ask(OUT, "organiser:Olga")
    scene.ask(do.EraseTicket(code))
    with pytest.raises(UndoTooLate):
        scene.ask(do.Undo(by="organiser:Olga"), "organiser:Olga")
