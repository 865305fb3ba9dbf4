"""From a row of text to a line of the roster, or to why not and what to do (rule 30).

A finish of day is the start that its time counts from, plus the time: gun time from the wave's
start, else its contest's; chip time only from the runner's own start. Never guesses a start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tentqueue.domain.model import Instant
from tentqueue.domain.race_event import RaceEvent, Wave
from tentqueue.domain.said import Said
from tentqueue.services.roster.columns import Meaning
from tentqueue.services.roster.contests import Contests
from tentqueue.services.roster.listed import Listed, Outcome, bib_of, name_of
from tentqueue.services.roster.times import Days, NotATime, elapsed, outcome_of
from tentqueue.services.text import TooLong

EARLIEST_START = timedelta(hours=1)
LATEST_START = timedelta(hours=12)
"""A runner's own start is never so far from the gun: what is, is no start."""
DISAGREE = timedelta(minutes=2)
"""Gun time and time of day of one finish: further apart, a start time is wrong."""
NAMED = 6
"""Contests told by name that are not the event's."""
_ULTRASIGNUP = {"2": Outcome.DNF, "3": Outcome.DNS, "5": Outcome.DSQ}


class Kind(StrEnum):
    """What a file is."""

    STARTS = "starts"
    RESULTS = "results"


class Note(StrEnum):
    """What is worth saying of many rows, and wrong with none."""

    NO_WAVE = "no_wave"
    CONTEST_UNKNOWN = "contest_unknown"
    FROM_CONTEST = "from_contest"
    DISAGREE = "disagree"


@dataclass(frozen=True)
class Problem:
    """A row that is left out: its line, the field, and what to do."""

    line: int
    field: str
    sentence: Said


class RowWrong(ValueError):
    """Why a row can't be taken."""

    def __init__(self, field: str, sentence: Said) -> None:
        super().__init__(str(sentence))
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row that mean something, tidied, with its line and bib."""

    line: int
    bib: str
    values: dict[Meaning, str]

    def __getitem__(self, meaning: Meaning) -> str:
        return self.values.get(meaning, "")


class RowReader:
    """Reads rows of one file; `notes` counts what is worth saying."""

    def __init__(self, event: RaceEvent, kind: Kind, columns: Mapping[int, Meaning]) -> None:
        self.kind, self.columns = kind, columns
        self.contests = Contests(event)
        self._days = Days(ZoneInfo(event.timezone), date.fromisoformat(event.date))
        self._first_start = self.contests.first_start() or self._days.midnight()
        has_names = {Meaning.FIRST, Meaning.LAST} <= set(columns.values())
        self._status_is_coded = has_names and Meaning.GUN in columns.values()
        self.notes: dict[Note, int] = dict.fromkeys(Note, 0)
        self.strangers: dict[str, None] = {}
        """Contests of the file that are none of the event's, the first few."""

    def cells(self, line: int, row: list[str]) -> Cells:
        """Pick the row's cells. Raises: RowWrong without a bib."""
        values = {
            meaning: text
            for number, meaning in self.columns.items()
            if number < len(row) and (text := row[number].strip())
        }
        try:
            bib = bib_of(values.get(Meaning.BIB, ""))
        except TooLong as long:
            raise RowWrong(
                Meaning.BIB,
                Said("is longer than {most} letters; is this the bib's column?", most=long.longest),
            ) from None
        if not bib:
            raise RowWrong(Meaning.BIB, Said("is missing; give the runner a bib, or leave them"))
        return Cells(line, bib, values)

    def listed(self, cells: Cells, known: Listed | None) -> Listed:
        """Read a row; `known` is what the roster has of the bib. Raises: RowWrong."""
        line = self._placed(cells, known)
        if self.kind is Kind.RESULTS or cells[Meaning.STATUS]:
            line = self._finished(cells, line, known)
        return line

    def _placed(self, cells: Cells, known: Listed | None) -> Listed:
        named = cells[Meaning.CONTEST]
        contest = self.contests.contest(named) if named else None
        within = contest or (known.contest if known else None)
        wave = None
        if contest or not named:
            wave = self.contests.wave(within, cells[Meaning.WAVE])
        if named and contest is None:
            wave = self.contests.wave_called(named, f"{named} {cells[Meaning.WAVE]}")
            self._unknown(named, wave)
        if wave is None and cells[Meaning.WAVE] and self.kind is Kind.STARTS:
            self.notes[Note.NO_WAVE] += 1
        name = name_of(cells[Meaning.FIRST], cells[Meaning.LAST]) or name_of(cells[Meaning.NAME])
        contest = wave.contest if wave else contest
        placed = Listed(cells.bib, name, contest, wave.id if wave else None)
        return replace(placed, started_at=self._own_start(cells, placed.after(known)))

    def _unknown(self, contest: str, wave: Wave | None) -> None:
        if wave is None:
            self.notes[Note.CONTEST_UNKNOWN] += 1
            if len(self.strangers) < NAMED:
                self.strangers.setdefault(contest[:40])

    def _gun(self, cells: Cells, line: Listed) -> Instant | None:
        """When the gun went for a runner; never another contest's for one the event has not."""
        if wave := self.contests.wave_named(line.wave):
            return wave.starts_at
        stranger = line.contest is None and cells[Meaning.CONTEST]
        return None if stranger else self.contests.start_of(line.contest)

    def _own_start(self, cells: Cells, line: Listed) -> Instant | None:
        text, gun = cells[Meaning.START], self._gun(cells, line) or self._first_start
        if not text or outcome_of(text):
            return None
        try:
            at = self._days.of_day(text, gun - EARLIEST_START)
        except NotATime as wrong:
            raise RowWrong(Meaning.START, wrong.sentence) from None
        return at if at is not None and at <= gun + LATEST_START else None

    def _finished(self, cells: Cells, line: Listed, known: Listed | None) -> Listed:
        outcome = self._outcome(cells)
        if outcome is not None:
            return replace(line, outcome=outcome)
        if self.kind is Kind.STARTS:
            return line
        whole = line.after(known)
        by_clock, by_gun = self._by_clock(cells, whole), self._by_gun(cells, whole)
        if by_clock and by_gun and abs(by_clock - by_gun) > DISAGREE:
            self.notes[Note.DISAGREE] += 1
        finish = by_clock or by_gun or self._by_chip(cells, whole)
        return replace(line, finished_at=finish)

    def _outcome(self, cells: Cells) -> Outcome | None:
        status = cells[Meaning.STATUS]
        if self._status_is_coded and status in _ULTRASIGNUP:
            return _ULTRASIGNUP[status]
        fields = (Meaning.STATUS, Meaning.GUN, Meaning.FINISH, Meaning.CHIP)
        found = (outcome_of(text) for field in fields if (text := cells[field]))
        return next((outcome for outcome in found if outcome), None)

    def _by_clock(self, cells: Cells, line: Listed) -> Instant | None:
        if not cells[Meaning.FINISH]:
            return None
        try:
            return self._days.of_day(
                cells[Meaning.FINISH], self._gun(cells, line) or self._first_start
            )
        except NotATime as wrong:
            raise RowWrong(Meaning.FINISH, wrong.sentence) from None

    def _by_gun(self, cells: Cells, line: Listed) -> Instant | None:
        took = _took(cells, Meaning.GUN)
        if took is None:
            return None
        start = self._gun(cells, line)
        if start is None:
            raise RowWrong(
                Meaning.GUN,
                Said(
                    "counts from a start that is not known; import the start list first, or add "
                    "the contest's column with this event's names"
                ),
            )
        if line.wave is None:
            self.notes[Note.FROM_CONTEST] += 1
        return start + took

    def _by_chip(self, cells: Cells, line: Listed) -> Instant | None:
        took = _took(cells, Meaning.CHIP)
        if took is None:
            return None
        if line.started_at is None:
            raise RowWrong(
                Meaning.CHIP,
                Said(
                    "alone does not say when: it counts from the runner's own start. Export gun "
                    "time, the finish as time of day, or the own start too"
                ),
            )
        return line.started_at + took


def _took(cells: Cells, field: Meaning) -> timedelta | None:
    try:
        return elapsed(cells[field])
    except NotATime as wrong:
        raise RowWrong(field, wrong.sentence) from None
