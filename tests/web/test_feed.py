"""A timing system's live feed makes waiting runners callable; sending it twice changes nothing."""

from __future__ import annotations

from tests.web.outside import Outside
from tests.web.test_commands import is_problem


def test_a_finish_releases_the_runner_who_waits_for_it(outside: Outside) -> None:
    joined = outside.join(bib="a7", before_finish=True, finished_at=None)
    assert (joined["state"], joined["hold"]) == ("held", "finish")
    finishes = [
        {"bib": "A7", "finished_at": "2027-04-25T11:55:00Z"},
        {"bib": "9", "finished_at": "2027-04-25T11:50:00Z"},
    ]
    answer = outside.post("finishers", finishes, "organiser:Max")
    assert (answer.json["received"], answer.json["taken"]) == (2, 1)
    view = outside.get(f"/api/v1/tickets/{joined['id']}", joined["key"]).json
    assert (view["hold"], view["ready_at"]) == ("cooldown", "2027-04-25T12:05:00+00:00")


def test_a_batch_sent_twice_changes_nothing_more(outside: Outside) -> None:
    outside.join(bib="7", before_finish=True, finished_at=None)
    batch = [{"bib": "7", "finished_at": "2027-04-25T11:55:00Z"}]
    first = outside.post("finishers", batch, "organiser:Max", Idempotency_Key="b1")
    version = outside.tent.version
    assert (
        outside.post("finishers", batch, "organiser:Max", Idempotency_Key="b1").json == first.json
    )
    assert outside.post("finishers", batch, "organiser:Max").json["taken"] == 0
    assert outside.tent.version == version
    other = [{"bib": "8", "finished_at": "2027-04-25T11:55:00Z"}]
    problem = is_problem(
        outside.post("finishers", other, "organiser:Max", Idempotency_Key="b1"), 409
    )
    assert problem["code"] == "idempotency_key_reused"


def test_one_wrong_line_and_nothing_of_the_batch_is_taken(outside: Outside) -> None:
    outside.join(bib="7", before_finish=True, finished_at=None)
    version = outside.tent.version
    good = {"bib": "7", "finished_at": "2027-04-25T11:55:00Z"}
    for bad in (
        {"bib": "8"},
        {"bib": "8", "finished_at": "11:55"},
        {"bib": "x" * 40} | good | {"bib": "y" * 40},
    ):
        is_problem(outside.post("finishers", [good, bad], "organiser:Max"), 422)
    assert outside.tent.version == version


def test_a_finish_that_can_not_be_is_refused_and_the_others_are_taken(outside: Outside) -> None:
    outside.join(bib="7", before_finish=True, finished_at=None)
    outside.join(bib="8", before_finish=True, finished_at=None)
    batch = [
        {"bib": "7", "finished_at": "2027-04-25T13:00:00+00:00"},
        {"bib": "8", "finished_at": "2027-04-25T11:50:00+00:00"},
    ]
    answer = outside.post("finishers", batch, "organiser:Max").json
    assert [r["bib"] for r in answer["refused"]] == ["7"]
    assert answer["taken"] == 1


def test_a_thousand_finishers_at_once(outside: Outside) -> None:
    batch = [{"bib": str(n), "finished_at": "2027-04-25T11:50:00Z"} for n in range(1000)]
    assert outside.post("finishers", batch, "organiser:Max").json["received"] == 1000
    is_problem(outside.post("finishers", [*batch, batch[0]], "organiser:Max"), 422)
