"""Whatever the tent looks like: nobody and no table twice, the same again, rights respected."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from tentqueue.domain.planning.discipline import Tuning, decide
from tentqueue.domain.planning.facts import (
    RECOVERY,
    WARMUP,
    Break,
    TentFacts,
    TherapistFacts,
    TicketFacts,
)
from tentqueue.domain.planning.plan import play
from tentqueue.domain.planning.ranges import ranges
from tentqueue.domain.planning.tables import fits
from tests.domain.planning.facts_cast import RULES, called, recovery, tent, warmup

NAMES = ("ana", "ben", "chidi", "dora")
LANES = st.sampled_from([frozenset((WARMUP, RECOVERY)), frozenset((RECOVERY,))])
ONLY = st.one_of(st.none(), st.frozensets(st.sampled_from(NAMES), min_size=1))


@st.composite
def therapists(draw: st.DrawFn, name: str) -> TherapistFacts:
    """Anybody, doing anything."""
    state = draw(st.sampled_from(["idle", "idle", "treating", "changeover", "break", "away"]))
    rest = draw(st.sampled_from([(), (Break(-60.0, 900.0, 600.0),)]))
    return TherapistFacts(
        name,
        draw(LANES),
        state,
        -3600,
        draw(st.sampled_from([300.0, 1500.0, 9000.0, inf])),
        since=-draw(st.floats(0, 900)),
        until=draw(st.floats(0, 600)),
        lane=RECOVERY,
        breaks=rest,
        worked=draw(st.floats(0, 9000)),
        supervised=name != "chidi" or draw(st.booleans()),
    )


@st.composite
def tickets(draw: st.DrawFn, name: str) -> TicketFacts:
    """Anybody waiting, near or not, ready or not."""
    waited = draw(st.floats(0, 50))
    near = draw(st.sampled_from([-inf, 120.0]))
    if draw(st.booleans()):
        ticket = warmup(name, draw(st.floats(1, 90)), waited, near_until=near, only=draw(ONLY))
    else:
        ticket = recovery(name, waited, near_until=near, only=draw(ONLY))
    return replace(ticket, ready=ticket.ready + draw(st.sampled_from([0.0, 0.0, 4000.0])))


@st.composite
def tents(draw: st.DrawFn) -> TentFacts:
    """Any tent."""
    line = [draw(tickets(f"x{n}")) for n in range(draw(st.integers(0, 12)))]
    walking = [
        called(draw(tickets(f"c{n}")), draw(st.floats(0, 900)), draw(st.booleans()))
        for n in range(draw(st.integers(0, 4)))
    ]
    cap = replace(RULES, standby_cap=draw(st.integers(1, 8)))
    return tent([draw(therapists(name)) for name in NAMES], line, walking, cap)


TUNINGS = st.builds(Tuning, extra=st.sampled_from([-0.15, 0.0, 0.8, 2.0]))


@given(tents(), TUNINGS)
def test_no_ticket_is_decided_twice_and_no_table_given_twice(
    facts: TentFacts, tuning: Tuning
) -> None:
    decisions = decide(facts, tuning)
    runners = [each.ticket for each in decisions if each.ticket is not None]
    tables = [each.therapist for each in decisions if each.act in ("seat", "break")]
    assert len(runners) == len(set(runners))
    assert len(tables) == len(set(tables))
    called_to = {each.therapist for each in decisions if each.act == "call"}
    assert not called_to & set(tables)


@given(tents(), TUNINGS)
def test_the_same_tent_is_decided_the_same_way(facts: TentFacts, tuning: Tuning) -> None:
    assert decide(facts, tuning) == decide(facts, tuning)
    assert play(facts).starts == play(facts).starts


@given(tents(), TUNINGS)
def test_only_those_who_wait_are_called_and_only_those_who_are_here_start(
    facts: TentFacts, tuning: Tuning
) -> None:
    waiting = {t.key for line in facts.waiting.values() for t in line}
    here = {t.key for t in facts.called if t.present_since is not None}
    for each in decide(facts, tuning):
        if each.act == "call":
            assert each.ticket in waiting
        elif each.act == "seat":
            assert each.ticket in here | {t.key for t in facts.near}


@given(tents(), TUNINGS)
def test_nobody_gets_a_therapist_they_may_not_have(facts: TentFacts, tuning: Tuning) -> None:
    runners = {t.key: t for line in facts.waiting.values() for t in line}
    runners |= {t.key: t for t in facts.called}
    team = {who.key: who for who in facts.therapists}
    for each in decide(facts, tuning):
        if each.ticket is None or each.therapist is None:
            continue
        runner, who = runners[each.ticket], team[each.therapist]
        assert runner.only is None or who.key in runner.only
        assert who.supervised
        assert who.on_duty
        assert fits(facts, who, runner.lane, facts.now)
        if each.act == "seat":
            assert who.state == "idle"
            assert runner.ready <= facts.now


@given(tents(), TUNINGS)
def test_the_tent_is_never_filled_beyond_its_cap_by_calls(facts: TentFacts, tuning: Tuning) -> None:
    decisions = decide(facts, tuning)
    seated = {each.ticket for each in decisions if each.act == "seat"}
    standing = sum(
        t.present_since is not None or facts.now - t.called_at < facts.rules.call_grace
        for t in facts.called
        if t.key not in seated
    )
    calls = sum(each.act == "call" for each in decisions)
    assert calls == 0 or standing + calls <= facts.rules.standby_cap


@given(tents())
def test_a_plan_starts_nobody_before_they_are_ready_nor_in_the_past(facts: TentFacts) -> None:
    runners = [t for line in facts.waiting.values() for t in line]
    plan, said = play(facts), ranges(facts, play(facts))
    for each in runners:
        assert plan.start_of(each.key) >= max(facts.now, each.ready)
        told = said[each.key]
        assert max(facts.now, each.ready) <= told.early <= told.likely <= told.late < inf
