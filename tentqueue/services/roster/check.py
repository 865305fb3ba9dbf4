"""What a file would change, found out without changing anything: the dry run.

What is new is set aside as it is read, so that taking it later reads nothing again. Memory does
not grow with the file but by a number a row, to know bibs that come twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO

import msgspec

from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.said import Said
from tentqueue.services.roster.columns import Meaning, is_header, named
from tentqueue.services.roster.listed import Listed, RosterTable
from tentqueue.services.roster.reading import Cells, Kind, Note, Problem, RowReader, RowWrong
from tentqueue.services.roster.source import (
    MOST_ROWS,
    Row,
    Shape,
    Unreadable,
    rows_of,
    shape_of,
)
from tentqueue.services.roster.unsure import settle

TOLD = 200
"""Problems told in full; of more only the number."""
SHOWN = 5
TOGETHER = 1000
"""Rows looked up at once, and told as progress."""
HEADER_WITHIN = 20
"""Rows among which the headers are looked for: titles stand above them."""
_SPOOL = 4 * 1024 * 1024
Progress = Callable[[int], None]
"""Told how many rows are done."""


@dataclass(frozen=True)
class Choices:
    """What somebody said about a file; empty is guessed. `columns` names by meaning the header,
    or the number from 1."""

    kind: Kind
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(_SPOOL)


@dataclass
class Check:
    """A file as it was understood, and what it would change."""

    kind: Kind
    shape: Shape
    headers: list[str]
    columns: dict[int, Meaning]
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    erased: int = 0
    """Rows of runners who asked to be erased; no fault of the list, so none is `wrong`."""
    problems: list[Problem] = field(default_factory=list)
    notes: dict[Note, int] = field(default_factory=dict)
    strangers: dict[str, None] = field(default_factory=dict)
    samples: list[Listed] = field(default_factory=list)
    spool: IO[bytes] = field(default_factory=_spool, repr=False)

    @property
    def dropped(self) -> list[str]:
        """Headers of columns that mean nothing here; nothing of them is kept."""
        return [h for n, h in enumerate(self.headers) if n not in self.columns and h.strip()]

    @property
    def to_take(self) -> int:
        """Lines that say something new."""
        return self.new + self.changed

    def complain(self, line: int, field: str, sentence: Said) -> None:
        """Leave a row out, and say why."""
        self.wrong += 1
        if len(self.problems) < TOLD:
            self.problems.append(Problem(line, field, sentence))

    def set_aside(self, listed: Listed) -> None:
        """Keep a line to be taken later."""
        self.spool.write(_encode(listed) + b"\n")

    def lines(self) -> Iterator[Listed]:
        """The lines set aside, in the file's order."""
        self.spool.seek(0)
        return (_decode(line) for line in self.spool)

    def close(self) -> None:
        """Let go of what was set aside."""
        self.spool.close()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Listed).decode


def check(
    path: Path,
    event: RaceEvent,
    choices: Choices,
    table: RosterTable,
    progress: Progress = lambda rows: None,
) -> Check:
    """Read a whole file and find out what it would change. Changes nothing.

    Raises: Unreadable when no row can be taken, and says what to do; OSError.
    """
    shape = shape_of(path, choices.encoding, choices.delimiter)
    rows = rows_of(path, shape)
    headers, first = _headers(rows)
    result = Check(choices.kind, shape, headers, _columns(headers, choices))
    sample = list(islice(rows, 50))
    result.columns = settle(result.columns, headers, sample, event, choices.columns)
    reader = RowReader(event, choices.kind, result.columns)
    result.notes, result.strangers = reader.notes, reader.strangers
    _read_all(_Reading(result, reader, table, event.slug), chain(first, sample, rows), progress)
    if not result.rows:
        raise Unreadable(Said("The file has headers and no rows. Export the list again."))
    return result


def _headers(rows: Iterator[Row]) -> tuple[list[str], list[Row]]:
    """The row that names the bib; rows above it are titles. Without any, the first row is it."""
    seen: list[Row] = []
    for row in islice(rows, HEADER_WITHIN):
        seen.append(row)
        if is_header(row.cells):
            return row.cells, []
    good = next((number for number, row in enumerate(seen) if row.wrong is None), None)
    if good is None:
        raise Unreadable(Said("No row can be read. Export the list as CSV again."))
    return seen[good].cells, seen[good + 1 :]


def _columns(headers: list[str], choices: Choices) -> dict[int, Meaning]:
    try:
        columns = named(headers, choices.columns)
    except KeyError as missing:
        raise Unreadable(
            Said("No column is called {name}. Choose a header or its number.", name=str(missing))
        ) from None
    if Meaning.BIB not in columns.values():
        seen = ", ".join(header.strip()[:24] for header in headers[:12] if header.strip())
        raise NoBib(
            Said("No column is known as the bib. Say which it is: {seen}.", seen=seen), headers
        )
    return columns


class NoBib(Unreadable):
    """The bib's column has to be chosen; `headers` are there to choose from."""

    def __init__(self, sentence: Said, headers: list[str]) -> None:
        super().__init__(sentence)
        self.headers = headers


@dataclass
class _Reading:
    """A check under way: `seen` has each bib's line, by its hash."""

    result: Check
    reader: RowReader
    table: RosterTable
    slug: str
    seen: dict[int, int] = field(default_factory=dict)


def _read_all(reading: _Reading, rows: Iterator[Row], progress: Progress) -> None:
    while some := list(islice(rows, TOGETHER)):
        reading.result.rows += len(some)
        if reading.result.rows > MOST_ROWS:
            raise Unreadable(
                Said("The file has over {most} rows. Split it by contest.", most=f"{MOST_ROWS:,}")
            )
        _read(reading, [cells for row in some if (cells := _picked(reading, row)) is not None])
        progress(reading.result.rows)


def _picked(reading: _Reading, row: Row) -> Cells | None:
    """The row's cells, unless it can't be read or its bib came before."""
    if row.wrong is not None:
        reading.result.complain(row.line, "row", row.wrong)
        return None
    try:
        cells = reading.reader.cells(row.line, row.cells)
    except RowWrong as wrong:
        reading.result.complain(row.line, wrong.field, wrong.sentence)
        return None
    before = reading.seen.setdefault(hash(cells.bib), row.line)
    if before != row.line:
        said = Said("{bib} is on line {line} already; keep one", bib=cells.bib, line=before)
        reading.result.complain(row.line, Meaning.BIB, said)
        return None
    return cells


def _read(reading: _Reading, some: list[Cells]) -> None:
    result = reading.result
    gone = reading.table.erased(reading.slug, [cells.bib for cells in some])
    result.erased += len(gone)
    some = [cells for cells in some if cells.bib not in gone]
    known = reading.table.find(reading.slug, [cells.bib for cells in some])
    for cells in some:
        before = known.get(cells.bib)
        try:
            read = reading.reader.listed(cells, before)
        except RowWrong as wrong:
            result.complain(cells.line, wrong.field, wrong.sentence)
            continue
        after = read.after(before)
        if before is None:
            result.new += 1
        elif after == before:
            result.unchanged += 1
        else:
            result.changed += 1
        if after != before:
            result.set_aside(read)
        if len(result.samples) < SHOWN:
            result.samples.append(after)
