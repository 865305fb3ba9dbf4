"""The organiser's hand and the clock's: doors, moves, announcements, undo; rules 15, 16, 29."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import LaneName, LaneState, TicketState
from tentqueue.domain.therapist import TherapistState
from tests.cast import ANA, BEN, NINE, NOON, Scene, kinds, mins, race


def test_lanes_open_and_close_by_the_clock() -> None:
    scene = Scene(at=NINE - mins(90))
    assert scene.tent.lanes[LaneName.WARMUP].state is LaneState.CLOSED
    scene.at(NINE - mins(60))
    assert scene.tent.lanes[LaneName.WARMUP].state is LaneState.OPEN
    scene.at(NINE + mins(120))
    assert scene.tent.lanes[LaneName.WARMUP].state is LaneState.CLOSED


def test_recovery_takes_its_last_joins_half_an_hour_before_it_closes() -> None:
    scene = Scene(at=NOON)
    scene.at(NINE + mins(450))
    with pytest.raises(errors.LaneClosed):
        scene.recovery("Mia")


def test_a_door_set_by_hand_is_left_alone_by_the_clock() -> None:
    scene = Scene()
    scene.ask(do.CloseLane(LaneName.WARMUP))
    scene.after(1)
    assert scene.tent.lanes[LaneName.WARMUP].state is LaneState.CLOSED
    scene.ask(do.OpenLane(LaneName.WARMUP))
    scene.at(NINE + mins(150))
    assert scene.tent.lanes[LaneName.WARMUP].state is LaneState.OPEN


@pytest.mark.parametrize(("before", "line"), [(None, "CAB"), ("R001", "CAB"), ("R002", "ACB")])
def test_a_ticket_moves_before_another_with_a_reason(before: str | None, line: str) -> None:
    scene = Scene(at=NOON)
    for name in "ABC":
        scene.recovery(name)
    scene.ask(do.MoveTicket("C", "bus leaves at one", before))
    assert "".join(t.id for t in scene.tent.line(LaneName.RECOVERY)) == line


def test_moves_between_neighbours_go_on_for_ever() -> None:
    scene = Scene(at=NOON)
    for name in "ABCD":
        scene.recovery(name)
    for mover in "CDCDCDCDCDCDCDCDCDCD":
        scene.ask(do.MoveTicket(mover, "again", "R002"))
        line = [t.id for t in scene.tent.line(LaneName.RECOVERY)]
        assert line.index(mover) == line.index("B") - 1


def test_a_move_without_a_reason_is_refused() -> None:
    scene = Scene(at=NOON)
    scene.recovery("A")
    with pytest.raises(errors.ReasonNeeded):
        scene.ask(do.MoveTicket("A", "  "))


def test_an_announcement_is_shown_and_cleared() -> None:
    scene = Scene()
    scene.ask(do.Announce(" Thunder at noon. "))
    assert scene.tent.announcement == "Thunder at noon."
    scene.ask(do.Announce(""))
    assert scene.tent.announcement == ""
    with pytest.raises(errors.TextTooLong):
        scene.ask(do.Announce("x" * 161))


def test_an_undone_finish_brings_the_treatment_back_and_the_next_runner_waits_again() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"), actor="therapist:Ana")
    scene.now += mins(2)
    scene.recovery("Noor")
    scene.ask(do.FinishTreatment("Mia", "ana"), actor="therapist:Ana")
    assert scene.ticket("Noor").state is TicketState.CALLED
    scene.ask(do.Undo(by="therapist:Ana"), actor="therapist:Ana")
    assert scene.ticket("Mia").state is TicketState.IN_TREATMENT
    assert scene.ticket("Noor").state is TicketState.WAITING
    assert scene.tent.therapists["ana"].treated == 0


def test_an_undone_no_show_is_back_at_the_table() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.MarkNoShow("Mia", "ana"))
    scene.ask(do.Undo())
    assert scene.ticket("Mia").state is TicketState.CALLED
    assert scene.tent.therapists["ana"].state is TherapistState.CALLED


def test_undo_is_refused_once_the_runner_has_moved_on() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.MarkNoShow("Mia", "ana"))
    number = scene.tent.version
    scene.ask(do.ConfirmHere("Mia"))
    with pytest.raises(errors.UndoTooLate):
        scene.ask(do.Undo(number=number))


def test_a_therapist_undoes_only_what_they_did() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    with pytest.raises(errors.NothingToUndo):
        scene.ask(do.Undo(by="therapist:Ana"))


def test_time_and_the_definition_can_not_be_undone() -> None:
    with pytest.raises(errors.NothingToUndo):
        Scene().ask(do.Undo())


def test_the_same_definition_again_changes_nothing() -> None:
    scene = Scene()
    assert scene.ask(do.DefineEvent(race()), actor="system") == ()


def test_a_changed_definition_keeps_the_tickets_and_who_is_on_duty() -> None:
    scene = Scene()
    scene.available(ANA)
    scene.warmup("Mia")
    scene.ask(do.DefineEvent(race(BEN)), actor="system")
    assert scene.ticket("Mia").state is TicketState.CALLED
    assert set(scene.tent.therapists) == {"ana", "ben"}


def test_when_the_clock_jumps_back_time_in_the_journal_does_not() -> None:
    scene = Scene(at=NOON)
    scene.now -= mins(60)
    scene.ask(do.Announce("hello"))
    assert scene.entries[-1].at == NOON


def test_a_door_is_set_once() -> None:
    scene = Scene()
    assert kinds(scene.ask(do.CloseLane(LaneName.WARMUP))) == ["LaneChanged"]
    assert scene.ask(do.CloseLane(LaneName.WARMUP)) == ()


def test_the_only_one_in_line_keeps_the_own_place() -> None:
    scene = Scene(at=NOON)
    mine = scene.recovery("Mia").order
    scene.ask(do.MoveTicket("Mia", reason="first anyway"))
    assert scene.ticket("Mia").order == mine


def test_only_who_waits_is_moved_and_only_before_who_waits() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.recovery("Noor")
    with pytest.raises(errors.UnknownTicket, match="does not wait in this lane"):
        scene.ask(do.MoveTicket("Noor", before="W001", reason="a friend"))
    scene.available(ANA)
    with pytest.raises(errors.NotPossibleNow, match="who wait"):
        scene.ask(do.MoveTicket("Mia", reason="a friend"))


def test_a_move_between_two_lies_between_them() -> None:
    scene = Scene(at=NOON)
    for name in ("Mia", "Noor", "Olga", "Pia"):
        scene.recovery(name)
    scene.ask(do.MoveTicket("Pia", before=scene.ticket("Noor").code, reason="has a train"))
    mia, pia, noor = (scene.ticket(name).order for name in ("Mia", "Pia", "Noor"))
    assert mia < pia < noor
    assert pia == (noor[0], noor[1] - 1) or pia[1] == (mia[1] + noor[1]) / 2


def test_the_same_announcement_again_changes_nothing() -> None:
    scene = Scene()
    scene.ask(do.Announce(" Water is left of the tent. "))
    assert scene.tent.announcement == "Water is left of the tent."
    assert scene.ask(do.Announce("Water is left of the tent.")) == ()


@pytest.mark.parametrize(("letters", "fits"), [(160, True), (161, False)])
def test_an_announcement_has_160_letters_at_most(letters: int, fits: bool) -> None:
    scene = Scene()
    if fits:
        assert kinds(scene.ask(do.Announce("x" * letters))) == ["Announced"]
    else:
        with pytest.raises(errors.TextTooLong, match="At most 160"):
            scene.ask(do.Announce("x" * letters))


def test_who_was_turned_away_is_noted_for_the_report_and_changes_nothing_else() -> None:
    scene = Scene(at=NOON)
    before = scene.tent
    (noted,) = scene.ask(do.NoteTurnedAway(LaneName.RECOVERY, "lane_full", 3), actor="system")
    assert noted == ev.RunnersTurnedAway(NOON, LaneName.RECOVERY, "lane_full", 3)
    assert (scene.tent.open, scene.tent.counts) == (before.open, before.counts)


def test_an_undone_join_leaves_and_an_undone_announcement_is_the_old_one() -> None:
    scene = Scene(at=NOON)
    scene.ask(do.Announce("Old."))
    scene.ask(do.Announce("New."))
    scene.ask(do.Undo())
    assert scene.tent.announcement == "Old."
    scene.recovery("Mia")
    scene.recovery("Noor")
    scene.ask(do.Undo(number=scene.tent.version - 1))
    assert scene.ticket("Mia").reason == "undone"
    assert scene.ticket("Noor").state is TicketState.WAITING


def test_a_changed_definition_keeps_a_lane_that_vanished_closed_and_who_is_at_work() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    whole = race(BEN)
    fewer = replace(
        whole, lanes={k: v for k, v in whole.lanes.items() if k is not LaneName.RECOVERY}
    )
    scene.ask(do.DefineEvent(fewer), actor="system")
    assert scene.tent.lanes[LaneName.RECOVERY].state is LaneState.CLOSED
    assert scene.tent.lane_rules(LaneName.RECOVERY).minutes == 12
    assert set(scene.tent.therapists) == {"ana", "ben"}
    scene.ask(do.StartTreatment("Mia", "ana"))


def test_a_therapist_at_work_keeps_the_table_when_the_definition_moves_them() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.ask(do.DefineEvent(race(ANA.but(table=4, name="Anna"), BEN.but(table=3))))
    ana, ben = scene.tent.therapists["ana"], scene.tent.therapists["ben"]
    assert (ana.table, ana.name, ben.table) == (1, "Anna", 3)


def test_the_doors_keep_the_minute() -> None:
    scene = Scene(at=NINE - mins(60.1))
    state = scene.tent.lanes[LaneName.WARMUP]
    assert (state.state, state.reason) == (LaneState.CLOSED, "not_open_yet")
    lane = scene.tent.lanes[LaneName.RECOVERY]
    for at, told in (
        (lane.opens_at, (LaneState.OPEN, "opening_time")),
        (lane.closes_at - mins(30.1), (LaneState.OPEN, "opening_time")),
        (lane.closes_at - mins(30), (LaneState.CLOSED, "last_call_over")),
        (lane.closes_at, (LaneState.CLOSED, "closing_time")),
    ):
        scene.at(at)
        now = scene.tent.lanes[LaneName.RECOVERY]
        assert (now.state, now.reason) == told


def test_a_full_lane_stays_full_until_there_is_time_again() -> None:
    scene = Scene(at=NOON)
    lane = scene.tent.lanes[LaneName.RECOVERY]
    scene.tent = scene.tent.with_lane(lane.but(state=LaneState.FULL, reason="all_time_promised"))
    scene.after(1)
    assert scene.tent.lanes[LaneName.RECOVERY].state is LaneState.FULL


def test_an_undone_join_leaves_a_later_announcement_alone() -> None:
    scene = Scene(at=NOON)
    scene.ask(do.Announce("Zebra."))
    scene.recovery("Mia")
    joined = scene.tent.version
    scene.ask(do.Announce("Apple."))
    scene.ask(do.Undo(number=joined))
    assert scene.tent.announcement == "Apple."
    scene.ask(do.Undo())
    assert scene.tent.announcement == "Zebra."


@pytest.mark.parametrize("other", ["desk:Adam", "desk:Zoe"])
def test_nobody_undoes_what_another_did(other: str) -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    with pytest.raises(errors.NothingToUndo):
        scene.ask(do.Undo(by=other))
    assert kinds(scene.ask(do.Undo(by="desk:Eve"))) == ["CommandUndone"]


def test_an_undone_finish_takes_one_treatment_back_from_the_days_count() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    for name in ("Mia", "Noor", "Olga"):
        scene.recovery(name)
        scene.ask(do.StartTreatment(name, "ana"))
        scene.now += mins(12)
        scene.ask(do.FinishTreatment(name, "ana"))
        if name != "Olga":
            scene.ask(do.CleanTable(name, "ana"))
    assert scene.tent.counts.treated == {LaneName.RECOVERY: 3}
    assert scene.tent.therapists["ana"].treated == 3
    scene.ask(do.Undo())
    assert scene.tent.counts.treated == {LaneName.RECOVERY: 2}
    assert scene.tent.therapists["ana"].treated == 2


def test_the_last_forty_entries_can_be_looked_back_at() -> None:
    scene = Scene(at=NOON)
    for number in range(45):
        scene.ask(do.Announce(f"{number}"))
    assert len(scene.tent.recent) == 40
    assert scene.tent.recent[-1].entry is scene.entries[-1]


def test_entries_before_an_undone_one_can_be_undone_too() -> None:
    scene = Scene(at=NOON)
    for text in ("One.", "Two.", "Three."):
        scene.ask(do.Announce(text))
    number = scene.tent.version
    scene.ask(do.Undo(number=number))
    scene.ask(do.Undo(number=number - 1))
    assert scene.tent.announcement == "One."


def test_an_undo_takes_one_from_the_days_counts_and_leaves_the_others() -> None:
    scene = Scene(at=NOON)
    names = [f"r{n}" for n in range(9)]
    for name in names:
        scene.recovery(name)
    for name in names[:3]:
        scene.ask(do.ReferRunner(name))
    for name in names[3:6]:
        scene.ask(do.LeaveLine(name))
    scene.ask(do.Undo())
    counts = scene.tent.counts
    assert (counts.referred, counts.left) == (3, 2)
    scene.ask(do.Undo(number=scene.tent.version - 4))
    counts = scene.tent.counts
    assert (counts.referred, counts.left) == (2, 2)


def test_an_undone_no_show_takes_one_from_the_days_count() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    for name in ("Mia", "Noor", "Olga"):
        scene.recovery(name)
        scene.ask(do.MarkNoShow(name, "ana"))
        scene.ask(do.MarkNoShow(name))
    assert scene.tent.counts.no_shows == 3
    scene.ask(do.Undo())
    assert scene.tent.counts.no_shows == 2
