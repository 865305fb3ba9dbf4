"""What a runner is told: ranges, chances, yes or no: rules 3, 19, 21."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tentqueue.domain.planning.bands import BANDS, CHANCE, EDGES
from tentqueue.domain.planning.facts import RECOVERY, WARMUP, TicketFacts
from tentqueue.domain.planning.plan import Plan, play
from tentqueue.domain.planning.ranges import (
    FAR,
    Answer,
    Bands,
    Doors,
    Range,
    admit,
    alike,
    chance_in_time,
    chance_of,
    expected_start,
    is_plain,
    last_safe_join,
    range_of,
    ranges,
    signs,
    spread,
)
from tests.domain.planning.facts_cast import ANA, BEN, MINUTE, recovery, tent, warmup

LINE = [recovery(f"R{n}", 20 - n) for n in range(12)]
SAID = Range(600.0, 900.0, 1200.0)


def answer_to(newcomer: TicketFacts, line: list[TicketFacts], doors: Doors | None = None) -> Answer:
    """What a newcomer hears with one table open."""
    facts = tent([ANA], [*line, newcomer])
    return admit(facts, play(facts), newcomer, doors=doors or Doors())


def test_a_range_holds_its_middle_and_never_begins_in_the_past() -> None:
    facts = tent([ANA, BEN], LINE)
    said = ranges(facts, play(facts))
    assert len(said) == len(LINE)
    for each in said.values():
        assert 0.0 <= each.early <= each.likely <= each.late


def test_nobody_is_told_a_start_before_they_are_ready() -> None:
    resting = replace(recovery("Rosa"), ready=1200.0)
    facts = tent([ANA], [resting])
    assert ranges(facts, play(facts))["Rosa"].early >= 1200.0


def resting(minutes: float) -> TicketFacts:
    """A runner who still cools down so long, in their place in line."""
    return replace(recovery("Rosa"), ready=minutes * MINUTE, order=(minutes * MINUTE, 0.0))


def moved_back(newcomer: TicketFacts, line: list[TicketFacts]) -> float:
    """How much later a runner is expected than the plan has it, minutes."""
    plan = play(tent([ANA, BEN], [*line, newcomer]))
    return (expected_start(plan, newcomer) - plan.start_of(newcomer.key)) / MINUTE


def test_in_a_rush_who_still_cools_down_is_passed_by_those_who_are_due_sooner() -> None:
    assert moved_back(resting(10), LINE) == pytest.approx(5)
    assert moved_back(resting(4), LINE) == pytest.approx(2)


def test_in_an_empty_tent_newcomers_take_nobodys_table() -> None:
    assert moved_back(resting(10), []) == pytest.approx(2.5)
    assert play(tent([ANA, BEN])).rush == 0.0


def test_nobody_is_passed_who_is_due_already_or_has_a_wave_to_catch() -> None:
    assert moved_back(recovery("Rosa"), LINE) == 0
    assert moved_back(replace(resting(10), order=(-600.0, 0.0)), LINE) == 0
    assert moved_back(warmup("Mia", left=60), LINE) == 0


def test_later_in_line_is_told_later() -> None:
    facts = tent([ANA, BEN], LINE)
    said = ranges(facts, play(facts))
    assert said["R11"].likely > said["R5"].likely > said["R0"].likely


STEP = 300.0


def in_steps(said: Range) -> tuple[float, float]:
    """A range as people are told it, outward."""
    return said.early // STEP, -(-said.late // STEP)


@given(
    st.sampled_from((WARMUP, RECOVERY)),
    st.floats(0, 1.2 * FAR),
    st.floats(0, 0.999),
    st.floats(0.5, 4),
    st.floats(0, 2 * STEP),
)
def test_who_starts_until_then_is_told_the_same(
    lane: str, start: float, share: float, scale: float, now: float
) -> None:
    facts = replace(tent([ANA]), now=now)
    found = alike(facts, lane, now + start, scale, STEP)
    later = now + start + share * (min(found.until, now + 2 * FAR) - now - start)
    assume(later < found.until - 1e-6)
    ticket = TicketFacts("Rosa", lane, -600.0, -600.0)
    assert is_plain(facts, ticket)
    said = range_of(facts, Plan(now, 60.0, {"Rosa": later}, (), ()), ticket, {lane: scale})
    assert in_steps(said) == in_steps(found.range)
    assert said.likely == pytest.approx(max(now, min(later, now + FAR) + found.shift))


@given(st.sampled_from((WARMUP, RECOVERY)), st.floats(0.5, 4), st.floats(0, 2 * STEP))
def test_a_line_of_hours_is_told_a_few_dozen_ranges(lane: str, scale: float, now: float) -> None:
    facts, start, different = replace(tent([ANA]), now=now), now, 0
    while start < inf:
        later = alike(facts, lane, start, scale, STEP).until
        # The end of a step may be missed by a float's last digit.
        start, different = max(later, start + 1e-6), different + 1
    assert different < 150


@pytest.mark.parametrize("more", [{"ready": 60.0}, {"near_until": 60.0}, {"order": (60.0, 0.0)}])
def test_who_is_not_ready_or_here_already_or_may_be_passed_is_told_by_themselves(
    more: dict[str, Any],
) -> None:
    facts = tent([ANA])
    assert is_plain(facts, recovery("Rosa"))
    assert not is_plain(facts, replace(recovery("Rosa"), **more))


def test_ranges_widen_after_a_miss_and_narrow_after_a_hit() -> None:
    bands = Bands()
    assert bands.outcome(SAID, 1300.0).width > bands.width > bands.outcome(SAID, 1000.0).width


def test_ranges_stay_as_they_are_while_four_in_five_hold() -> None:
    bands = Bands()
    for _ in range(20):
        for actual in (700.0, 900.0, 1000.0, 1100.0, 1300.0):
            bands = bands.outcome(SAID, actual)
    assert bands.width == pytest.approx(1.0, abs=0.05)


@given(st.lists(st.floats(0, 3000), max_size=200))
def test_ranges_never_grow_or_shrink_without_end(actuals: list[float]) -> None:
    bands = Bands()
    for actual in actuals:
        bands = bands.outcome(SAID, actual)
    assert 0.6 <= bands.width <= 1.6


def test_a_start_at_once_teaches_nothing_about_ranges() -> None:
    assert Bands().outcome(Range(0.0, 0.0, 2.0), 600.0) == Bands()


def test_wider_bands_tell_wider_ranges() -> None:
    facts = tent([ANA, BEN], LINE)
    narrow, wide = (ranges(facts, play(facts), Bands(width))["R5"] for width in (0.8, 1.4))
    assert wide.late - wide.early > narrow.late - narrow.early


def test_few_tables_mean_wider_ranges() -> None:
    one, two = tent([ANA], LINE), tent([ANA, BEN], LINE)
    assert spread(one, Bands())[WARMUP] > spread(two, Bands())[WARMUP]


def test_every_planned_wait_has_its_row() -> None:
    for rows in BANDS.values():
        assert len(rows) == len(EDGES) + 1
        assert all(low <= 0.0 <= high for low, _, high in rows)
    assert list(EDGES) == sorted(EDGES)


def test_the_chance_grows_with_the_slack() -> None:
    for wait in (0.0, 10.0, 30.0):
        for near in (True, False):
            chances = [chance_of(signs(slack, wait, near)) for slack in range(-20, 60)]
            assert chances == sorted(chances)
            assert chances[0] < 0.05
            assert chances[-1] > 0.8


def test_a_warm_up_for_which_no_table_is_left_has_hardly_a_chance() -> None:
    assert chance_in_time(tent([ANA]), inf, warmup("Mia", left=60)) == 0.02


def test_a_newcomer_with_time_is_promised_their_warm_up() -> None:
    answer = answer_to(warmup("Mia", left=60, waited=0), [])
    assert (answer.accept, answer.promise) == (True, True)
    assert answer.p_ok is not None
    assert answer.p_ok > 0.9


def test_a_warm_up_that_will_hardly_end_in_time_is_refused() -> None:
    before = [warmup(f"W{n}", left=50 + n) for n in range(8)]
    answer = answer_to(warmup("Mia", left=60, waited=0), before)
    assert (answer.accept, answer.promise) == (False, False)


def test_in_between_a_warm_up_stands_by_with_its_chance() -> None:
    answers = [answer_to(warmup("Mia", left=left, waited=0), []) for left in range(5, 40)]
    between = [each for each in answers if each.accept and not each.promise]
    assert between
    for each in between:
        assert each.p_ok is not None
        assert 0.2 <= each.p_ok < 0.75


def test_recovery_is_full_when_its_wait_is_too_long() -> None:
    newcomer = recovery("Rosa", 0)
    assert answer_to(newcomer, []).accept
    full = answer_to(newcomer, LINE)
    assert (full.accept, full.promise) == (False, False)
    assert answer_to(newcomer, LINE, Doors(longest_wait=inf)).accept


def last_safe(deadline: float, waiting: int) -> float | None:
    """Last safe join for a deadline in so many minutes, with so many warm-ups in line."""
    facts = tent([ANA, BEN], [warmup(f"W{n}", left=200) for n in range(waiting)])
    return last_safe_join(facts, play(facts), deadline * MINUTE)


def test_the_last_safe_join_is_later_for_later_waves() -> None:
    joins = [last_safe(deadline, waiting=2) for deadline in range(60, 240, 15)]
    known = [each for each in joins if each is not None]
    assert len(known) == len(joins)
    assert known == sorted(known)


def test_the_last_safe_join_comes_earlier_the_more_wait() -> None:
    joins = [last_safe(150, waiting) for waiting in range(0, 9, 2)]
    known = [-inf if each is None else each for each in joins]
    assert known == sorted(known, reverse=True)
    assert known[0] > known[-1]


def test_whoever_joins_by_the_last_safe_join_has_a_good_chance() -> None:
    at = last_safe(90, waiting=0)
    assert at is not None
    mean, walk = 540 * 1.01, play(tent([ANA])).walk
    slack = (90 * MINUTE - at - walk - mean) / MINUTE
    assert chance_of(signs(slack, walk / MINUTE, near=False)) >= 0.75
    assert chance_of(signs(slack - 1, walk / MINUTE, near=False)) < 0.75


def test_there_is_no_safe_join_when_it_is_too_late_or_nobody_works() -> None:
    assert last_safe(8, waiting=0) is None
    nobody = tent([])
    assert last_safe_join(nobody, play(nobody), 7200.0) is None


@pytest.mark.parametrize(
    ("slack", "bends"),
    [
        (-3.0, (-3.0, 0.0, 0.0, 0.0)),
        (0.0, (0.0, 0.0, 0.0, 0.0)),
        (4.0, (0.0, 4.0, 0.0, 0.0)),
        (12.0, (0.0, 5.0, 7.0, 0.0)),
        (50.0, (0.0, 5.0, 10.0, 30.0)),
    ],
)
def test_the_more_slack_the_less_each_further_minute_counts(
    slack: float, bends: tuple[float, ...]
) -> None:
    assert signs(slack, 25.0, near=False) == (1.0, *bends, 25.0, 0.0)
    assert signs(slack, 90.0, near=True) == (1.0, *bends, 40.0, 1.0)


def test_no_chance_is_told_as_certain_nor_as_none() -> None:
    for score in (-1e6, 1e6):
        signs_of_it = (score / CHANCE[0], *[0.0] * (len(CHANCE) - 1))
        assert 0.0 < chance_of(signs_of_it) < 1.0


def test_a_safe_join_is_found_to_a_quarter_of_a_minute() -> None:
    facts = tent([ANA])
    plan = play(facts)
    joined = last_safe_join(facts, plan, deadline=3600.0)
    assert joined is not None
    wait = plan.next_start(WARMUP, plan.walk)
    for at, safe in ((joined, True), (joined + 15, False)):
        slack = (3600.0 - at - wait - 540 * 1.01) / 60
        assert (chance_of(signs(slack, wait / 60, near=False)) >= 0.75) is safe
