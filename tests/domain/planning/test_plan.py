"""When each table is free and who starts when: rules 10, 11, 19, 21."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from tentqueue.domain.planning.facts import RECOVERY, WARMUP, Break, TicketFacts, due_at
from tentqueue.domain.planning.learning import Learnt
from tentqueue.domain.planning.plan import Plan, play
from tentqueue.domain.planning.tables import fits, free_at, length
from tests.domain.planning.facts_cast import (
    ANA,
    BEN,
    CHIDI,
    DORA,
    called,
    recovery,
    tent,
    treating,
    warmup,
)

WALK = Learnt().walk * 1.15
CYCLE = 780 * 1.01 + 120
"""Mean treatment and changeover of recovery before the day has taught anything."""


def test_an_idle_table_is_free_now() -> None:
    assert free_at(tent([ANA]), ANA) == 0.0


def test_a_table_at_work_is_free_after_the_rest_of_the_treatment_and_the_changeover() -> None:
    facts, begun = tent([ANA]), treating(ANA, since=0)
    assert free_at(facts, begun) == pytest.approx(CYCLE, abs=1)
    later = free_at(facts, treating(ANA, since=500))
    assert later < free_at(facts, begun)


def test_a_treatment_that_runs_late_is_expected_to_end_soon_but_not_at_once() -> None:
    late = free_at(tent([ANA]), treating(ANA, since=1500))
    assert 120 + 30 < late < 120 + 240


def test_a_break_that_is_due_before_the_next_runner_puts_the_table_back() -> None:
    due = replace(treating(ANA, since=0), breaks=(Break(0.0, 300.0, 600.0),))
    assert free_at(tent([due]), due) == pytest.approx(CYCLE + 600, abs=1)


def test_who_is_resting_is_free_at_the_end_of_the_break() -> None:
    assert free_at(tent([ANA]), replace(ANA, state="break", until=400.0)) == 400.0


def test_who_is_expected_counts_from_the_start_of_the_shift() -> None:
    away = replace(ANA, state="away", shift_start=1800.0)
    assert free_at(tent([away]), away) == 1800.0


def test_who_is_long_overdue_or_gone_is_not_counted_on() -> None:
    overdue = replace(ANA, state="away", shift_start=-1600.0)
    assert free_at(tent([overdue]), overdue) == inf
    assert free_at(tent([ANA]), replace(ANA, state="gone")) == inf


def test_a_treatment_fits_when_its_plan_ends_within_shift_and_overtime() -> None:
    facts, ends = tent([ANA]), replace(ANA, shift_end=780.0 - 300.0)
    assert fits(facts, ends, RECOVERY, 0.0)
    assert not fits(facts, ends, RECOVERY, 1.0)
    assert not fits(facts, DORA, WARMUP, 0.0)


def test_runners_start_in_order_as_tables_come_free() -> None:
    plan = play(tent([ANA], [recovery("First", 9), recovery("Second", 5), recovery("Third", 2)]))
    starts = [plan.start_of(name) for name in ("First", "Second", "Third")]
    assert starts[0] == pytest.approx(WALK)
    assert starts == sorted(starts)
    assert 0.7 * CYCLE < starts[1] - starts[0] <= CYCLE


def test_two_tables_serve_two_at_a_time() -> None:
    line = [recovery(f"R{n}", 9 - n) for n in range(4)]
    one, two = play(tent([ANA], line)), play(tent([ANA, BEN], line))
    assert two.start_of("R1") == pytest.approx(WALK)
    assert two.start_of("R3") < one.start_of("R2")


def test_who_was_called_starts_before_who_waits() -> None:
    plan = play(tent([ANA], [recovery("Sol", 30)], [called(recovery("Rosa", 1), ago=60)]))
    assert plan.start_of("Rosa") < plan.start_of("Sol")


def test_who_stands_at_the_tent_needs_no_walk() -> None:
    assert play(tent([ANA], [recovery("Near", near_until=180.0)])).start_of("Near") == 0.0


def test_who_will_hardly_come_takes_no_time_in_the_plan() -> None:
    lost = [called(recovery("Lost"), ago=900)]
    plan = play(tent([ANA], [recovery("Rosa")], lost))
    assert plan.start_of("Lost") == inf
    assert plan.start_of("Rosa") == pytest.approx(WALK)


def test_a_long_wait_takes_less_of_a_table_because_some_will_have_gone() -> None:
    line = [recovery(f"R{n}", 60) for n in range(2)]
    fresh = [recovery(f"R{n}", 1) for n in range(2)]
    assert play(tent([ANA], line)).start_of("R1") < play(tent([ANA], fresh)).start_of("R1")


def test_a_coming_break_delays_those_after_it() -> None:
    resting = replace(ANA, breaks=(Break(0.0, 600.0, 900.0),))
    line = [recovery("First", 9), recovery("Second", 5)]
    with_break, without = play(tent([resting], line)), play(tent([ANA], line))
    assert with_break.start_of("First") == without.start_of("First")
    assert with_break.start_of("Second") == pytest.approx(without.start_of("Second") + 900)


def test_nobody_starts_after_the_therapists_went_home() -> None:
    leaving = replace(ANA, shift_end=1200.0)
    plan = play(tent([leaving], [recovery("First", 9), recovery("Second", 5)]))
    assert plan.start_of("First") < inf
    assert plan.start_of("Second") == inf
    assert plan.next_start(RECOVERY, 0.0) == inf


def test_an_unsupervised_student_is_not_planned_with() -> None:
    assert play(tent([CHIDI], [recovery("Rosa")])).start_of("Rosa") == inf


def test_warm_ups_go_first_in_the_plan_when_they_must() -> None:
    line = [warmup("Mia", left=16), recovery("Rosa", 30)]
    plan = play(tent([ANA], line))
    assert plan.start_of("Mia") < plan.start_of("Rosa")
    calm = play(tent([ANA], [warmup("Mia", left=90), recovery("Rosa", 30)]))
    assert calm.start_of("Rosa") < calm.start_of("Mia")


def test_a_newcomer_comes_after_all_who_wait() -> None:
    plan = play(tent([ANA], [recovery("Rosa"), recovery("Sol", 2)]))
    assert plan.next_start(RECOVERY, 0.0) > plan.start_of("Sol")


def test_the_time_left_of_a_lane_shrinks_with_each_who_waits() -> None:
    def left(*line: TicketFacts) -> float:
        plan: Plan = play(tent([replace(ANA, shift_end=7200.0)], line))
        return plan.minutes_left(RECOVERY)

    assert left() == pytest.approx((7200 + 300 - 780) / 60)
    assert left(recovery("Rosa")) < left()
    assert left(recovery("Rosa"), recovery("Sol")) < left(recovery("Rosa"))


def test_a_quick_therapist_is_expected_to_be_quick() -> None:
    learnt = Learnt()
    for _ in range(12):
        learnt = learnt.finished(RECOVERY, "ana", 0.7).finished(RECOVERY, "ben", 1.3)
    facts = tent([ANA, BEN], learnt=learnt)
    assert length(facts, RECOVERY, "ana") < 0.75 * length(facts, RECOVERY, "ben")


def test_a_warm_up_is_due_by_its_wave_or_soon_after_joining() -> None:
    assert due_at(WARMUP, joined=0, ready=0, deadline=1500) == 1500 - 780
    assert due_at(WARMUP, joined=0, ready=0, deadline=9000) == 1200
    assert due_at(RECOVERY, joined=0, ready=600, deadline=inf) == 600


def test_a_warm_up_does_not_wait_for_recovery_that_is_still_to_come() -> None:
    resting = replace(recovery("Rosa"), ready=3600.0)
    plan = play(tent([ANA], [warmup("Mia", left=240), resting]))
    assert plan.start_of("Mia") < 600
    assert plan.start_of("Rosa") == 3600.0


def test_who_should_be_here_by_now_is_expected_in_five_minutes() -> None:
    for start, at in ((600.0, 600.0), (100.0, 300.0), (-1499.0, 300.0), (-1500.0, inf)):
        who = replace(ANA, state="away", shift_start=start)
        assert free_at(tent([who]), who) == at
