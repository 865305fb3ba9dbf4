"""A finish and a join find each other, whichever comes first, through a restart too."""

from __future__ import annotations

from pathlib import Path

from tentqueue.services.roster.listed import Listed, Outcome
from tests.cast import NINE, NOON, mins
from tests.web.outside import Outside

SLUG = "riverside-half"
FINISH = {"bib": "A7", "finished_at": "2027-04-25T11:55:00Z"}


def test_a_finish_that_comes_before_its_runner_is_found_by_the_join(outside: Outside) -> None:
    fed = outside.post("finishers", [FINISH], "organiser:Max").json
    assert (fed["taken"], fed["noted"]) == (0, 1)
    joined = outside.join(bib="a7", before_finish=True, finished_at=None)
    assert (joined["hold"], joined["ready_at"]) == ("cooldown", "2027-04-25T12:05:00+00:00")


def test_a_finish_and_a_batchs_answer_outlive_the_server(tmp_path: Path) -> None:
    before = Outside(tmp_path)
    first = before.post("finishers", [FINISH], "organiser:Max", Idempotency_Key="b1")
    before.close()
    again = Outside(tmp_path)
    try:
        sent = again.post("finishers", [FINISH], "organiser:Max", Idempotency_Key="b1")
        assert sent.data == first.data
        other = [{"bib": "8", "finished_at": "2027-04-25T11:55:00Z"}]
        reused = again.post("finishers", other, "organiser:Max", Idempotency_Key="b1")
        assert reused.status_code == 409
        assert again.join(bib="A7", before_finish=True, finished_at=None)["hold"] == "cooldown"
    finally:
        again.close()


def test_the_timing_systems_finish_counts_more_than_memory(outside: Outside) -> None:
    outside.post("finishers", [FINISH], "organiser:Max")
    joined = outside.join(bib="A7", finished_at="2027-04-25T11:40:00Z")
    assert joined["ready_at"] == "2027-04-25T12:05:00+00:00"


def test_a_bib_of_the_start_list_brings_its_wave_and_name(tmp_path: Path) -> None:
    morning = Outside(tmp_path, at=NINE)
    morning.house.rosters.note(SLUG, [Listed("007B", name="Ana Lopez", wave="Half/B")])
    try:
        warmup = {"lane": "warmup", "consent": True, "bib": "007b"}
        joined = morning.post("tickets", warmup, who="desk:Eve").json
        assert morning.tent.ticket(joined["id"]).wave == "Half/B"
        seen = morning.get("tent", "desk:Eve").json["tickets"]
        assert [(t["bib"], t["name"]) for t in seen] == [("007B", "Ana Lopez")]
    finally:
        morning.close()


def test_nobody_else_is_told_the_name_behind_a_bib(outside: Outside) -> None:
    outside.house.rosters.note(SLUG, [Listed("12", name="Ana Lopez", wave="Half/B")])
    joined = outside.join(bib="12")
    views = [outside.get(f"/api/v1/tickets/{joined['id']}", joined["key"]), outside.get("board")]
    assert not any(b"Lopez" in view.data for view in views)


def test_results_release_a_held_ticket_by_themselves(outside: Outside) -> None:
    joined = outside.join(bib="12", before_finish=True, finished_at=None)
    assert joined["hold"] == "finish"
    outside.house.rosters.note(SLUG, [Listed("12", finished_at=NOON - mins(4))])
    outside.house.rosters.tick()
    assert outside.tent.ticket(joined["id"]).hold == "cooldown"
    version = outside.tent.version
    outside.house.rosters.tick()
    assert outside.tent.version == version


def test_who_gave_up_need_not_wait_for_a_finish(outside: Outside) -> None:
    joined = outside.join(bib="12", before_finish=True, finished_at=None)
    outside.house.rosters.note(SLUG, [Listed("12", outcome=Outcome.DNF)])
    outside.house.rosters.tick()
    assert outside.tent.ticket(joined["id"]).hold == "cooldown"


def test_a_finish_of_another_day_is_left_out_of_a_join(outside: Outside) -> None:
    outside.house.rosters.note(SLUG, [Listed("12", finished_at=NOON - mins(26 * 60))])
    assert outside.join(bib="12", before_finish=True, finished_at=None)["hold"] == "finish"


def test_a_finish_to_come_is_refused_and_not_kept(outside: Outside) -> None:
    late = [{"bib": "12", "finished_at": "2027-04-25T13:00:00Z"}]
    fed = outside.post("finishers", late, "organiser:Max").json
    assert [line["code"] for line in fed["refused"]] == ["finish_out_of_range"]
    assert outside.house.storage.roster.find(SLUG, ["12"]) == {}


def test_erasing_a_runner_takes_them_off_the_roster(outside: Outside) -> None:
    outside.house.rosters.note(SLUG, [Listed("12", name="Ana"), Listed("13", name="Ben")])
    joined = outside.join(bib="12")
    outside.post(f"/api/v1/tickets/{joined['id']}/erase", None, joined["key"])
    assert set(outside.house.storage.roster.find(SLUG, ["12", "13"])) == {"13"}


def test_a_start_list_takes_no_finish_back(outside: Outside) -> None:
    table, finish = outside.house.storage.roster, NOON - mins(4)
    outside.house.rosters.note(SLUG, [Listed("12", finished_at=finish)])
    # The row alone: a feed may have written since an import has looked.
    table.put(SLUG, [Listed("12", name="Ana")])
    assert table.find(SLUG, ["12"])["12"] == Listed("12", name="Ana", finished_at=finish)
    table.put(SLUG, [Listed("12", outcome=Outcome.DSQ)])
    assert table.find(SLUG, ["12"])["12"] == Listed("12", name="Ana", outcome=Outcome.DSQ)
