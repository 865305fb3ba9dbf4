"""A timing system's file as rows of text: which encoding, which separator, where each row begins.

Reads a line at a time, so a file of any allowed size costs the same memory. A row that can't be
read is told and left out; it never takes the rows behind it along. What sniffs at files is loaded
with the first one: a server that was killed must call runners again before it reads lists.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tentqueue.domain.said import Said

LARGEST_FILE = 50 * 1024 * 1024
MOST_ROWS = 500_000
LONGEST_LINE = 32 * 1024
"""Characters; a row of a start list has some hundred."""
LINES_A_ROW = 5
"""Lines that one quoted field may spread over before its quote counts as forgotten."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = ("utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be")
_CHUNK = 1024 * 1024
_SAMPLE = 6 * 1024
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NOT_TEXT = {
    b"PK\x03\x04": Said("This is an Excel workbook. Save it as CSV, and take that file."),
    b"\xd0\xcf\x11\xe0": Said("This is an Excel workbook. Save it as CSV, and take that file."),
    b"%PDF": Said("This is a PDF. Export the list as CSV, and take that file."),
}


class Unreadable(Exception):
    """A file no row of which can be taken; `sentence` says what to do."""

    def __init__(self, sentence: Said) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Shape:
    """How the file is written."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, from 1, and its cells; or why it can't be read."""

    line: int
    cells: list[str]
    wrong: Said | None = None


def shape_of(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Shape:
    """Find out how a file is written; what is given is taken. Raises: Unreadable, OSError."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise Unreadable(
            Said(
                "The file has {mb} MB; {most} MB are the most. Leave out columns, or split it.",
                mb=-(-size // 1_048_576),
                most=LARGEST_FILE // 1_048_576,
            )
        )
    with path.open("rb") as file:
        encoding = encoding or _encoding(file)
        file.seek(0)
        sample = file.read(4 * _SAMPLE).decode(encoding, "replace")[:_SAMPLE]
    if not sample.strip("\ufeff \t\r\n\0"):
        raise Unreadable(Said("The file is empty. Export the list again."))
    return Shape(encoding, delimiter or _delimiter(sample))


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if all of it is; else what the bytes around the first other one look like."""
    head = file.read(4)
    for start, sentence in _NOT_TEXT.items():
        if head.startswith(start):
            raise Unreadable(sentence)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    file.seek(0)
    odd = _first_odd_chunk(file)
    if odd is None:
        return "utf-8"
    import charset_normalizer

    found = charset_normalizer.from_bytes(odd, cp_isolation=list(ENCODINGS[1:])).best()
    name = found.encoding if found else "cp1252"
    return codecs.lookup(name).name


def _first_odd_chunk(file: BinaryIO) -> bytes | None:
    """The bytes around the first that are not UTF-8, or that no text has; None without any."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk := file.read(_CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as odd:
            at = max(0, min(odd.start, len(chunk)) - _SAMPLE) // 2 * 2
            return chunk[at : at + 2 * _SAMPLE]
        if chunk.count(b"\0") > len(chunk) // 8:
            return chunk[: 2 * _SAMPLE]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        file.seek(-min(file.tell(), _SAMPLE), io.SEEK_END)
        return file.read()
    return None


def _delimiter(sample: str) -> str:
    lines = sample.lstrip("\ufeff").splitlines()
    if lines[0].lower().startswith("sep=") and lines[0][4:5] in DELIMITERS:
        return lines[0][4]
    whole = "\n".join(lines[:-1] if len(lines) > 2 else lines) + "\n"
    import clevercsv

    found = clevercsv.Sniffer().sniff(whole.replace("\0", ""), delimiters=list(DELIMITERS))
    sniffed = found.delimiter if found else ""
    return sniffed if sniffed in DELIMITERS else max(DELIMITERS, key=whole.count)


def rows_of(path: Path, shape: Shape) -> Iterator[Row]:
    """Read the rows in order; empty ones are left out. Raises: OSError."""
    with path.open(encoding=shape.encoding, errors="replace", newline=None) as file:
        yield from _rows(_Lines(file), shape.delimiter)


class _Lines:
    """The file's lines with their numbers, and those put back to be read again."""

    def __init__(self, file: io.TextIOBase | io.TextIOWrapper) -> None:
        self._file, self._number = file, 0
        self._back: list[tuple[int, str]] = []

    def next(self) -> tuple[int, str] | None:
        """The next line; of one that is too long only the beginning."""
        if self._back:
            return self._back.pop()
        line = self._file.readline(LONGEST_LINE)
        if not line:
            return None
        self._number += 1
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith("\n"):
            rest = self._file.readline(LONGEST_LINE)
        return self._number, line

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        """Read these again."""
        self._back += reversed(lines)


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    while (first := lines.next()) is not None:
        number, line = first
        if number == 1:
            line = line.removeprefix("\ufeff")
            if line.lower().startswith("sep="):
                continue
        wrong = _unreadable(line)
        if wrong is not None:
            yield Row(number, [], wrong)
        elif line.strip():
            cells = _cells(line, delimiter)
            whole = _whole(lines, line, delimiter) if _is_open(cells) else cells
            yield Row(number, whole or [], None if whole else _UNCLOSED)


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of a row; a quote that is open still takes the line's end into the last one."""
    try:
        return next(csv.reader([line.rstrip("\r\n") + "\n"], delimiter=delimiter))
    except csv.Error:
        return ["\n"]


def _is_open(cells: list[str]) -> bool:
    return bool(cells) and cells[-1].endswith("\n")


_UNCLOSED = Said("a quote is opened and never closed; close it, or take it out")


def _unreadable(line: str) -> Said | None:
    if "\0" in line:
        return Said("has bytes that no text has; export the list as CSV again")
    if len(line) >= LONGEST_LINE:
        return Said("is longer than {most} letters; export the list again", most=LONGEST_LINE)
    return None


def _whole(lines: _Lines, line: str, delimiter: str) -> list[str] | None:
    """A row whose field goes on in the next lines; None, and they are read again, if none ends."""
    more: list[tuple[int, str]] = []
    while len(more) < LINES_A_ROW and (following := lines.next()) is not None:
        more.append(following)
        if _unreadable(following[1]):
            break
        line += following[1]
        cells = _one_row(line, delimiter)
        if cells is not None and not _is_open(cells):
            return cells
    lines.put_back(more)
    return None


def _one_row(lines: str, delimiter: str) -> list[str] | None:
    """The cells of several lines that are one row; None when they are more."""
    try:
        rows = list(csv.reader(io.StringIO(lines), delimiter=delimiter))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
