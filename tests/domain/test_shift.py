"""A therapist's day: rule 11."""

from __future__ import annotations

from datetime import datetime

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.duty import shift_at
from tentqueue.domain.model import TicketState
from tentqueue.domain.rules import TentRules
from tentqueue.domain.shift import ends_in_shift, shift_ends_at
from tentqueue.domain.therapist import Shift, Therapist, TherapistState
from tests.cast import ANA, BEN, CHIDI, DORA, NOON, Scene, kinds, mins, race


def treat(scene: Scene, count: int, minutes: float = 10) -> None:
    """Ana treats `count` runners in a row."""
    for n in range(count):
        name = f"{n}-{scene.now}"
        scene.recovery(name)
        scene.ask(do.StartTreatment(name, "ana"))
        scene.now += mins(minutes)
        scene.ask(do.FinishTreatment(name, "ana"))
        scene.ask(do.CleanTable(name, "ana"))


def ana(scene: Scene) -> Therapist:
    """Ana as she is now."""
    return scene.tent.therapists["ana"]


def test_after_eight_treatments_a_break_is_required() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    treat(scene, 7)
    assert ana(scene).state is TherapistState.AVAILABLE
    treat(scene, 1)
    assert ana(scene).state is TherapistState.BREAK


def test_after_two_hours_of_work_a_break_is_required() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    treat(scene, 1)
    scene.after(110)
    assert ana(scene).state is TherapistState.BREAK


def test_a_break_never_cuts_a_treatment() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.TakeBreak("ana"))
    assert scene.ticket("Mia").state is TicketState.IN_TREATMENT
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.recovery("Noor")
    assert scene.ticket("Noor").state is TicketState.WAITING
    scene.after(2)
    assert ana(scene).state is TherapistState.BREAK


def test_back_from_the_break_the_work_counts_from_zero() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    treat(scene, 8)
    scene.after(10)
    scene.ask(do.BeAvailable("ana"))
    assert (ana(scene).state, ana(scene).treatments_since_break) == (TherapistState.AVAILABLE, 0)


def test_after_six_hours_hands_on_no_more_runners_come() -> None:
    scene = Scene(race(ANA, BEN, rules=TentRules(hands_on_limit_minutes=30)), at=NOON)
    scene.available(ANA)
    treat(scene, 3)
    scene.recovery("Mia")
    assert scene.ticket("Mia").state is TicketState.WAITING
    scene.ask(do.GoHome("ana"))
    with pytest.raises(errors.HandsOnLimit):
        scene.ask(do.BeAvailable("ana"))


def test_going_home_waits_for_the_treatment_to_end() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.GoHome("ana"))
    assert ana(scene).state is TherapistState.IN_TREATMENT
    scene.ask(do.FinishTreatment("Mia", "ana"))
    assert kinds(scene.after(2)) == ["TherapistLeft"]


def test_going_home_twice_or_coming_twice_changes_nothing() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    assert scene.ask(do.BeAvailable("ana")) == ()
    scene.ask(do.GoHome("ana"))
    assert scene.ask(do.GoHome("ana")) == ()


def test_one_table_has_one_therapist() -> None:
    scene = Scene(race(ANA, BEN.but(table=1)), at=NOON)
    scene.available(ANA)
    with pytest.raises(errors.NotPossibleNow, match="Ana works at table 1"):
        scene.available(BEN)


def test_a_break_is_for_therapists_on_duty() -> None:
    with pytest.raises(errors.NotPossibleNow):
        Scene().ask(do.TakeBreak("ana"))


def test_available_during_the_changeover_says_that_the_table_is_clean() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.ask(do.FinishTreatment("Mia", "ana"))
    assert kinds(scene.ask(do.BeAvailable("ana"))) == ["TableCleaned"]
    assert ana(scene).state is TherapistState.AVAILABLE


def test_a_break_asked_for_twice_is_one_break() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.ask(do.TakeBreak("ana", minutes=25))
    assert ana(scene).until == NOON + mins(25)
    assert scene.ask(do.TakeBreak("ana")) == ()


def test_a_break_lasts_ten_minutes_unless_said_otherwise() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.ask(do.TakeBreak("ana"))
    assert ana(scene).until == NOON + mins(10)


def test_a_runner_on_the_way_is_sent_elsewhere_when_the_therapist_goes_home() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.available(BEN)
    scene.ask(do.GoHome("ana"))
    assert (scene.ticket("Mia").therapist, scene.ticket("Mia").table) == ("ben", 2)


def test_the_hours_of_the_limit_are_said() -> None:
    rules = TentRules(hands_on_limit_minutes=90)
    scene = Scene(race(ANA.but(hands_on_for=mins(90)), rules=rules), at=NOON)
    with pytest.raises(errors.HandsOnLimit, match="1 hours") as refusal:
        scene.available(ANA)
    assert refusal.value.facts == {"hours": 1}


def test_a_minute_under_the_limit_one_may_still_come() -> None:
    rules = TentRules(hands_on_limit_minutes=90)
    scene = Scene(race(ANA.but(hands_on_for=mins(89)), rules=rules), at=NOON)
    scene.available(ANA)
    assert scene.recovery("Mia").state is TicketState.CALLED


def test_two_hours_without_a_treatment_are_no_work() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.after(125)
    assert ana(scene).state is TherapistState.AVAILABLE


def test_the_present_shift_ends_next_and_after_the_last_there_is_none() -> None:
    shifts = (Shift(NOON, NOON + mins(60)), Shift(NOON + mins(120), NOON + mins(180)))
    dora = DORA.but(shifts=shifts)
    ends = [shift_at(dora, at) for at in (NOON, NOON + mins(60), NOON + mins(180))]
    assert [shift.ends_at if shift else None for shift in ends] == [
        NOON + mins(60),
        NOON + mins(180),
        None,
    ]


def test_who_stays_half_an_hour_after_the_shift_works_without_a_roster() -> None:
    ben = BEN.but(shifts=(Shift(NOON, NOON + mins(60)),))
    assert shift_ends_at(ben, NOON + mins(89)) == NOON + mins(60)
    assert shift_ends_at(ben, NOON + mins(90)) is None


@pytest.mark.parametrize(("left", "fits"), [(7, True), (6.9, False)])
def test_a_treatment_may_end_five_minutes_after_the_shift(left: float, fits: bool) -> None:
    scene = Scene(race(ANA.but(shifts=(Shift(NOON, NOON + mins(60)),))), at=NOON)
    ticket = scene.recovery("Mia")
    who, at = scene.tent.therapists["ana"], NOON + mins(60 - left)
    assert ends_in_shift(scene.tent, ticket, who, at) is fits


@pytest.mark.parametrize(("there", "comes"), [(ANA, BEN), (BEN, ANA)])
def test_who_comes_to_a_table_that_has_its_therapist_is_told_so(
    there: Therapist, comes: Therapist
) -> None:
    scene = Scene(race(ANA, BEN.but(table=1)), at=NOON)
    scene.available(there)
    with pytest.raises(errors.NotPossibleNow, match=f"{there.name} works at table 1"):
        scene.available(comes)


@pytest.mark.parametrize(("minutes", "hours"), [(354, 5), (360, 6), (719, 11)])
def test_the_limit_is_told_in_whole_hours(minutes: int, hours: int) -> None:
    rules = TentRules(hands_on_limit_minutes=minutes)
    scene = Scene(race(ANA.but(hands_on_for=mins(720)), rules=rules), at=NOON)
    with pytest.raises(errors.HandsOnLimit) as refusal:
        scene.available(ANA)
    assert refusal.value.facts == {"hours": hours}


DAY = Shift(NOON - mins(240), NOON + mins(180))
TOMORROW = Shift(DAY.starts_at + mins(1440), DAY.ends_at + mins(1440))


def who_taps_no_more(*shifts: Shift, came: datetime = NOON) -> Scene:
    """Ana comes, treats one runner, takes a break, and is not seen again."""
    scene = Scene(race(ANA.but(shifts=shifts)), at=came)
    scene.available(ANA)
    treat(scene, 1)
    scene.ask(do.TakeBreak("ana"))
    return scene


def test_who_never_taps_going_home_is_off_duty_an_hour_after_the_shift() -> None:
    scene = who_taps_no_more(DAY, TOMORROW)
    scene.at(DAY.ends_at + mins(59))
    assert ana(scene).state is TherapistState.BREAK
    scene.after(1)
    (left,) = [one for one in scene.entries[-1].events if isinstance(one, ev.TherapistLeft)]
    assert (left.therapist, left.reason) == ("ana", "unseen")
    assert ana(scene).state is TherapistState.OFF


def test_a_server_that_slept_through_the_night_sends_home_whoever_it_finds_on_a_break() -> None:
    scene = who_taps_no_more(DAY, TOMORROW)
    scene.at(TOMORROW.starts_at + mins(5))
    assert ana(scene).state is TherapistState.OFF
    scene.available(ANA)
    scene.after(30)
    assert ana(scene).state is TherapistState.AVAILABLE


def test_nobody_is_sent_home_between_two_shifts_that_are_less_than_an_hour_apart() -> None:
    morning = Shift(DAY.starts_at, NOON + mins(30))
    scene = who_taps_no_more(morning, Shift(NOON + mins(89), DAY.ends_at))
    scene.at(DAY.ends_at + mins(59))
    assert ana(scene).state is TherapistState.BREAK
    scene = who_taps_no_more(morning, Shift(NOON + mins(91), DAY.ends_at))
    scene.at(NOON + mins(90))
    assert ana(scene).state is TherapistState.OFF


def test_who_comes_early_waits_for_the_shift_to_begin() -> None:
    scene = Scene(race(ANA.but(shifts=(DAY,))), at=DAY.starts_at - mins(150))
    scene.available(ANA)
    scene.at(DAY.starts_at)
    assert ana(scene).state is TherapistState.AVAILABLE


def test_the_hour_counts_from_the_last_runner_when_one_works_on() -> None:
    scene = Scene(race(ANA.but(shifts=(Shift(DAY.starts_at, NOON + mins(30)),))), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.now += mins(25)
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.now += mins(15)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    scene.ask(do.CleanTable("Mia", "ana"))
    scene.after(59)
    assert ana(scene).state is TherapistState.AVAILABLE
    scene.after(1)
    assert ana(scene).state is TherapistState.OFF


def test_who_has_no_shift_is_on_duty_for_half_a_day() -> None:
    scene = who_taps_no_more()
    scene.at(NOON + mins(12 * 60 + 59))
    assert ana(scene).state is TherapistState.BREAK
    scene.after(1)
    assert ana(scene).state is TherapistState.OFF


def test_whoever_has_a_runner_is_not_sent_home() -> None:
    scene = Scene(race(ANA.but(shifts=(DAY,))), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    # A treatment nobody ends is released, the table cleaned, a break begun: then comes the hour.
    assert "TherapistLeft" not in kinds(scene.at(DAY.ends_at + mins(200)))
    assert kinds(scene.after(5)) == ["BreakStarted"]
    assert kinds(scene.after(70)) == ["TherapistLeft"]


def test_a_student_is_not_left_with_a_supervisor_who_has_gone() -> None:
    scene = Scene(race(ANA.but(shifts=(DAY,)), CHIDI), at=NOON)
    scene.available(ANA, CHIDI)
    assert scene.tent.supervised()
    scene.at(DAY.ends_at + mins(60))
    assert not scene.tent.supervised()


def test_the_hours_of_a_day_begin_anew_after_a_night() -> None:
    rules = TentRules(hands_on_limit_minutes=30)
    scene = Scene(race(ANA.but(shifts=(DAY, TOMORROW)), rules=rules), at=NOON)
    scene.available(ANA)
    treat(scene, 3)
    scene.ask(do.GoHome("ana"))
    with pytest.raises(errors.HandsOnLimit):
        scene.available(ANA)
    scene.now = TOMORROW.starts_at
    scene.available(ANA)
    assert (ana(scene).hands_on_for, ana(scene).treated) == (mins(0), 0)
