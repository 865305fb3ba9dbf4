"""Files that are not as they should be: encodings, separators, quotes, and what is no list."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tentqueue.services.roster import source
from tentqueue.services.roster.listed import Listed
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.source import Shape, Unreadable, rows_of, shape_of
from tests.roster.table import Memory, looked, taken

UMLAUTS = "Startnr;Name;Wettbewerb\n" + "".join(
    f"{n};Jürgen Müller-Groß {n};Half\n" for n in range(40)
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_letters_with_dots_come_through_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(UMLAUTS.encode(encoding))
    assert looked(path, Kind.STARTS).samples[0].name == "Jürgen Müller-Groß 0"


def test_one_letter_late_in_a_long_file_decides_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    plain = "bib,name\n" + "".join(f"{n},Ana Lopez\n" for n in range(9_000))
    for encoding in ("utf-8", "cp1252"):
        path.write_bytes((plain + "x1,Zoë\n").encode(encoding))
        table = Memory()
        taken(path, Kind.STARTS, table)
        assert table.lines["X1"].name == "Zoë"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoted", [True, False])
def test_every_separator_is_found(delimiter: str, quoted: bool, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    mark = '"' if quoted else ""
    rows = [["Bib", "Name", "Gun Time"], ["007", "Ana", "1:02:03,4"], ["A8", "Ben", "53:28"]]
    if delimiter == "," and not quoted:
        rows[1][2] = "1:02:03.4"
    path.write_text("".join(delimiter.join(f"{mark}{c}{mark}" for c in r) + "\r\n" for r in rows))
    found = looked(path)
    assert found.shape.delimiter == delimiter
    assert [line.bib for line in found.samples] == ["007", "A8"]


def test_excels_own_line_says_the_separator(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("sep=;\nBib;Name\n1;Ana, the first\n")
    assert looked(path, Kind.STARTS).samples == [Listed("1", "Ana, the first")]


def test_a_list_of_bibs_alone_is_a_list(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("bib\n0012\n13\n")
    assert [line.bib for line in looked(path, Kind.STARTS).samples] == ["0012", "13"]


def test_a_quote_never_closed_loses_its_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text('bib,name\n1,"Ana\n2,Ben\n' + "".join(f"{n},Chidi\n" for n in range(3, 30)))
    table = Memory()
    found = taken(path, Kind.STARTS, table)
    assert (found.wrong, found.problems[0].line) == (1, 2)
    assert "quote" in found.problems[0].sentence
    assert set(table.lines) == {str(n) for n in range(2, 30)}


def test_an_inch_is_no_quote(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text('bib,name\n1,Ana 5" Lopez\n2,Ben 6" Ode\n')
    assert [line.bib for line in looked(path, Kind.STARTS).samples] == ["1", "2"]


def test_a_name_may_go_over_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text('bib,name\n1,"Ana\nLopez"\n2,Ben\n')
    found = looked(path, Kind.STARTS)
    assert [line.name for line in found.samples] == ["Ana Lopez", "Ben"]


def test_nuls_lose_their_own_row_only(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(b"bib,name\n1,An\0a\n2,Ben\n")
    found = looked(path, Kind.STARTS)
    assert [p.line for p in found.problems] == [2]
    assert [line.bib for line in found.samples] == ["2"]


def test_a_bib_that_comes_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("bib,name\na7,Ana\n8,Ben\nA7,Chidi\n")
    found = looked(path, Kind.STARTS)
    assert (found.problems[0].line, found.wrong, found.new) == (4, 1, 2)
    assert "line 2" in found.problems[0].sentence


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"bib,name\n", "no rows"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"place,person\n1,Ana\n", "No column is known as the bib"),
    ],
)
def test_what_is_no_list_says_what_to_do(raw: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match=words):
        looked(path)


def test_limits_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.csv"
    with path.open("wb") as file:
        file.truncate(source.LARGEST_FILE + 1)
    with pytest.raises(Unreadable, match="51 MB; 50 MB"):
        looked(path)
    monkeypatch.setattr("tentqueue.services.roster.check.MOST_ROWS", 2)
    path.write_text("bib\n1\n2\n3\n")
    with pytest.raises(Unreadable, match="over 2 rows"):
        looked(path, Kind.STARTS)


def test_a_line_without_end_is_not_kept_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("bib,name\n1," + "x" * 3_000_000 + "\n2,Ben\n")
    found = looked(path, Kind.STARTS)
    assert [p.line for p in found.problems] == [2]
    assert [line.bib for line in found.samples] == ["2"]


FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(['"', '""', "\0", "\r", "\n", "=cmd()", "\u202eabc", "53:28", "DNF", "7"]),
)


@FUZZ
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(raw: bytes, tmp_path: Path) -> None:
    path, table = tmp_path / "any.csv", Memory()
    path.write_bytes(b"bib,name,gun time\n" + raw)
    try:
        found = looked(path, table=table)
    except Unreadable:
        assert not table.writes
    else:
        assert found.rows == found.new + found.wrong
    assert table.writes == 0


@FUZZ
@given(
    rows=st.lists(st.lists(CELL, max_size=6), min_size=1, max_size=8), sign=st.sampled_from(",;\t")
)
def test_what_a_dry_run_counts_is_what_is_taken(
    rows: list[list[str]], sign: str, tmp_path: Path
) -> None:
    path, table = tmp_path / "any.csv", Memory()
    head = sign.join(["Bib", "Name", "Contest", "Wave", "Gun Time"])
    body = "\n".join(sign.join(row) for row in rows)
    path.write_bytes(f"{head}\n{body}\n".encode("utf-8", "surrogatepass"))
    try:
        found = taken(path, Kind.RESULTS, table)
    except Unreadable:
        assert not table.lines
    else:
        assert len(table.lines) == found.new
        assert all(0 < len(bib) <= 64 and "\0" not in bib for bib in table.lines)


@FUZZ
@given(text=st.text(max_size=300))
def test_no_row_is_read_twice_and_lines_only_rise(text: str, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    lines = [row.line for row in rows_of(path, Shape("utf-8", ","))]
    assert lines == sorted(set(lines))


def test_what_is_given_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes("bib;name\n1;Zoë\n".encode("cp1252"))
    assert shape_of(path, "cp1252", ",") == Shape("cp1252", ",")
