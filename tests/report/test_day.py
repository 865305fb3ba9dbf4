"""The report: every number checked by hand or against a count of the journal made another way."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.model import Area, LaneName, ReferralCategory, TicketState
from tentqueue.domain.race_event import Wave
from tentqueue.domain.therapist import Role, Shift
from tentqueue.reporting import csv_files, files, pdf_of
from tentqueue.services.report import day_report
from tentqueue.services.report.csv_files import csv_of
from tentqueue.services.report.tables import FEW, Table, tables
from tentqueue.services.report.tally import MERGED, merged, percentile
from tentqueue.tongues import speaking
from tests.cast import ANA, BEN, CHIDI, NINE, NOON, WAVE_A, Scene, mins, race
from tests.paper import seen

SLUG = "riverside-half"


def morning() -> Scene:
    """Ana treats Mia and Noa after nine, rests, and Ben refers Ola; Pia never comes."""
    ana = replace(ANA, shifts=(Shift(NINE, NINE + mins(120)),))
    scene = Scene(race(ana, BEN, CHIDI))
    scene.available(ANA)
    for name in ("mia", "noa"):
        ticket = scene.warmup(name, areas=(Area.CALVES,))
        scene.after(2)
        scene.ask(do.StartTreatment(ticket.code, "ana"))
        scene.after(10)
        scene.ask(do.FinishTreatment(ticket.code, "ana"))
        scene.ask(do.CleanTable(ticket.code, "ana"))
    scene.ask(do.TakeBreak("ana", 12))
    scene.after(12)
    scene.ask(do.GoHome("ana"))
    scene.available(BEN)
    ola = scene.warmup("ola")
    scene.ask(do.ReferRunner(ola.code, "ben", ReferralCategory.INJURY))
    scene.after(5)
    scene.ask(do.GoHome("ben"))
    return scene


def test_waits_run_from_being_ready_to_hands_on() -> None:
    report = day_report(SLUG, morning().entries)
    waits = report.waits[LaneName.WARMUP]
    assert (waits.count, waits.p50, waits.p90, waits.longest) == (2, 2, 2, 2)
    assert report.minutes[LaneName.WARMUP] == 10


def test_the_cool_down_after_the_finish_is_not_a_wait() -> None:
    scene = Scene(at=NOON)
    scene.available(ANA)
    mia = scene.recovery("mia", finished=0)
    scene.after(12)
    scene.ask(do.StartTreatment(mia.code, "ana"))
    scene.after(12)
    scene.ask(do.FinishTreatment(mia.code, "ana"))
    assert day_report(SLUG, scene.entries).waits[LaneName.RECOVERY].longest == 2


def test_a_therapists_time_is_counted_by_role_with_breaks_apart() -> None:
    team = day_report(SLUG, morning().entries).teams[Role.LICENSED]
    assert team.people == 2
    assert team.planned_hours == 2
    assert team.hands_on_hours == pytest.approx(20 / 60)
    assert (team.breaks, team.break_minutes) == (1, 12)
    # Ana: two walks of 2 and two treatments of 10; Ben: 5.
    assert team.duty_hours == pytest.approx(29 / 60)


def test_the_hour_tells_rostered_and_present_hands_and_rest() -> None:
    hour = day_report(SLUG, morning().entries).hours[0]
    assert hour.from_at == NINE
    assert hour.planned_heads == 1
    assert hour.heads == pytest.approx(29 / 60)
    assert (hour.hands_on, hour.on_breaks, hour.joined) == (20, 12, 3)
    assert hour.used == pytest.approx(20 / 29)
    assert hour.treated == {LaneName.WARMUP: 2}


def test_an_undone_finish_is_no_treatment() -> None:
    scene = morning()
    treated = day_report(SLUG, scene.entries).treated
    scene.available(BEN)
    mia = scene.warmup("pia")
    scene.ask(do.StartTreatment(mia.code, "ben"))
    scene.after(10)
    scene.ask(do.FinishTreatment(mia.code, "ben"), actor="therapist:Ben")
    assert day_report(SLUG, scene.entries).treated == treated + 1
    scene.ask(do.Undo(by="therapist:Ben"))
    assert day_report(SLUG, scene.entries).treated == treated


def test_treated_are_told_by_the_contest_of_their_wave() -> None:
    report = day_report(SLUG, morning().entries)
    assert report.contests["Half"] == {LaneName.WARMUP: 2}


def test_a_single_referral_shows_in_no_table() -> None:
    report = day_report(SLUG, morning().entries)
    assert report.ends[LaneName.WARMUP].referred == 1
    assert report.referrals == {MERGED: None}
    assert "injury" not in str(tables(report)).casefold()
    by_name = {table.name: table for table in tables(report)}
    assert by_name["referrals"].rows == (("other, merged", FEW),)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 6}, {"a": 9, "b": 6}),
        ({"a": 9, "b": 3, "c": 3}, {"a": 9, MERGED: 6}),
        ({"a": 9, "b": 6, "c": 1}, {"a": 9, MERGED: 7}),
        ({"a": 9, "b": 1, "c": 1}, {MERGED: 11}),
        ({"a": 2}, {MERGED: None}),
        ({"a": 0}, {}),
    ],
)
def test_small_cells_are_merged_until_none_can_be_told(
    counts: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert merged(counts) == shown


def test_percentiles_are_of_the_nearest_rank() -> None:
    tenths = [float(n) for n in range(1, 11)]
    assert [percentile(tenths, share) for share in (50, 90, 100)] == [5, 9, 10]
    assert percentile([], 50) is None


def test_a_wipe_days_later_keeps_the_numbers_and_nobody_works_until_then() -> None:
    scene = morning()
    scene.available(BEN)
    scene.after(6)
    scene.warmup("pia")
    before = day_report(SLUG, scene.entries)
    scene.now += mins(80 * 60)
    scene.ask(do.WipeRecords("hour", staff_too=True), actor="system")
    after = day_report(SLUG, scene.entries)
    assert after.version == before.version + 1
    assert replace(after, version=before.version) == before


def test_the_turned_away_are_counted_by_lane_and_reason() -> None:
    scene = morning()
    scene.ask(do.NoteTurnedAway(LaneName.WARMUP, "too_late", 3), actor="system")
    scene.ask(do.NoteTurnedAway(LaneName.WARMUP, "too_late", 2), actor="system")
    report = day_report(SLUG, scene.entries)
    assert report.turned_away == {(LaneName.WARMUP, "too_late"): 5}


def test_the_same_numbers_come_from_counting_the_journals_events() -> None:
    """Another way: no fold, only the events of the morning, in which nothing was undone."""
    scene = morning()
    report = day_report(SLUG, scene.entries)
    happened = Counter(type(e) for entry in scene.entries for e in entry.events)
    ends = report.ends.values()
    assert sum(e.joined for e in ends) == happened[ev.RunnerJoined] == 3
    assert report.treated == happened[ev.TreatmentFinished] == 2
    assert sum(e.referred for e in ends) == happened[ev.RunnerReferred]
    assert sum(team.breaks for team in report.teams.values()) == happened[ev.BreakStarted]
    open_now = [t for t in scene.tent.open.values() if t.state is not TicketState.DONE]
    assert sum(e.still_open for e in ends) == len(open_now)


def test_a_cell_that_a_spreadsheet_would_run_is_quoted() -> None:
    evil = "=cmd|'/c calc'!A0"
    scene = Scene(race(ANA, waves=(Wave(f"{evil}/A", evil, "A", WAVE_A),)))
    text = csv_files(day_report(SLUG, scene.entries))["contests.csv"]
    assert list(csv.reader(StringIO(text)))[1][0] == f"'{evil}"
    for start in "=+-@\t\r":
        (row,) = list(csv.reader(StringIO(csv_of(Table("x", *("",) * 2, (), ((start + "1",),))))))[
            1:
        ]  # type: ignore[arg-type]
        assert row == [f"'{start}1"]


def test_a_day_without_a_ticket_has_a_report_too() -> None:
    report = day_report(SLUG, Scene().entries)
    made = files(report, speaking("en"))
    assert b"Nothing has happened yet" in made["report.html"]
    assert "Riverside Half" in seen.words(pdf_of(report, speaking("en")))[0]


def test_the_page_finds_its_style_and_faces_beside_it() -> None:
    made = files(day_report(SLUG, morning().entries), speaking("en"))
    assert b'href="report.css"' in made["report.html"]
    for face in ("bib-600", "bib-800", "words-400", "words-600"):
        assert f'url("fonts/{face}.woff2")' in made["report.css"].decode()
        assert made[f"fonts/{face}.woff2"]
    assert b"<script" not in made["report.html"]
