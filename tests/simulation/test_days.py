"""New race days: the same seed, the same day; their shape is that of a race."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tentqueue.simulation.chances import played_again
from tentqueue.simulation.dayfile import DayFileProblem, day_of, read_day
from tentqueue.simulation.days import SIZES, STAFF, Kind, make_day, many_days
from tentqueue.simulation.races import KINDS, Contest, Race, imagined, practice_race
from tentqueue.simulation.shifts import HALF_HOUR, shifts
from tests.simulation.scenes import JUDGE, content, runner

PRACTICE = practice_race()
KIND = Kind("small", "mid")


def test_the_same_seed_makes_the_same_day() -> None:
    assert make_day(PRACTICE, KIND, 7) == make_day(PRACTICE, KIND, 7)


def test_another_seed_makes_another_day() -> None:
    one, other = (make_day(PRACTICE, KIND, seed) for seed in (7, 8))
    assert one["arrivals"] != other["arrivals"]
    assert one["truth"] != other["truth"]


@pytest.mark.parametrize("staff", STAFF)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_day_has_runners_in_their_order_and_therapists_in_hours(
    kind: str, staff: str
) -> None:
    race = imagined(PRACTICE, kind, np.random.default_rng(3))
    raw = make_day(race, Kind("medium", staff), 3)
    joins = [each["seen"]["join_s"] for each in raw["arrivals"]]
    event = raw["public"]["event"]
    assert joins == sorted(joins)
    assert len({each["id"] for each in raw["arrivals"]}) == len(joins)
    wanted = sum(SIZES["medium"])
    assert wanted / 2 < len(joins) < wanted * 2.5
    for each in raw["public"]["therapists"]:
        assert event["open_s"] <= each["start_s"] < each["end_s"] <= event["close_s"]
    for each in raw["arrivals"]:
        check_runner(each, raw["public"])


def check_runner(each: dict[str, Any], public: dict[str, Any]) -> None:
    """A warm-up can be asked for in time; recovery waits for the cool-down."""
    seen, truth = each["seen"], each["truth"]
    assert seen["wave"] in {wave["id"] for wave in public["event"]["waves"]}
    assert truth["leave_s"] > seen["join_s"]
    if seen["service"] == "pre":
        assert seen["join_s"] < seen["deadline_s"] - 600
    else:
        assert seen["ready_s"] >= seen["finish_s"] + public["rules"]["cooldown_s"]


def test_lean_days_have_fewer_therapist_hours_than_rich_ones() -> None:
    hours = {
        staff: sum(
            each["end_s"] - each["start_s"]
            for each in make_day(PRACTICE, Kind("medium", staff), 5)["public"]["therapists"]
        )
        for staff in ("lean", "mid", "rich")
    }
    assert hours["lean"] < hours["mid"] < hours["rich"]


def test_many_days_mix_sizes_and_staff() -> None:
    days = list(many_days(PRACTICE, 8, 2))
    assert len({day["day_id"] for day in days}) == 8
    assert {name for day in days for name in STAFF if f"-{name}-" in day["day_id"]} == set(STAFF)


@pytest.mark.skipif(not JUDGE.is_dir(), reason="no judge next to this checkout")
def test_new_days_have_the_judges_shape() -> None:
    schema = json.loads((JUDGE / "schema" / "day.schema.json").read_text())
    wrong = jsonschema_rs.validator_for(schema).iter_errors(make_day(PRACTICE, KIND, 7))
    assert [str(error) for error in wrong] == []


def test_a_day_played_again_keeps_what_is_seen_and_changes_what_is_hidden() -> None:
    day = day_of(make_day(PRACTICE, KIND, 7))
    again, same, other = (played_again(day, seed) for seed in (1, 1, 2))
    assert again == same
    assert again != other
    assert [each.seen for each in again.visitors] == [each.seen for each in day.visitors]
    assert [each.work for each in again.visitors] != [each.work for each in day.visitors]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=48, max_size=48))
def test_shifts_cover_the_need(need: list[int]) -> None:
    heads = [0] * 48
    for start, end in shifts(need):
        for half in range(start // HALF_HOUR, end // HALF_HOUR):
            heads[half] += 1
    assert all(on >= wanted for on, wanted in zip(heads, need, strict=True))
    assert max(heads) == max(need)


def test_one_contest_with_one_finisher_still_makes_a_day() -> None:
    race = Race("Tiny", (Contest("5K", (36000,), np.array([[0, 1500]])),), 32400, 46800)
    assert make_day(race, KIND, 1)["arrivals"]


def test_a_broken_day_file_is_named_by_its_field(tmp_path: Path) -> None:
    raw = content([runner("r1", 10)])
    del raw["arrivals"][0]["truth"]["work_s"]
    with pytest.raises(DayFileProblem, match=r"arrivals\[0\]: .*work_s"):
        day_of(raw)
    with pytest.raises(DayFileProblem, match="format"):
        day_of({"format": "something/1"})
    path = tmp_path / "day.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DayFileProblem, match="not a JSON text"):
        read_day(path)
