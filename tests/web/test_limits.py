"""A bot runs into its budget; the phones behind the same address still join."""

from __future__ import annotations

import pytest

from tentqueue.services.asker import Asker, Power
from tentqueue.web.device import COOKIE
from tentqueue.web.errors import Problem
from tentqueue.web.limits import WINDOW_S, Budgets, Caller, Limits
from tests.web.outside import Outside
from tests.web.test_commands import is_problem

RUNNER = Asker(Power.RUNNER, "runner")
DESK = Asker(Power.DESK, "Eve")
BODY = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}


class Hands:
    """Seconds that only the test moves."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def joins(limits: Limits, count: int, caller: Caller, asker: Asker = RUNNER) -> int:
    """How many of `count` joins pass."""
    passed = 0
    for _ in range(count):
        try:
            limits.join("race", asker, caller)
            passed += 1
        except Problem as problem:
            if problem.status != 429 or int(problem.headers["Retry-After"]) < 1:
                raise
    return passed


def test_a_bot_that_joins_ten_thousand_times_is_stopped_and_phones_still_join() -> None:
    limits = Limits(Hands())
    assert joins(limits, 10_000, Caller("203.0.113.9", None)) == limits.budgets.joins_per_address
    assert limits.flooded("race")
    assert all(joins(limits, 1, Caller("203.0.113.9", f"phone{n}")) for n in range(1000))


def test_one_phone_joins_for_a_family_and_no_more() -> None:
    limits = Limits(Hands())
    assert joins(limits, 50, Caller("a", "phone")) == limits.budgets.joins_per_device
    assert not limits.flooded("race")


def test_a_bot_with_many_addresses_meets_the_budget_of_all() -> None:
    limits = Limits(Hands(), Budgets(joins_without_device=100))
    assert sum(joins(limits, 1, Caller(f"address{n}", None)) for n in range(1000)) == 100


def test_staff_join_on_behalf_of_many() -> None:
    assert joins(Limits(Hands()), 5000, Caller("desk", None), DESK) == 5000


def test_the_budget_comes_back_and_the_organiser_is_told_for_a_while() -> None:
    hands = Hands()
    limits = Limits(hands, Budgets(joins_per_address=3))
    assert joins(limits, 9, Caller("a", None)) == 3
    hands.at = WINDOW_S
    assert joins(limits, 9, Caller("a", None)) == 3
    hands.at = 3 * WINDOW_S
    assert not limits.flooded("race")


def test_a_word_can_not_be_guessed() -> None:
    limits = Limits(Hands())
    for _ in range(limits.budgets.finds_per_bib):
        limits.find("race", "7", Caller("a", "x"))
    with pytest.raises(Problem):
        limits.find("race", "7", Caller("b", "y"))


def test_a_forged_mark_counts_as_none(outside: Outside) -> None:
    mark = outside.house.context.devices.new()
    for forged in ("x" * 32, mark[:-1] + ("0" if mark[-1] != "0" else "1"), "\u00e9" * 32):
        outside.client.set_cookie(COOKIE, forged)
        with outside.app.test_request_context(headers={"Cookie": f"{COOKIE}={forged}"}) as context:
            assert outside.house.context.devices.of(context.request) is None
    with outside.app.test_request_context(headers={"Cookie": f"{COOKIE}={mark}"}) as context:
        assert outside.house.context.devices.of(context.request) == mark[:16]


def test_over_http_a_phone_that_joins_too_often_is_told_when_to_come_back(outside: Outside) -> None:
    outside.client.set_cookie(COOKIE, outside.house.context.devices.new())
    answers = [outside.post("tickets", BODY) for _ in range(13)]
    assert [a.status_code for a in answers[:12]] == [201] * 12
    problem = is_problem(answers[12], 429)
    assert problem["code"] == "too_many_requests"
    assert int(answers[12].headers["Retry-After"]) > 0
