"""What the policy sees of the tent: rules 8, 10, 11 and 17."""

from __future__ import annotations

from math import inf

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain.model import AgeGroup, Gender, LaneName
from tentqueue.domain.rules import TentRules
from tentqueue.domain.seen import dispatch_rules, facts_of, tables_of, ticket_facts
from tentqueue.domain.tent import seconds
from tentqueue.domain.therapist import PlannedBreak, Shift, Therapist, TherapistState
from tests.cast import ANA, BEN, CHIDI, NOON, WAVE_A, Scene, mins, race

NOW = seconds(NOON)


def at_work(who: Therapist, **changes: object) -> Scene:
    """One therapist on duty at noon, in some state."""
    scene = Scene(race(who), at=NOON)
    scene.available(who)
    changed = scene.tent.therapists[who.id].but(**changes)
    scene.tent = scene.tent.with_therapist(changed)
    return scene


@pytest.mark.parametrize(("since_break", "soon"), [(6, False), (7, True), (8, True)])
def test_the_eighth_treatment_is_seen_to_end_in_a_break(since_break: int, soon: bool) -> None:
    until = NOON + mins(5)
    scene = at_work(
        ANA,
        state=TherapistState.IN_TREATMENT,
        treatments_since_break=since_break,
        until=until,
        worked_since_at=NOON - mins(30),
    )
    (rest,) = tables_of(scene.tent, NOON).therapists[0].breaks
    assert rest.latest == seconds(until if soon else NOON + mins(90))
    assert rest.earliest == seconds(NOON + mins(60))
    assert rest.length == 600


def test_a_break_that_is_asked_for_comes_at_once_and_planned_ones_when_planned() -> None:
    planned = PlannedBreak(NOON + mins(20), NOON + mins(40), 15)
    scene = at_work(ANA.but(breaks=(planned,)))
    (rest,) = tables_of(scene.tent, NOON).therapists[0].breaks
    assert (rest.earliest, rest.latest, rest.length) == (NOW + 1200, NOW + 2400, 900)
    scene = at_work(ANA.but(breaks=(planned,)), break_due=True)
    (rest,) = tables_of(scene.tent, NOON).therapists[0].breaks
    assert (rest.earliest, rest.latest, rest.length) == (NOW, NOW, 600)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "idle"),
        ({"state": TherapistState.CALLED}, "idle"),
        ({"state": TherapistState.IN_TREATMENT}, "treating"),
        ({"state": TherapistState.CHANGEOVER}, "changeover"),
        ({"state": TherapistState.BREAK}, "break"),
        ({"leaving": True}, "gone"),
        ({"hands_on_for": mins(360)}, "gone"),
        ({"hands_on_for": mins(359)}, "idle"),
        ({"break_due": True}, "idle"),
        ({"state": TherapistState.OFF}, "gone"),
    ],
)
def test_a_therapist_is_seen_as_what_the_next_runner_can_expect(
    changes: dict[str, object], state: str
) -> None:
    scene = at_work(ANA, **changes)
    assert tables_of(scene.tent, NOON).therapists[0].state == state


def test_who_is_on_the_roster_and_not_here_yet_is_expected() -> None:
    shift = Shift(NOON + mins(30), NOON + mins(90))
    scene = Scene(race(ANA.but(shifts=(shift,)), BEN), at=NOON)
    ana, ben = tables_of(scene.tent, NOON).therapists
    assert (ana.state, ana.shift_start, ana.shift_end) == ("away", NOW + 1800, NOW + 5400)
    assert (ben.state, ben.shift_start, ben.shift_end) == ("gone", NOW, inf)


def test_a_student_is_seen_as_supervised_only_beside_a_licensed_therapist() -> None:
    scene = Scene(race(ANA, CHIDI), at=NOON)
    scene.available(CHIDI)
    assert [t.supervised for t in tables_of(scene.tent, NOON).therapists] == [True, False]
    scene.available(ANA)
    assert [t.supervised for t in tables_of(scene.tent, NOON).therapists] == [True, True]
    scene.ask(do.TakeBreak("ana"))
    assert [t.supervised for t in tables_of(scene.tent, NOON).therapists] == [True, False]


def test_a_ticket_is_seen_with_its_times_in_seconds() -> None:
    scene = Scene(at=WAVE_A - mins(60))
    ticket = scene.warmup("Mia", at_tent=True)
    facts = ticket_facts(scene.tent, ticket)
    joined = seconds(ticket.joined_at)
    assert (facts.lane, facts.joined, facts.ready) == ("warmup", joined, joined)
    assert facts.deadline == seconds(WAVE_A - mins(15))
    assert (facts.calls, facts.called_at, facts.present_since) == (0, -inf, None)
    assert facts.near_until == joined + 180
    assert facts.only is None


def test_who_did_not_join_in_the_tent_is_not_near_and_who_stands_there_is_for_good() -> None:
    scene = Scene(at=NOON)
    away = scene.recovery("Mia")
    assert ticket_facts(scene.tent, away).near_until == -inf
    scene.ask(do.ConfirmHere("Mia"))
    assert ticket_facts(scene.tent, scene.ticket("Mia")).near_until == inf
    assert [t.key for t in facts_of(scene.tent, NOON).near] == ["R001"]


def test_minors_and_wishes_name_whom_a_runner_may_be_sent_to() -> None:
    scene = Scene(at=NOON)
    minor = scene.recovery("Mia", age_group=AgeGroup.UNDER_18, guardian_consent=True)
    wish = scene.recovery("Noor", prefers=Gender.MAN)
    both = scene.recovery(
        "Olga", age_group=AgeGroup.UNDER_18, guardian_consent=True, prefers=Gender.WOMAN
    )
    assert ticket_facts(scene.tent, minor).only == {"ana", "ben", "dora"}
    assert ticket_facts(scene.tent, wish).only == {"ben", "chidi", "dora"}
    assert ticket_facts(scene.tent, both).only == {"ana", "dora"}


def test_a_called_runner_counts_from_when_the_table_was_free() -> None:
    scene = Scene(race(ANA), at=NOON)
    scene.available(ANA)
    scene.recovery("Mia")
    scene.now += mins(2)
    (mia,) = facts_of(scene.tent, scene.now).called
    assert (mia.called_at, mia.calls) == (NOW, 1)
    gate = Scene(race(ANA, rules=TentRules(arrivals_seen=True)), at=NOON)
    gate.available(ANA)
    gate.recovery("Mia")
    gate.ask(do.RecallRunner("Mia"))
    (seen,) = facts_of(gate.tent, gate.now).called
    assert seen.calls == 2


def test_those_who_are_held_for_a_known_time_are_seen_coming() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Soon", finished=2)
    scene.recovery("Now")
    line = facts_of(scene.tent, NOON).waiting["recovery"]
    coming = facts_of(scene.tent, NOON, coming=True).waiting["recovery"]
    assert [t.key for t in line] == ["R002"]
    assert {t.key: t.ready for t in coming} == {"R001": NOW + 480, "R002": NOW}


def test_a_paused_lane_is_seen_empty_but_for_the_forecast() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.PauseLane(LaneName.RECOVERY))
    assert facts_of(scene.tent, NOON).waiting["recovery"] == ()
    assert len(facts_of(scene.tent, NOON, coming=True).waiting["recovery"]) == 1


def test_the_organisers_minutes_are_seen_in_seconds() -> None:
    rules = dispatch_rules(race(rules=TentRules(overtime_minutes=3, call_grace_seconds=100)))
    assert rules.planned == {"recovery": 720, "nextday": 1800, "warmup": 600}
    assert set(rules.changeover.values()) == {120}
    assert (rules.overtime, rules.call_grace, rules.standby_cap) == (180, 100, 12)
