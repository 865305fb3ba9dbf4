"""Who starts at an idle table, and when its therapist rests: rules 10, 11, 14."""

from __future__ import annotations

from dataclasses import replace

from tentqueue.domain.planning.discipline import decide
from tentqueue.domain.planning.facts import RECOVERY, Break, TicketFacts
from tests.domain.planning.facts_cast import (
    ANA,
    BEN,
    CHIDI,
    DORA,
    ONE_EACH,
    called,
    decision_for,
    done,
    recovery,
    tent,
    treating,
    warmup,
)

DUE = (Break(-600.0, 1200.0, 600.0),)


def here(name: str, waited: float = 5) -> TicketFacts:
    """A called runner who stands in the tent."""
    return called(recovery(name, waited), ago=90, here=True)


def test_who_stands_in_the_tent_starts_in_the_order_of_the_line() -> None:
    facts = tent([ANA], called=[here("Second", 3), here("First", 9)])
    assert done(facts, "seat") == ["First"]


def test_the_least_flexible_table_is_taken_first() -> None:
    tired = replace(DORA, worked=9000.0)
    facts = tent([ANA, tired], called=[here("Rosa")])
    decision = decision_for(facts, "Rosa")
    assert decision is not None
    assert decision.therapist == "dora"


def test_the_least_tired_therapist_is_taken_first() -> None:
    tired, fresh = replace(ANA, worked=9000.0), replace(BEN, worked=600.0)
    for facts in (
        tent([tired, fresh], called=[here("Rosa")]),
        tent([tired, fresh], [recovery("Rosa")]),
    ):
        decision = decision_for(facts, "Rosa")
        assert decision is not None
        assert decision.therapist == "ben"


def test_a_newcomer_at_the_tent_starts_at_once_when_nobody_is_before() -> None:
    facts = tent([ANA], [recovery("Rosa", 0, near_until=180.0)])
    assert done(facts, "seat") == ["Rosa"]
    assert done(facts, "call") == []


def test_a_newcomer_at_the_tent_passes_nobody_in_line() -> None:
    near = recovery("Near", 0, near_until=180.0)
    one_table = tent([ANA], [recovery("Rosa", 10), near])
    assert done(one_table, "seat") == []
    two_tables = tent([ANA, BEN], [recovery("Rosa", 10), near])
    assert done(two_tables, "seat") == ["Near"]


def test_a_newcomer_at_the_tent_passes_nobody_on_the_way() -> None:
    near = recovery("Near", 0, near_until=180.0)
    walking = called(recovery("Rosa", 10), ago=20)
    assert done(tent([ANA], [near], [walking]), "seat") == []


def test_a_newcomer_may_pass_who_will_hardly_come_any_more() -> None:
    near = recovery("Near", 0, near_until=180.0)
    lost = called(recovery("Lost", 10), ago=600)
    assert done(tent([ANA], [near], [lost]), "seat") == ["Near"]


def test_nobody_starts_before_the_cool_down_is_over() -> None:
    resting = replace(recovery("Rosa"), ready=30.0)
    assert done(tent([ANA], called=[called(resting, ago=90, here=True)]), "seat") == []


def test_nobody_starts_with_a_therapist_they_may_not_have() -> None:
    for_ben = called(recovery("Una", only=frozenset(("ben",))), ago=90, here=True)
    assert done(tent([ANA], called=[for_ben]), "seat") == []
    assert done(tent([ANA, BEN], called=[for_ben]), "seat") == ["Una"]


def test_nobody_starts_with_an_unsupervised_student() -> None:
    assert decide(tent([CHIDI], called=[here("Rosa")])) == []


def test_a_due_break_is_taken_in_a_lull() -> None:
    facts = tent([replace(ANA, breaks=DUE)])
    assert done(facts, "break") == ["ana"]


def test_no_break_is_taken_before_it_is_due() -> None:
    early = (Break(60.0, 1200.0, 600.0),)
    assert done(tent([replace(ANA, breaks=early)]), "break") == []


def test_no_break_is_taken_while_somebody_is_ready_soon() -> None:
    soon = replace(recovery("Rosa"), ready=240.0)
    later = replace(recovery("Rosa"), ready=900.0)
    assert done(tent([replace(ANA, breaks=DUE)], [soon]), "break") == []
    assert done(tent([replace(ANA, breaks=DUE)], [later]), "break") == ["ana"]


def test_no_break_is_taken_while_somebody_walks_to_the_tent() -> None:
    facts = tent([replace(ANA, breaks=DUE)], called=[called(recovery("Rosa"), ago=60)])
    assert done(facts, "break") == []


def test_runners_of_another_lane_keep_nobody_from_a_break() -> None:
    facts = tent([replace(DORA, breaks=DUE)], [warmup("Mia", left=30)])
    assert done(facts, "break") == ["dora"]


def test_who_rests_is_called_nobody() -> None:
    resting = replace(DORA, breaks=DUE)
    facts = tent([resting], [replace(recovery("Rosa"), ready=900.0)])
    assert [each.act for each in decide(facts, ONE_EACH)] == ["break"]


def test_a_table_that_was_just_taken_calls_nobody_more() -> None:
    facts = tent(
        [ANA, treating(BEN, 10, RECOVERY)],
        [recovery("Sol", 3)],
        [here("Rosa")],
    )
    assert [(each.act, each.ticket) for each in decide(facts, ONE_EACH)] == [("seat", "Rosa")]


def test_a_newcomer_whose_lane_calls_nobody_yet_may_start_at_a_free_table() -> None:
    near = recovery("Near", 0, near_until=180.0)
    facts = replace(tent([ANA], [near]), waiting={RECOVERY: ()})
    assert done(facts, "seat") == ["Near"]


def test_who_walks_to_another_lane_keeps_no_newcomer_from_this_one() -> None:
    near = recovery("Near", 0, near_until=180.0)
    walking = called(warmup("Mia", left=200), ago=20)
    assert done(tent([ANA], [near], [walking]), "seat") == ["Near"]


def test_a_seat_says_whether_it_was_the_runners_turn_or_they_stood_there() -> None:
    def why(*waiting: TicketFacts) -> str:
        decision = decision_for(tent([ANA], waiting, called=[here("Rosa", 9)]), "Rosa")
        assert decision is not None
        return decision.reason

    still_cools_down = replace(recovery("Rest", 20), ready=600.0)
    assert why() == "next_in_line"
    assert why(recovery("Later", 3), still_cools_down) == "next_in_line"
    assert why(recovery("Before", 20)) == "stands_at_the_tent"


def test_who_is_seated_at_this_instant_was_not_passed() -> None:
    facts = tent([ANA, BEN], called=[here("First", 9), here("Second", 3)])
    assert [each.reason for each in decide(facts, ONE_EACH)] == ["next_in_line", "next_in_line"]
