"""Who is called, for which lane, how many: rules 14 to 17."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from tentqueue.domain.planning.discipline import Tuning, decide
from tentqueue.domain.planning.learning import Learnt
from tentqueue.domain.planning.tables import calm_until
from tests.domain.planning.facts_cast import (
    ANA,
    BEN,
    CHIDI,
    DORA,
    RULES,
    called,
    decision_for,
    done,
    recovery,
    tent,
    treating,
    warmup,
)


def reliable() -> Learnt:
    """A day on which every call was answered."""
    learnt = Learnt()
    for _ in range(80):
        learnt = learnt.came(90)
    return learnt


def test_recovery_goes_first_while_every_warm_up_keeps_its_slack() -> None:
    facts = tent([ANA], [warmup("Mia", left=60), recovery("Rosa")])
    assert done(facts, "call") == ["Rosa"]


def test_a_warm_up_goes_first_as_soon_as_it_would_lose_its_slack() -> None:
    facts = tent([ANA], [warmup("Mia", left=16), recovery("Rosa", waited=30)])
    assert done(facts, "call") == ["Mia"]


def test_the_slack_counts_the_warm_ups_before_it_in_line() -> None:
    alone = tent([ANA], [warmup("Zoe", left=30), recovery("Rosa")])
    third = tent(
        [ANA],
        [warmup("Mia", 28), warmup("Noor", 29), warmup("Zoe", 30), recovery("Rosa")],
    )
    assert done(alone, "call") == ["Rosa"]
    assert done(third, "call") == ["Mia"]


def test_a_tight_warm_up_lets_the_next_with_room_pass() -> None:
    facts = tent([ANA], [warmup("Tight", left=11), warmup("Roomy", left=20)])
    assert done(facts, "call") == ["Roomy"]
    decision = decision_for(facts, "Roomy")
    assert decision is not None
    assert decision.reason == "more_room_before_wave"


def test_a_tight_warm_up_is_called_when_nobody_has_room() -> None:
    assert done(tent([ANA], [warmup("Tight", left=11)]), "call") == ["Tight"]


def test_of_two_tight_warm_ups_the_one_with_more_time_goes() -> None:
    facts = tent([ANA], [warmup("Hopeless", left=9), warmup("Tight", left=11)])
    assert done(facts, "call") == ["Tight"]


def test_a_warm_up_that_cannot_end_in_time_is_not_called() -> None:
    assert done(tent([ANA], [warmup("Mia", left=7)]), "call") == []


def test_nobody_is_called_before_they_are_ready() -> None:
    resting = replace(recovery("Rosa"), ready=600.0)
    facts = tent([ANA], [resting, recovery("Sol", waited=1)])
    assert done(facts, "call") == ["Sol"]


def test_who_is_ready_by_the_time_they_have_walked_is_called_now() -> None:
    facts = tent([ANA], [replace(recovery("Rosa"), ready=60.0)])
    assert done(facts, "call") == ["Rosa"]


def test_the_next_runner_is_called_while_the_table_comes_free() -> None:
    waiting = [recovery("Rosa")]
    assert done(tent([treating(ANA, since=600)], waiting), "call") == []
    cleaned = replace(ANA, state="changeover", until=100.0)
    assert done(tent([cleaned], waiting), "call") == ["Rosa"]


def test_slow_walkers_are_called_earlier() -> None:
    slow = Learnt()
    for _ in range(30):
        slow = slow.came(300)
    busy = [treating(ANA, since=550)]
    assert done(tent(busy, [recovery("Rosa")]), "call") == []
    assert done(tent(busy, [recovery("Rosa")], learnt=slow), "call") == ["Rosa"]


def test_one_table_calls_one_runner() -> None:
    facts = tent([ANA], [recovery("Rosa"), recovery("Sol", waited=4)])
    assert done(facts, "call") == ["Rosa"]


def test_who_is_on_the_way_counts_by_the_chance_that_they_still_come() -> None:
    waiting = [recovery("Sol")]
    just = tent([ANA], waiting, [called(recovery("Rosa"), ago=5)])
    long = tent([ANA], waiting, [called(recovery("Rosa"), ago=400)])
    assert done(just, "call") == []
    assert done(long, "call") == ["Sol"]


def test_over_calling_covers_no_shows() -> None:
    waiting = [recovery(f"R{n}", waited=9 - n) for n in range(6)]
    facts = tent([ANA, BEN], waiting, learnt=reliable())
    assert done(facts, "call") == ["R0", "R1"]
    assert done(facts, "call", Tuning(extra=1.5)) == ["R0", "R1", "R2"]


def test_more_are_called_on_a_day_on_which_many_calls_go_unheard() -> None:
    waiting = [recovery(f"R{n}", waited=9 - n) for n in range(6)]
    deaf = reliable()
    for _ in range(80):
        deaf = deaf.missed()
    assert len(done(tent([ANA, BEN], waiting, learnt=deaf), "call")) > 2


def test_no_more_are_called_than_may_stand_in_the_tent() -> None:
    waiting = [recovery(f"R{n}", waited=9 - n) for n in range(8)]
    facts = tent(
        [replace(each, state="changeover", until=30.0) for each in (ANA, BEN, DORA)],
        waiting,
        [called(recovery("Rosa"), ago=300, here=True)],
        replace(RULES, standby_cap=3),
    )
    here_and_called = 1 + len(done(facts, "call", Tuning(extra=5)))
    assert here_and_called == 3


def test_who_was_called_again_is_on_the_way_anew() -> None:
    rules = replace(RULES, standby_cap=1)
    again = replace(called(recovery("Again"), ago=600), calls=2, recalled_at=-230.0)
    assert done(tent([ANA], [recovery("Rosa")], [again], rules), "call") == []
    long = replace(again, recalled_at=-240.0)
    assert done(tent([ANA], [recovery("Rosa")], [long], rules), "call") == ["Rosa"]


def test_who_was_called_long_ago_stands_in_nobodys_way() -> None:
    rules = replace(RULES, standby_cap=1)
    lost = [called(recovery("Lost"), ago=600)]
    assert done(tent([ANA], [recovery("Rosa")], lost, rules), "call") == ["Rosa"]


def test_a_runner_is_called_only_for_therapists_they_may_have() -> None:
    for_ben = recovery("Una", waited=20, only=frozenset(("ben",)))
    facts = tent([ANA], [for_ben, recovery("Rosa")])
    assert done(facts, "call") == ["Rosa"]
    decision = decision_for(facts, "Rosa")
    assert decision is not None
    assert decision.reason == "suits_table"


def test_a_free_table_that_suits_nobody_keeps_nobody_from_the_next() -> None:
    for_ben = recovery("Una", only=frozenset(("ben",)))
    assert done(tent([ANA, BEN], [for_ben]), "call") == ["Una"]


def test_an_unsupervised_student_gets_nobody() -> None:
    assert decide(tent([CHIDI], [recovery("Rosa")])) == []


def test_a_table_gets_only_the_lanes_of_its_therapist() -> None:
    assert done(tent([DORA], [warmup("Mia", left=16)]), "call") == []


def test_nobody_is_called_to_a_table_whose_therapist_goes_home_before_the_end() -> None:
    leaving = replace(ANA, shift_end=6 * 60.0)
    assert done(tent([leaving], [recovery("Rosa")]), "call") == []


def test_nobody_is_called_while_all_tables_are_far_from_free() -> None:
    away = replace(ANA, state="break", until=900.0)
    assert decide(tent([away, treating(BEN, since=10)], [recovery("Rosa")])) == []


def test_the_more_tables_the_longer_warm_ups_can_wait() -> None:
    line = [warmup("Mia", left=60), warmup("Noor", left=60)]
    facts = tent([ANA, BEN], line)
    mean = 540 * 1.01
    for tables in (0, 1, 2):
        second = 3600 - (mean + 120) / max(1, tables)
        assert calm_until(facts, line, tables) == pytest.approx(second - mean - 480)
    assert calm_until(facts, [], 2) == inf
