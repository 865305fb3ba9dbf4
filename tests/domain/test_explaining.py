"""Why times moved and why others went first, in codes that a runner may be told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tentqueue.domain import commands as do
from tentqueue.domain.errors import Refusal
from tentqueue.domain.estimate import forecast
from tentqueue.domain.events import Event, RunnerCalled
from tentqueue.domain.explaining import (
    TOLD_FOR,
    Pace,
    Passing,
    cause_of,
    moved_since,
    moves_lately,
    pace_of,
)
from tentqueue.domain.model import AgeGroup, Gender, Instant, LaneName, Moved, Ticket, TicketState
from tentqueue.domain.tent import Tent
from tests.cast import ANA, BEN, DORA, NINE, NOON, Scene, mins, race

USUAL = Pace(on_duty=4, resting=0, factor=1.0)


def last_move(scene: Scene, ticket: Ticket, now: Instant) -> Moved | None:
    """What a runner is told of the times' last move."""
    return moved_since(moves_lately(scene.tent, now)[ticket.lane], ticket)


@pytest.mark.parametrize(
    ("now", "later", "cause"),
    [
        (Pace(4, 1, 1.0), True, "breaks"),
        (Pace(3, 0, 1.2), True, "fewer_therapists"),
        (Pace(4, 0, 1.2), True, "longer_treatments"),
        (USUAL, True, "others_first"),
        (Pace(5, 0, 1.0), False, "more_therapists"),
        (Pace(4, 0, 0.9), False, "shorter_treatments"),
        (USUAL, False, "places_given_up"),
    ],
)
def test_the_cause_is_the_first_thing_that_changed_that_way(
    now: Pace, later: bool, cause: str
) -> None:
    assert cause_of(USUAL, now, later) == cause


def test_times_that_come_back_after_a_break_say_so() -> None:
    assert cause_of(Pace(4, 2, 1.0), USUAL, later=False) == "breaks_over"


def test_a_move_explains_the_range_to_those_who_knew_another_for_a_while() -> None:
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA)
    for name in ("zoe", "yann", "xara"):
        scene.recovery(name)
    scene.after(2)
    scene.ask(do.NoteEstimate(LaneName.RECOVERY, 15, "breaks"), actor="system")
    scene.recovery("will")
    knew, came_after = scene.ticket("xara"), scene.ticket("will")
    moved = last_move(scene, knew, scene.now)
    assert moved is not None
    assert (moved.minutes, moved.cause) == (15, "breaks")
    assert last_move(scene, came_after, scene.now) is None
    told = forecast(scene.tent, scene.now)
    early, late = told.of("R003"), told.of("R004")
    assert early
    assert late
    assert (early.reason, late.reason) == ("breaks", "steady")
    assert last_move(scene, knew, scene.now + TOLD_FOR + mins(1)) is None


def test_an_earlier_start_passes_and_says_so() -> None:
    scene = Scene(race(ANA), at=NINE + mins(50))
    scene.available(ANA)
    scene.warmup("first", wave="Half/A")
    scene.warmup("zoe", wave="Half/B")
    scene.after(1)
    scene.warmup("hurried", wave="Half/A")
    assert Passing(scene.tent).reason(scene.ticket("zoe")) is None, "nobody was called yet"
    scene.ask(do.StartTreatment("first"))
    scene.after(8)
    scene.ask(do.FinishTreatment("first"))
    scene.after(3)
    assert scene.ticket("hurried").state is TicketState.CALLED
    assert Passing(scene.tent).reason(scene.ticket("zoe")) == "start"


def test_who_was_ready_before_passes_and_the_team_may_let_somebody_pass() -> None:
    scene = Scene()
    scene.at(NOON)
    for name in ("zoe", "yann", "xara"):
        scene.recovery(name)
    scene.ask(do.MoveTicket("xara", "works here at two", None))
    scene.available(ANA)
    assert scene.ticket("xara").state is TicketState.CALLED
    assert Passing(scene.tent).reason(scene.ticket("zoe")) == "staff"


def test_a_table_that_was_not_for_them_passes_nobody_by_surprise() -> None:
    scene = Scene()
    scene.at(NOON)
    scene.recovery("zoe", prefers=Gender.WOMAN)
    scene.recovery("yann")
    scene.available(BEN)
    assert scene.ticket("yann").state is TicketState.CALLED
    assert Passing(scene.tent).reason(scene.ticket("zoe")) == "suited"


def test_who_asked_for_more_time_is_not_passed() -> None:
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA)
    scene.recovery("busy")
    scene.recovery("zoe")
    scene.recovery("yann")
    scene.ask(do.StartTreatment("busy"))
    scene.ask(do.GiveMoreTime("zoe"))
    scene.after(11)
    assert Passing(scene.tent).reason(scene.ticket("zoe")) is None


def next_in_line(tent: Tent) -> dict[LaneName, str]:
    """Who is told that they are next, lane by lane."""
    return {lane: line[0].code for lane in tent.lanes if (line := tent.line(lane))}


JOINS = st.tuples(
    st.sampled_from([LaneName.WARMUP, LaneName.RECOVERY]),
    st.sampled_from(["Half/A", "Half/B"]),
    st.sampled_from([None, Gender.WOMAN]),
    st.sampled_from([AgeGroup.ADULT, AgeGroup.UNDER_18]),
    st.booleans(),
)


def play(scene: Scene, number: int, step: Any) -> tuple[Event, ...]:
    """Let time pass, or somebody join."""
    if isinstance(step, float):
        return scene.after(step)
    lane, wave, prefers, age, at_tent = step
    return scene.ask(
        do.JoinLane(
            f"t{number}",
            lane,
            True,
            wave=wave,
            prefers=prefers,
            age_group=age,
            guardian_consent=True,
            at_tent=at_tent,
        )
    )


def told_why(tent: Tent, code: str, waiting: dict[LaneName, str]) -> None:
    """Whoever was next, and was passed by this call, can be told why."""
    called = tent.ticket(code)
    was_next = tent.ticket(waiting.get(called.lane, code))
    if was_next.state is TicketState.WAITING and called.code > was_next.code:
        assert Passing(tent).reason(was_next) is not None


def treat(scene: Scene) -> None:
    """Whoever was called a minute ago lies down, whoever is done goes."""
    for ticket in scene.tent.in_state(TicketState.CALLED):
        therapist = scene.tent.therapists.get(ticket.therapist or "")
        came = scene.now >= (ticket.called_at or scene.now) + mins(1)
        if came and therapist is not None and therapist.ticket == ticket.code:
            scene.ask(do.StartTreatment(ticket.code))
    for ticket in scene.tent.in_state(TicketState.IN_TREATMENT):
        if ticket.planned_end_at and scene.now >= ticket.planned_end_at:
            scene.ask(do.FinishTreatment(ticket.code))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(JOINS, st.sampled_from([0.5, 2.0, 6.0])), min_size=4, max_size=40))
def test_nobody_who_is_next_is_passed_without_a_reason_they_can_be_told(
    steps: list[tuple[LaneName, str, Gender | None, AgeGroup, bool] | float],
) -> None:
    scene = Scene(at=NINE + mins(60))
    scene.available(ANA, BEN)
    for number, step in enumerate(steps):
        waiting = next_in_line(scene.tent)
        try:
            events = play(scene, number, step)
        except Refusal:
            continue
        for event in events:
            if isinstance(event, RunnerCalled):
                assert event.reason, "a call without a reason"
                told_why(scene.tent, event.code, waiting)
        treat(scene)


def test_only_who_waited_ready_was_passed() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia", finished=None, before_finish=True)
    scene.recovery("Noor")
    scene.available(ANA)
    held = scene.ticket("Mia")
    assert held.state is TicketState.HELD
    assert Passing(scene.tent).reason(held) is None
    assert Passing(scene.tent).reason(held.but(state=TicketState.WAITING)) is None


def test_who_finished_earlier_passes_and_says_so() -> None:
    scene = Scene(at=NOON)
    late = scene.recovery("Late").but(ready_at=NOON, order=(3.0, 0.0))
    early = late.but(code="R002", id="Early", joined_at=NOON + mins(1), order=(1.0, 0.0))
    early = early.but(ready_at=NOON - mins(5), state=TicketState.CALLED, called_at=NOON + mins(2))
    tent = scene.tent.but(open={"R001": late, "R002": early})
    assert Passing(tent).reason(late) == "ready"


def test_the_pace_of_a_lane_is_who_works_in_it_and_how_long_they_take() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA, BEN, DORA)
    scene.ask(do.TakeBreak("ben"))
    assert pace_of(scene.tent, LaneName.WARMUP) == Pace(2, 1, 1.01)
    assert pace_of(scene.tent, LaneName.RECOVERY) == Pace(3, 1, 1.01)
    assert pace_of(scene.tent, LaneName.NEXTDAY) == Pace(1, 0, 1.01)


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        ({}, {"at_tent": True}, "here"),
        ({}, {"here_at": NOON + mins(2)}, "here"),
        ({}, {"here_at": NOON + mins(4)}, "suited"),
        ({}, {}, "suited"),
        ({"prefers": Gender.MAN}, {"at_tent": True}, "suited"),
        ({"age_group": AgeGroup.UNDER_18}, {"at_tent": True}, "suited"),
    ],
)
def test_who_stood_there_passes_only_who_could_have_had_the_table(
    mine: dict[str, Any], theirs: dict[str, Any], why: str
) -> None:
    scene = Scene(at=NOON)
    first = scene.recovery("First").but(**mine)
    later = first.but(
        **{"code": "R002", "id": "Later", "joined_at": NOON + mins(1), "prefers": None}
        | {"order": (first.order[0] + 60, 0.0), "age_group": AgeGroup.ADULT}
        | {"state": TicketState.CALLED, "called_at": NOON + mins(2), **theirs}
    )
    tent = scene.tent.but(open={"R001": first, "R002": later})
    assert Passing(tent).reason(first) == why


def test_who_joined_after_everybody_at_a_table_was_not_passed() -> None:
    scene = Scene(at=NOON)
    alone = scene.recovery("Mia")
    assert Passing(scene.tent).reason(alone) is None, "nobody is at a table"
    scene.available(ANA)
    scene.after(1)
    assert Passing(scene.tent).reason(scene.recovery("Noor")) is None
