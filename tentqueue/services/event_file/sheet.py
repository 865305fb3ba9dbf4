"""The event file as it lies on the table: parsed, with lines, and what is wrong with it so far."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tentqueue.services.event_file.lines import Path, lines_of

LARGEST_FILE = 1_000_000
"""Bytes of an event's file."""
LONGEST_LINE = 2_000
MOST_TABLES = 500
"""Therapists, waves or contests in one file."""
_DEEP = re.compile(r"""(?:[\w"'-]+[ \t]*\.[ \t]*){9}""")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINER = "\u200d"
_ABSENT = object()


@dataclass(frozen=True)
class Problem:
    """One thing to mend."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field}: {self.what}"


class EventFileProblems(ValueError):
    """The file can't be used; nothing was changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Sheet:
    """A parsed file and its problems; `section` hands out its tables."""

    filename: str
    tables: dict[str, Any]
    lines: dict[Path, int]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, text: str, filename: str) -> Sheet:
        """Parse `text`. Raises: EventFileProblems when it isn't TOML, or too much of it."""
        _small_enough(text, filename)
        text = text.removeprefix("\ufeff")
        try:
            return cls(filename, tomllib.loads(text), lines_of(text))
        except tomllib.TOMLDecodeError as error:
            raise _refused(filename, *_placed(str(error), text)) from None
        except (RecursionError, ValueError):
            raise _refused(filename, 1, "is nested too deeply; write one table per thing") from None

    def section(self, *path: str | int, table: dict[str, Any]) -> Section:
        """A table of the file."""
        return Section(self, path, table)

    def tables_of(self, outer: dict[str, Any], *path: str | int) -> Iterator[Section]:
        """The tables of a list such as `[[therapist]]`; none when it is absent."""
        given = outer.get(str(path[-1]), [])
        if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
            self.complain(path, f"is a list of tables: write [[{_name(path)}]]")
            return
        if len(given) > MOST_TABLES:
            self.complain(path, f"has {len(given)} tables; {MOST_TABLES} at most")
            return
        for place, table in enumerate(given):
            yield self.section(*path, place, table=table)

    def complain(self, path: Path, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.filename, self._line(path), _name(path), what))

    def warn(self, path: Path, what: str) -> None:
        """Note what works but surely isn't meant."""
        self.warnings.append(Problem(self.filename, self._line(path), _name(path), what))

    def _line(self, path: Path) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True)
class Section:
    """One table of the file."""

    sheet: Sheet
    path: Path
    table: dict[str, Any]

    def complain(self, key: str | None, what: str) -> None:
        """Note a problem with one key, or with the whole table."""
        self.sheet.complain(self.path if key is None else (*self.path, key), what)

    def only(self, known: Iterable[str]) -> None:
        """Complain of keys that are not `known`, and name the nearest one."""
        names = sorted(known)
        for key in self.table:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1, 0.6)
                hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
                self.complain(_short(key), f"is not known here; {hint}")

    def text(self, key: str, longest: int = 80, default: str | None = None) -> str | None:
        """A line of text, tidied; None (with a problem) when missing or wrong."""
        value = self.table.get(key, _ABSENT)
        if value is _ABSENT:
            if default is None:
                self.complain(key, f'is missing; write {key} = "…"')
            return default
        if wrong := _wrong_text(value, longest):
            self.complain(key, wrong)
            return None
        return unicodedata.normalize("NFC", str(value)).strip()

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int | None:
        """A whole number; None (with a problem) when wrong, or missing without a default."""
        value = self.table.get(key, _ABSENT)
        if value is _ABSENT:
            if default is None:
                self.complain(key, f"is missing; write {key} = {low}, or up to {high}")
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.complain(key, f"must be a whole number from {low} to {high}")
            return None
        return value

    def one_of(self, key: str, choices: Iterable[str], default: str | None) -> str | None:
        """One of some words."""
        value, names = self.table.get(key, default), [str(choice) for choice in choices]
        if value is not default and value not in names:
            self.complain(key, f"must be one of: {', '.join(names)}")
            return None
        return default if value is None else str(value)

    def texts(self, key: str, longest: int = 80) -> list[str]:
        """A list of texts; empty when absent."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or len(value) > MOST_TABLES:
            self.complain(key, f'must be a list: {key} = ["…", "…"]')
            return []
        wrong = [w for item in value if (w := _wrong_text(item, longest))]
        if wrong:
            self.complain(key, wrong[0])
        return [] if wrong else [str(item).strip() for item in value]


def _wrong_text(value: object, longest: int) -> str | None:
    if not isinstance(value, str):
        return 'must be text in quotes: "…"'
    if not value.strip():
        return "is empty; write something"
    if len(value) > longest:
        return f"is too long: {longest} letters at most"
    if any(unicodedata.category(c) in _HIDDEN and c != _JOINER for c in value):
        return "holds letters that can't be seen; type it again"
    return None


def _small_enough(text: str, filename: str) -> None:
    if len(text) > LARGEST_FILE or len(text.encode("utf-8", "replace")) > LARGEST_FILE:
        raise _refused(filename, 1, "is larger than 1 MB; an event's file is a few pages")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            raise _refused(filename, number, f"is longer than {LONGEST_LINE} letters; break it up")
        if _DEEP.search(line):
            raise _refused(filename, number, "is nested too deeply; write one table per thing")


def _refused(filename: str, line: int, what: str) -> EventFileProblems:
    return EventFileProblems([Problem(filename, line, "file", what)])


def _placed(message: str, text: str) -> tuple[int, str]:
    """The parser's line and sentence."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    what = message[: at.start()] if at else message
    line = int(at.group(1)) if at and at.group(1) else max(1, len(text.splitlines()))
    return line, f"is not valid TOML here: {what[:1].lower()}{what[1:160]}"


def _name(path: Path) -> str:
    """How a problem names a place: `contest 1 wave 2 start`, `lane.warmup.opens`."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part + 1}]"
        else:
            name += f".{part}" if name else part
    return name or "file"


def _short(key: str) -> str:
    return key if len(key) <= 40 else key[:40] + "…"
