"""Start lists and results as RACE RESULT, RunSignup, UltraSignup, ChronoTrack and Athlinks write
them (rule 30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tentqueue.services.roster.listed import Listed, Outcome
from tentqueue.services.roster.reading import Kind, Note
from tests.cast import WAVE_A, WAVE_B
from tests.roster import files
from tests.roster.files import SystemFile
from tests.roster.table import Memory, looked, taken


def took(hours: int, minutes: int, seconds: float) -> timedelta:
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize("file", files.ALL, ids=lambda file: file.name)
def test_the_columns_of_every_system_are_known(file: SystemFile, tmp_path: Path) -> None:
    found = looked(file.put(tmp_path), file.kind)
    assert [str(meaning) for meaning in found.columns.values()] == file.columns.split()


@pytest.mark.parametrize("file", files.ALL, ids=lambda file: file.name)
def test_a_file_taken_twice_changes_nothing_the_second_time(
    file: SystemFile, tmp_path: Path
) -> None:
    table, path = Memory(), file.put(tmp_path)
    if file.kind is Kind.RESULTS:
        starts = files.RUNSIGNUP_STARTS.put(tmp_path)
        taken(starts, Kind.STARTS, table)
    first = taken(path, file.kind, table)
    assert first.to_take
    again = taken(path, file.kind, table)
    assert (again.to_take, again.unchanged) == (0, first.to_take + first.unchanged)


def test_a_german_start_list_of_race_result(tmp_path: Path) -> None:
    table = Memory()
    found = taken(files.RACE_RESULT_STARTS.put(tmp_path), Kind.STARTS, table)
    assert table.lines == {
        "0101": Listed("0101", "Jürgen Müller", "Half", "Half/A"),
        "0102": Listed("0102", "Ana Öztürk", "Half", "Half/B"),
        "K7": Listed("K7", "Ben Weiß"),
    }
    assert found.dropped == ["Jahrgang", "Geschlecht", "Verein", "E-Mail"]
    assert found.notes[Note.CONTEST_UNKNOWN] == 1
    assert list(found.strangers) == ["Kinderlauf"]


def test_german_results_count_from_each_runners_own_wave(tmp_path: Path) -> None:
    table = Memory()
    taken(files.RACE_RESULT_STARTS.put(tmp_path), Kind.STARTS, table)
    taken(files.RACE_RESULT_RESULTS.put(tmp_path), Kind.RESULTS, table)
    assert table.lines["0101"].finished_at == WAVE_A + took(1, 25, 10.5)
    assert table.lines["0102"].finished_at == WAVE_B + took(0, 53, 28)
    assert (table.lines["K7"].finished_at, table.lines["K7"].outcome) == (None, Outcome.DNF)


@pytest.mark.parametrize(
    "file",
    [
        files.RUNSIGNUP_RESULTS,
        files.CHRONOTRACK_RESULTS,
        files.FRENCH_RESULTS,
        files.SPANISH_RESULTS,
        files.ATHLINKS_RESULTS,
        files.PLAIN,
    ],
    ids=lambda file: file.name,
)
def test_every_system_tells_the_same_two_finishes(file: SystemFile, tmp_path: Path) -> None:
    table = Memory()
    taken(file.put(tmp_path), Kind.RESULTS, table)
    finishes = [table.lines[bib].finished_at for bib in ("101", "102")]
    expected = [WAVE_A + took(1, 25, 10), WAVE_B + took(0, 53, 28)]
    for finish, wanted in zip(finishes, expected, strict=True):
        assert finish is not None
        assert abs(finish - wanted) < timedelta(seconds=1)


def test_an_ultra_may_take_longer_than_a_day(tmp_path: Path) -> None:
    table = Memory()
    taken(files.RUNSIGNUP_STARTS.put(tmp_path), Kind.STARTS, table)
    taken(files.ULTRASIGNUP_RESULTS.put(tmp_path), Kind.RESULTS, table)
    assert table.lines["101"].finished_at == WAVE_A + took(25, 10, 11)
    assert table.lines["102"].outcome is Outcome.DNF
    assert table.lines["103"].outcome is Outcome.DNS


def test_chip_time_alone_is_not_added_to_the_gun(tmp_path: Path) -> None:
    path = tmp_path / "chip.csv"
    path.write_text("Bib,Contest,Wave,Chip Time\n101,Half,A,1:24:58\n")
    found = looked(path)
    assert (found.to_take, found.wrong) == (0, 1)
    problem = found.problems[0]
    assert (problem.line, problem.field) == (2, "chip")
    assert "Export gun time" in problem.sentence


def test_chip_time_counts_from_the_runners_own_start(tmp_path: Path) -> None:
    table, path = Memory(), tmp_path / "chip.csv"
    path.write_text("Bib,Contest,Wave,Start Time,Chip Time\n101,Half,A,11:30:45,1:24:58\n")
    taken(path, Kind.RESULTS, table)
    assert table.lines["101"].finished_at == WAVE_A + took(0, 0, 45) + took(1, 24, 58)


def test_a_start_that_is_an_offset_is_no_time_of_day(tmp_path: Path) -> None:
    path = tmp_path / "chip.csv"
    path.write_text("Bib,Contest,Wave,Start Time,Chip Time\n101,Half,A,00:00:45,1:24:58\n")
    assert looked(path).problems[0].field == "chip"


def test_gun_time_without_a_wave_counts_from_the_contests_first_start(tmp_path: Path) -> None:
    table, path = Memory(), tmp_path / "gun.csv"
    path.write_text("Bib,Contest,Gun Time\n101,Half,1:00:00\n")
    found = taken(path, Kind.RESULTS, table)
    assert table.lines["101"].finished_at == WAVE_A + took(1, 0, 0)
    assert found.notes[Note.FROM_CONTEST] == 1


def test_gun_time_of_a_contest_nobody_knows_is_a_row_problem(tmp_path: Path) -> None:
    path = tmp_path / "gun.csv"
    path.write_text("Bib,Contest,Gun Time\n101,Kids,20:00\n")
    assert "import the start list first" in looked(path).problems[0].sentence


def test_a_start_time_that_is_wrong_shows_in_the_dry_run(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text("Bib,Contest,Wave,Gun Time,Time of Day\n101,Half,A,1:00:00,12:42:00\n")
    found = looked(path)
    assert found.notes[Note.DISAGREE] == 1
    assert found.samples[0].finished_at == datetime(2027, 4, 25, 11, 42, tzinfo=UTC)


def test_a_finish_takes_an_outcome_back_and_silence_takes_nothing(tmp_path: Path) -> None:
    table, path = Memory(), tmp_path / "r.csv"
    for time, finished, outcome in (
        ("DSQ", False, Outcome.DSQ),
        ("1:00:00", True, None),
        ("", True, None),
        ("DNF", False, Outcome.DNF),
    ):
        path.write_text(f"Bib,Contest,Wave,Gun Time\n101,Half,A,{time}\n")
        taken(path, Kind.RESULTS, table)
        assert (table.lines["101"].finished_at is not None) is finished
        assert table.lines["101"].outcome is outcome


def test_columns_can_be_chosen_over_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Chip-ID,Läufer-Nr,Wer,Bib\nX1,101,Ana,9\n")
    found = looked(path, Kind.STARTS, bib="Läufer-Nr", name="3")
    assert found.samples == [Listed("101", "Ana")]
    assert found.dropped == ["Chip-ID", "Bib"]
    dropped = looked(path, Kind.STARTS, bib="4", name="")
    assert dropped.samples == [Listed("9")]
