"""The roster on the day: late, early, longer, another table."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.errors import NotPossibleNow, TableNeeded, UnknownTherapist, WrongTime
from tentqueue.domain.model import TicketState
from tentqueue.domain.therapist import Shift
from tests.cast import ANA, BEN, CHIDI, NINE, NOON, Scene, kinds, mins, race

ROSTERED = ANA.but(
    shifts=(Shift(NINE, NINE + mins(180)), Shift(NINE + mins(240), NINE + mins(480)))
)


def rostered() -> Scene:
    """Ana by the roster, Ben and Chidi by choice; recovery is open."""
    scene = Scene(race(ROSTERED, BEN, CHIDI))
    scene.at(NOON - mins(20))
    return scene


def test_who_leaves_earlier_is_sent_nobody_they_can_not_finish() -> None:
    scene = rostered()
    scene.recovery("zoe")
    scene.ask(do.ChangeShift("ana", ends_at=scene.now + mins(5)))
    scene.available(ROSTERED)
    assert scene.ticket("zoe").state is TicketState.WAITING
    scene.ask(do.ChangeShift("ana", ends_at=scene.now + mins(60)))
    assert scene.ticket("zoe").state is TicketState.CALLED


def test_the_shift_of_now_changes_and_the_next_one_stays() -> None:
    scene = rostered()
    scene.ask(do.ChangeShift("ana", ends_at=NOON + mins(30)))
    shifts = scene.tent.therapists["ana"].shifts
    assert shifts == (Shift(NINE, NOON + mins(30)), ROSTERED.shifts[1])


def test_after_the_first_shift_the_next_one_is_meant() -> None:
    scene = rostered()
    scene.at(NOON + mins(1))
    scene.ask(do.ChangeShift("ana", starts_at=NOON + mins(90)))
    shifts = scene.tent.therapists["ana"].shifts
    assert shifts == (ROSTERED.shifts[0], Shift(NOON + mins(90), NINE + mins(480)))


def test_who_has_no_shift_gets_one_from_now() -> None:
    scene = rostered()
    scene.ask(do.ChangeShift("ben", ends_at=NOON + mins(60)))
    assert scene.tent.therapists["ben"].shifts == (Shift(scene.now, NOON + mins(60)),)


def test_the_same_shift_again_is_no_news_and_undo_brings_the_old_one_back() -> None:
    scene = rostered()
    assert scene.ask(do.ChangeShift("ana", ends_at=NINE + mins(180))) == ()
    scene.ask(do.ChangeShift("ana", ends_at=NINE + mins(200)))
    scene.ask(do.Undo())
    assert scene.tent.therapists["ana"].shifts == ROSTERED.shifts


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(None, -30, "ends_at"), (60, 30, "starts_at"), (-1500, 60, "starts_at")],
)
def test_a_shift_must_end_after_now_and_after_it_starts(
    starts: float | None, ends: float, field: str
) -> None:
    scene = rostered()
    starts_at = None if starts is None else scene.now + mins(starts)
    with pytest.raises(WrongTime) as refused:
        scene.ask(do.ChangeShift("ana", starts_at, scene.now + mins(ends)))
    assert refused.value.facts["field"] == field
    with pytest.raises(WrongTime):
        scene.ask(do.ChangeShift("ben", starts_at=scene.now))
    with pytest.raises(UnknownTherapist):
        scene.ask(do.ChangeShift("nobody", ends_at=NOON))


def test_two_swap_their_tables_and_a_call_follows_its_therapist() -> None:
    scene = rostered()
    scene.available(BEN)
    zoe = scene.recovery("zoe")
    assert (zoe.state, zoe.table) == (TicketState.CALLED, 2)
    happened = scene.ask(do.ChangeTable("ben", 1))
    assert kinds(happened) == ["TableChanged", "TableGiven", "TableChanged"]
    tables = {t.id: t.table for t in scene.tent.therapists.values()}
    assert tables == {"ana": 2, "ben": 1, "chidi": 3}
    assert scene.ticket("zoe").table == 1


def test_a_free_table_is_taken_alone_and_the_same_one_is_no_news() -> None:
    scene = rostered()
    assert kinds(scene.ask(do.ChangeTable("ben", 4))) == ["TableChanged"]
    assert scene.ask(do.ChangeTable("ben", 4)) == ()
    with pytest.raises(TableNeeded):
        scene.ask(do.ChangeTable("ben", 9))


def test_nobody_moves_away_from_a_runner() -> None:
    scene = rostered()
    scene.available(BEN)
    scene.recovery("zoe")
    scene.ask(do.StartTreatment("zoe"))
    for therapist, table in (("ben", 4), ("ana", 2)):
        with pytest.raises(NotPossibleNow):
            scene.ask(do.ChangeTable(therapist, table))
    scene.after(9)
    scene.ask(do.FinishTreatment("zoe"))
    scene.ask(do.CleanTable("zoe"))
    scene.ask(do.ChangeTable("ana", 2))
    assert scene.tent.therapists["ben"].table == 1
