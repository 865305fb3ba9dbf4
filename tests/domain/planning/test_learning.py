"""What the day teaches: every mean starts from a prior and moves towards what is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tentqueue.domain.planning.facts import RECOVERY, WARMUP
from tentqueue.domain.planning.learning import Learnt, Mean, remaining, staying, still_here

SHARES = st.floats(0.3, 2.5)


def days_of(share: float, count: int) -> Learnt:
    """So many treatments by five therapists that took this share of their plan."""
    learnt = Learnt()
    for number in range(count):
        learnt = learnt.finished(RECOVERY, f"t{number % 5}", share)
    return learnt


@given(SHARES)
def test_lengths_move_towards_what_is_seen(share: float) -> None:
    prior, few, many = (days_of(share, n).factor(RECOVERY) for n in (0, 5, 60))
    assert abs(many - share) <= abs(few - share) + 0.02
    assert abs(few - share) <= abs(prior - share) + 0.02


def test_one_odd_treatment_hardly_moves_the_expectation() -> None:
    assert days_of(2.5, 1).factor(RECOVERY) == pytest.approx(1.01, rel=0.35)
    settled = days_of(1.0, 60)
    odd = settled.finished(RECOVERY, "t1", 2.5)
    assert odd.factor(RECOVERY) == pytest.approx(settled.factor(RECOVERY), rel=0.06)


def test_a_forgotten_finish_counts_as_two_and_a_half_plans_at_most() -> None:
    assert Learnt().finished(RECOVERY, "ana", 40.0) == Learnt().finished(RECOVERY, "ana", 2.5)


def test_a_slow_day_makes_the_other_lane_slower_too() -> None:
    assert days_of(1.4, 30).factor(WARMUP) > Learnt().factor(WARMUP)


def test_speed_is_a_therapists_own() -> None:
    learnt = Learnt()
    for _ in range(10):
        learnt = learnt.finished(RECOVERY, "ana", 0.8).finished(RECOVERY, "ben", 1.2)
    assert learnt.speed("ana") < 0.92
    assert learnt.speed("ben") > 1.08
    assert learnt.speed("dora") == 1.0


def test_walks_move_towards_what_is_seen() -> None:
    learnt = Learnt()
    for _ in range(40):
        learnt = learnt.came(240)
    assert 200 < learnt.walk < 240


def test_missed_calls_lower_the_chance_that_the_next_is_answered() -> None:
    assert Learnt().missed().answered.value < Learnt().answered.value
    assert Learnt().came(60).answered.value > Learnt().answered.value


def test_the_longer_ago_a_call_the_less_likely_they_come() -> None:
    chances = [Learnt().on_the_way(age) for age in range(0, 900, 30)]
    assert chances[0] == pytest.approx(0.9, abs=0.01)
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] < 0.02


def test_a_second_call_wakes_some_who_did_not_hear_the_first() -> None:
    assert Learnt().on_the_way(120, again=0) > Learnt().on_the_way(120)


def test_who_does_not_come_after_the_second_call_either_comes_hardly_any_more() -> None:
    chances = [Learnt().on_the_way(120 + age, again=age) for age in range(0, 900, 30)]
    assert chances[0] < Learnt().on_the_way(0)
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] < 0.02


def test_no_table_is_kept_for_who_let_the_first_call_pass_by_as_long_as_they_may_come() -> None:
    for age in range(0, 600, 30):
        assert Learnt().here_soon(120 + age, again=age) < Learnt().on_the_way(120 + age, again=age)
        assert Learnt().here_soon(age) == pytest.approx(Learnt().on_the_way(age))


def test_the_longer_the_wait_the_likelier_somebody_went_without_a_word() -> None:
    for lane in (WARMUP, RECOVERY, "nextday"):
        chances = [still_here(staying(lane), waited) for waited in range(0, 15000, 60)]
        assert chances[0] == 1.0 == still_here(staying(lane), -600)
        assert chances == sorted(chances, reverse=True)
        assert 0 <= chances[-1] < 0.1


@given(st.floats(60, 3600), st.floats(0, 7200))
def test_something_always_remains_of_a_treatment_and_never_more_than_all(
    mean: float, elapsed: float
) -> None:
    assert 0 < remaining(mean, elapsed) <= mean * 1.01


@given(st.lists(st.floats(0, 10), min_size=1, max_size=20))
def test_a_mean_is_the_prior_and_all_that_was_seen(seen: list[float]) -> None:
    mean = Mean(5.0, 4.0)
    for each in seen:
        mean = mean.seen(each)
    assert mean.value == pytest.approx((20 + sum(seen)) / (4 + len(seen)))
