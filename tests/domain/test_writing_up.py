"""The paper sheet typed in again: rule 28."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import LaneName, TicketState
from tentqueue.domain.therapist import Shift, TherapistState
from tentqueue.domain.writing_up import in_the_past
from tests.cast import ANA, BEN, NOON, Scene, mins, race
from tests.invariants import check_history, check_tent


def dark(minutes: float = 40, *runners: str) -> Scene:
    """Ana and Ben work; runners join; then the screens are off for a while."""
    scene = Scene(at=NOON)
    for name in runners or ("Mia", "Noor", "Ola"):
        scene.recovery(name)
    scene.available(ANA, BEN)
    scene.now += mins(minutes)
    return scene


def test_a_treatment_on_paper_counts_with_its_own_times() -> None:
    scene = dark()
    scene.ask(do.WriteUpTreatment("Ola", NOON + mins(5), NOON + mins(16), table=2))
    ola, ben = scene.ticket("Ola"), scene.tent.therapists["ben"]
    assert (ola.state, ola.started_at, ola.ended_at) == (
        TicketState.DONE,
        NOON + mins(5),
        NOON + mins(16),
    )
    assert (ben.treated, ben.hands_on_for) == (1, mins(11))
    assert scene.tent.counts.treated[LaneName.RECOVERY] == 1
    assert scene.entries[-1].at == scene.now
    check_tent(scene.tent)


def test_one_called_before_the_dark_and_treated_on_paper_frees_the_table_for_the_next() -> None:
    scene = dark()
    mine = scene.ticket("Mia")
    scene.ask(do.WriteUpTreatment("Mia", NOON + mins(2), NOON + mins(13)))
    assert scene.ticket("Mia").therapist == mine.therapist
    assert scene.tent.therapists[mine.therapist or ""].ticket == scene.ticket("Ola").code
    check_tent(scene.tent)


def test_a_finish_written_on_paper_ends_the_treatment_the_screens_saw_begin() -> None:
    scene = dark(1)
    scene.ask(do.StartTreatment("Mia"))
    began = scene.now
    scene.now += mins(14)
    scene.ask(do.WriteUpTreatment("Mia", finished_at=began + mins(9)))
    who = scene.ticket("Mia").therapist or ""
    assert scene.tent.therapists[who].hands_on_for == mins(9)
    assert scene.tent.therapists[who].state is TherapistState.CALLED
    check_tent(scene.tent)


def test_what_the_clock_gave_up_meanwhile_is_put_right() -> None:
    scene = dark(1)
    scene.ask(do.StartTreatment("Mia"))
    began = scene.now
    scene.after(60)
    assert scene.ticket("Mia").reason == "released"
    scene.ask(do.WriteUpTreatment("Mia", finished_at=began + mins(10)))
    who = scene.tent.therapists[scene.ticket("Mia").therapist or ""]
    assert (who.treated, who.hands_on_for) == (1, mins(10))
    assert scene.tent.counts.treated[LaneName.RECOVERY] == 1


def test_a_no_show_of_the_dark_who_was_treated_is_no_no_show() -> None:
    scene = dark(1, "Mia")
    scene.ask(do.MarkNoShow("Mia"))
    scene.ask(do.MarkNoShow("Mia"))
    assert scene.tent.counts.no_shows == 1
    scene.ask(do.WriteUpTreatment("Mia", NOON - mins(20), NOON - mins(9), table=1))
    assert scene.ticket("Mia").state is TicketState.DONE
    assert scene.tent.counts.no_shows == 0
    check_history(type(scene.tent).unopened("riverside-half"), scene.entries, scene.tent)


def test_one_still_on_the_table_goes_on_with_the_minutes_that_are_left() -> None:
    scene = dark()
    other = scene.tent.therapists["ana"].ticket
    scene.ask(do.WriteUpTreatment("Ola", scene.now - mins(4), table=1))
    ana, ola = scene.tent.therapists["ana"], scene.ticket("Ola")
    assert (ana.ticket, ana.state) == (ola.code, TherapistState.IN_TREATMENT)
    assert ola.planned_end_at == scene.now + mins(8)
    # Who was called there is called still, for after.
    assert scene.tent.open[other or ""].state is TicketState.CALLED
    check_tent(scene.tent)


def test_one_set_aside_may_be_on_the_table_too() -> None:
    scene = dark(2, "Mia")
    scene.ask(do.HoldTicket("Mia"))
    scene.ask(do.WriteUpTreatment("Mia", scene.now - mins(1), table=2))
    assert scene.ticket("Mia").state is TicketState.IN_TREATMENT
    assert scene.ticket("Mia").hold is None
    check_tent(scene.tent)


def test_a_new_bib_of_the_sheet_stands_where_it_joined_on_paper() -> None:
    scene = dark(40, "Mia", "Noor", "Ola", "Piet", "Lou", "Kim")
    scene.recovery("Pia")
    scene.ask(do.JoinLane("Quinn", LaneName.RECOVERY, True, joined_at=NOON + mins(10)))
    quinn = scene.ticket("Quinn")
    assert (quinn.joined_at, quinn.state) == (NOON + mins(10), TicketState.WAITING)
    line = [t.id for t in scene.tent.line(LaneName.RECOVERY)]
    assert line.index("Quinn") < line.index("Pia")


def test_the_doors_of_now_do_not_matter_to_who_joined_on_paper() -> None:
    scene = dark()
    scene.ask(do.CloseLane(LaneName.RECOVERY))
    scene.ask(do.JoinLane("Quinn", LaneName.RECOVERY, True, joined_at=NOON + mins(10)))
    assert scene.ticket("Quinn").is_open
    with pytest.raises(errors.LaneClosed):
        scene.recovery("Rosa")


def test_who_left_on_paper_left_then() -> None:
    scene = dark()
    scene.ask(do.LeaveLine("Ola", NOON + mins(20)))
    assert scene.ticket("Ola").ended_at == NOON + mins(20)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (do.WriteUpTreatment("Ola", NOON + mins(5), NOON + mins(16)), errors.TableNeeded),
        (do.WriteUpTreatment("Ola", NOON + mins(5), NOON + mins(16), table=9), errors.TableNeeded),
        (do.WriteUpTreatment("Ola", finished_at=NOON + mins(16), table=1), errors.WrongTime),
        (do.WriteUpTreatment("Ola", NOON + mins(16), NOON + mins(5), table=1), errors.WrongTime),
        (do.WriteUpTreatment("Ola", NOON + mins(300), table=1), errors.WrongTime),
        (do.LeaveLine("Ola", NOON + mins(300)), errors.WrongTime),
        (do.WriteUpTreatment("Ola", NOON + mins(30), table=4), errors.NotPossibleNow),
        (do.WriteUpTreatment("Zoe", NOON + mins(30), table=1), errors.UnknownTicket),
        (
            do.JoinLane("Q", LaneName.RECOVERY, True, joined_at=NOON + mins(300)),
            errors.WrongTime,
        ),
    ],
)
def test_a_line_that_can_not_be_says_why_and_changes_nothing(
    line: do.Command, refusal: type[errors.Refusal]
) -> None:
    scene = dark()
    before = scene.tent
    with pytest.raises(refusal):
        scene.ask(line)
    assert scene.tent is before


def test_a_line_typed_twice_is_refused_the_second_time() -> None:
    scene = dark()
    line = do.WriteUpTreatment("Ola", NOON + mins(5), NOON + mins(16), table=2)
    scene.ask(line)
    with pytest.raises(errors.NotPossibleNow):
        scene.ask(line)


def test_a_line_typed_wrong_can_be_undone() -> None:
    scene = dark()
    scene.ask(do.WriteUpTreatment("Ola", NOON + mins(5), NOON + mins(16), table=2))
    scene.ask(do.Undo(by="desk:Eve"))
    assert scene.ticket("Ola").is_open
    assert scene.tent.therapists["ben"].treated == 0


def test_one_written_at_another_table_than_the_screens_saw_is_looked_at_again() -> None:
    scene = dark(1)
    scene.ask(do.StartTreatment("Mia"))
    scene.now += mins(10)
    other = 2 if scene.ticket("Mia").table == 1 else 1
    with pytest.raises(errors.NotPossibleNow, match="Look at the line again"):
        scene.ask(do.WriteUpTreatment("Mia", finished_at=scene.now, table=other))


def test_one_who_was_called_to_another_table_and_lay_down_here_stays_here() -> None:
    scene = dark(1)
    mine = scene.ticket("Mia").table
    other = 2 if mine == 1 else 1
    scene.ask(do.WriteUpTreatment("Mia", started_at=scene.now - mins(1), table=other))
    assert (scene.ticket("Mia").state, scene.ticket("Mia").table) == (
        TicketState.IN_TREATMENT,
        other,
    )
    check_tent(scene.tent)


def test_what_the_screens_know_is_not_started_again_on_paper() -> None:
    scene = dark(1)
    scene.ask(do.StartTreatment("Mia"))
    with pytest.raises(errors.NotPossibleNow, match="The screens know that"):
        scene.ask(do.WriteUpTreatment("Mia", started_at=scene.now))


def test_a_treatment_of_the_paper_may_last_three_hours_and_takes_some_time() -> None:
    scene = dark(200)
    for started, good in ((181, False), (0, False), (180, True)):
        line = do.WriteUpTreatment("Ola", scene.now - mins(started), scene.now, table=2)
        if good:
            scene.ask(line)
        else:
            with pytest.raises(errors.WrongTime, match="after started"):
                scene.ask(line)


@pytest.mark.parametrize(("ago", "taken"), [(-2, True), (-2.1, False), (1440, True), (1441, False)])
def test_a_sheet_is_typed_in_for_a_day(ago: float, taken: bool) -> None:
    scene = dark(0)
    if taken:
        in_the_past(scene.now - mins(ago), scene.now, "left_at")
    else:
        with pytest.raises(errors.WrongTime):
            in_the_past(scene.now - mins(ago), scene.now, "left_at")


def test_of_two_at_one_table_it_was_the_one_on_the_roster_then() -> None:
    early = ANA.but(shifts=(Shift(NOON - mins(60), NOON),))
    late = BEN.but(table=1, shifts=(Shift(NOON, NOON + mins(120)),))
    scene = Scene(race(early, late), at=NOON)
    scene.recovery("Mia")
    scene.recovery("Noor")
    scene.now += mins(20)
    scene.ask(do.WriteUpTreatment("Mia", NOON - mins(1), NOON + mins(10), table=1))
    scene.ask(do.WriteUpTreatment("Noor", NOON, NOON + mins(10), table=1))
    assert (scene.ticket("Mia").therapist, scene.ticket("Noor").therapist) == ("ana", "ben")


def test_a_table_that_is_busy_ends_its_treatment_and_the_next_is_called_to_it() -> None:
    scene = dark(1)
    scene.ask(do.StartTreatment("Mia"))
    table, who = scene.ticket("Mia").table, scene.ticket("Mia").therapist or ""
    scene.now += mins(5)
    scene.ask(do.WriteUpTreatment("Mia", finished_at=scene.now - mins(1), table=table))
    assert scene.ticket("Mia").state is TicketState.DONE
    assert scene.tent.therapists[who].state is TherapistState.CALLED
    check_tent(scene.tent)


def test_one_who_lay_down_where_the_call_sent_them_goes_on_there() -> None:
    scene = dark(4)
    table = scene.ticket("Mia").table
    events = scene.ask(do.WriteUpTreatment("Mia", started_at=scene.now - mins(3)))
    assert type(events[0]).__name__ == "TreatmentStarted"
    assert scene.ticket("Mia").table == table
    assert scene.ticket("Mia").planned_end_at == scene.now + mins(9)


def test_one_from_the_line_was_called_by_voice_and_released_from_nothing() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.PauseLane(LaneName.RECOVERY))
    scene.available(ANA)
    assert scene.ticket("Mia").state is TicketState.WAITING
    events = scene.ask(do.WriteUpTreatment("Mia", started_at=NOON, table=1))
    assert [type(event).__name__ for event in events] == ["RunnerCalled", "TreatmentStarted"]


def test_a_treatment_on_paper_was_planned_as_long_as_any() -> None:
    scene = dark()
    scene.ask(do.WriteUpTreatment("Ola", NOON + mins(5), NOON + mins(30), table=2))
    assert scene.ticket("Ola").planned_end_at == NOON + mins(17)
