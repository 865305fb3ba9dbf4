"""Staffing by simulation: promises hold, more staff never hurts, and what is drawn can be read."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tentqueue.domain.race_event import Expected, RaceEvent
from tentqueue.practice import practice_event
from tentqueue.simulation.chart import NoMatplotlib, svg, write_png
from tentqueue.simulation.confirm import confirm_day
from tentqueue.simulation.past import Finisher, ResultsProblem, read_results, seconds_of
from tentqueue.simulation.plan_report import options, sentences
from tentqueue.simulation.planned import Asked, Planned, planned
from tentqueue.simulation.samples import Sample, draw, whole_day
from tentqueue.simulation.sketch import run
from tentqueue.simulation.staffing import Search, Staffing, Target, mean, percentile, shares

EVENT: RaceEvent = practice_event()


@pytest.fixture(scope="module")
def plan() -> Planned:
    """The practice race with 700 runners."""
    return planned(EVENT, [], Asked(runners=700))


@pytest.fixture(scope="module")
def samples(plan: Planned) -> list[Sample]:
    return draw(plan, 8, seed=3)


@pytest.fixture(scope="module")
def staffing(plan: Planned, samples: list[Sample]) -> Staffing:
    return Search(plan, samples, Target()).answer()


def test_the_plan_keeps_its_promises_on_the_days_it_was_made_for(staffing: Staffing) -> None:
    assert staffing.reached
    for lane in ("pre", "post"):
        assert mean(shares(staffing.best, lane)) >= 90


def test_the_plan_wastes_no_therapists(staffing: Staffing) -> None:
    fewer = next(option for option in staffing.options if option.factor == 0.7)
    assert min(mean(shares(fewer, lane)) for lane in ("pre", "post")) < 90
    assert 3 < staffing.best.hours < 60


def test_more_therapists_serve_at_least_as_well(staffing: Staffing) -> None:
    hours = [option.hours for option in staffing.options]
    assert hours == sorted(hours)
    for lane in ("pre", "post"):
        first, last = (mean(shares(staffing.options[n], lane)) for n in (0, -1))
        assert last > first


def test_somebody_is_on_duty_whenever_runners_are_expected(staffing: Staffing) -> None:
    for half, heads in enumerate(staffing.best.need):
        ready = sum(staffing.hoped[lane][2 * half : 2 * half + 2].sum() for lane in ("pre", "post"))
        assert heads or ready < 0.5


def test_the_same_seed_gives_the_same_plan(plan: Planned, staffing: Staffing) -> None:
    again = Search(plan, draw(plan, 8, seed=3), Target()).answer()
    assert again.best.need == staffing.best.need


def test_a_shorter_promised_wait_needs_no_fewer_hours(
    plan: Planned, samples: list[Sample], staffing: Staffing
) -> None:
    strict = Search(plan, samples, Target(wait=8)).answer()
    assert strict.best.hours >= staffing.best.hours


def test_the_quick_model_treats_nobody_early_and_no_table_two(
    plan: Planned, samples: list[Sample], staffing: Staffing
) -> None:
    for sample in samples:
        runners, tables = sample.served(), sample.tables(staffing.best.need)
        spans = run(runners, tables, plan.services)
        treated = [each for each in runners if each.start is not None]
        assert len(spans) == len(treated)
        assert all((each.start or 0) >= each.ready for each in treated)
        for instant in {start for start, _ in spans}:
            assert sum(begin <= instant < end for begin, end in spans) <= len(tables)


def test_the_quick_model_agrees_with_the_tents_own_dispatch_where_plans_are_made(
    plan: Planned, samples: list[Sample], staffing: Staffing
) -> None:
    need = staffing.best.need
    whole = [confirm_day(plan, each, need, 20) for each in samples]
    for lane, found in (
        ("pre", [day.warmups for day in whole if day.warmups is not None]),
        ("post", [day.recoveries for day in whole if day.recoveries is not None]),
    ):
        assert mean(found) == pytest.approx(mean(shares(staffing.best, lane)), abs=8)


def test_a_planned_day_is_a_day_file(plan: Planned, samples: list[Sample]) -> None:
    day = whole_day(plan, samples[0], [0] * 14 + [3] * 22 + [0] * 12)
    assert len(day.workers) == 3
    assert len(day.visitors) == len(samples[0].seen)


def test_the_chart_is_a_picture_without_a_script(staffing: Staffing) -> None:
    picture = ElementTree.fromstring(svg(staffing))
    assert picture.tag.endswith("svg")
    assert "script" not in svg(staffing)
    assert "nan" not in svg(staffing)


def test_a_png_is_drawn_or_the_missing_extra_is_named(
    staffing: Staffing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "plan.png"
    write_png(staffing, str(path))
    assert path.read_bytes().startswith(b"\x89PNG")
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(NoMatplotlib, match=r"tentqueue\[reports\]"):
        write_png(staffing, str(path))


def test_the_words_name_the_tables_that_are_missing(staffing: Staffing) -> None:
    few = replace(staffing, plan=replace(staffing.plan, tables=1))
    assert any("more than the event's 1 tables" in each for each in sentences(few, []))
    assert len(options(staffing)) == 1 + len(staffing.options)


def test_expected_numbers_of_the_event_file_come_first() -> None:
    hoped = Expected(EVENT.waves[0].starts_at, 15, {next(iter(EVENT.lanes)): (10.0, 5.0)})
    plan = planned(replace(EVENT, expected=hoped), [], Asked())
    assert plan.wish.warmups == 15
    assert "[expected]" in plan.expected_from


def test_past_results_set_the_field_and_its_times() -> None:
    past = [Finisher("Marathon", n % 3, 12000 + n) for n in range(300)]
    plan = planned(EVENT, past, Asked())
    assert plan.runners == 300
    assert plan.race.contests[0].finishers[:, 1].max() == 12299


def test_results_of_another_contest_are_refused_by_name() -> None:
    contests = replace(EVENT.waves[0], id="10K/A", contest="10K")
    event = replace(EVENT, waves=(*EVENT.waves, contests))
    with pytest.raises(ResultsProblem, match="10K"):
        planned(event, [Finisher("Marathon", None, 12000)], Asked())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:53:28", 6808),
        ("53:28", 3208),
        ("3208", 3208),
        ("53:28.4", 3208),
        ("DNF", None),
        ("", None),
    ],
)
def test_times_are_read_as_timing_systems_write_them(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_results_are_read_with_any_separator(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "results.csv"
    rows = ["Bib,Name,Contest,Chip Time,Wave", "7,Ana,Half,1:40:00,2", "8,Ben,Half,DNF,1"]
    path.write_text("\n".join(rows).replace(",", mark), encoding="utf-8-sig")
    assert read_results(path) == [Finisher("Half", 1, 6000)]


@pytest.mark.parametrize(("text", "why"), [("", "empty"), ("a,b\n1,2", "no column of times")])
def test_results_that_cannot_be_read_say_why(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "results.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ResultsProblem, match=why):
        read_results(path)


def test_a_percentile_counts_the_unserved_as_endless() -> None:
    assert percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90) == 10
    assert percentile([1, float("inf")], 90) == float("inf")
    assert isnan(percentile([], 90))
