"""On which line of a TOML text each key stands; the parser itself doesn't tell.

Never judges the text: what it can't place, its caller looks for one table further out.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: `("contest", 0, "wave", 1, "start")`."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY}){{0,8}}"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=(.*)$")
_TOKEN = re.compile(
    r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[{]|[\]}]',
)


def lines_of(text: str) -> dict[Path, int]:
    """Return the line of each table header and key, counted from 1."""
    found: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    open_until: str | int = 0
    for number, line in enumerate(text.splitlines(), 1):
        if open_until:
            open_until = _left_open(line, open_until)
        elif header := _HEADER.match(line):
            table = _enter(header.group(1) == "[[", _parts(header.group(2)), counts)
            found.setdefault(table, number)
        elif pair := _PAIR.match(line):
            found.setdefault((*table, *_parts(pair.group(1))), number)
            open_until = _left_open(pair.group(2), 0)
    return found


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, dotted)]


def _enter(is_list: bool, parts: list[str], counts: dict[Path, int]) -> Path:
    """The path of a header: an outer list means the last of its tables."""
    path: Path = ()
    for depth, part in enumerate(parts, 1):
        path = (*path, part)
        if is_list and depth == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _left_open(line: str, state: str | int) -> str | int:
    """What is still open at the end of a line: so many brackets, or a long string's quotes."""
    for token in _TOKEN.finditer(line):
        mark = token.group(0)
        if isinstance(state, str):
            state = 0 if mark == state else state
        elif mark in ('"""', "'''"):
            state = mark
        elif mark in ("[", "{"):
            state += 1
        elif mark in ("]", "}"):
            state = max(0, state - 1)
    return state
