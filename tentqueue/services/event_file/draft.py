"""An event as the set-up page holds it: the file's own tables, so that page and file never differ.

A draft is what the TOML file parses to, as JSON: days and times are text. It is checked as a file
is; a problem names the same field in both.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.event_file import EventFileProblems, Problem, check_event, write_event

Draft = dict[str, Any]
PAGE = "set-up"
"""What problems call the file of a page."""


@dataclass(frozen=True)
class Checked:
    """A draft and what the file's reader makes of it; `event` is None while problems are left."""

    draft: Draft
    toml: str
    event: RaceEvent | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def draft_of(event: RaceEvent) -> Draft:
    """Return an event as a draft."""
    draft: Draft = _plain(tomllib.loads(write_event(event)))
    return draft


def check_draft(draft: Draft) -> Checked:
    """Write a draft as a file and read that; empty fields count as left out."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        tidy = _without_blanks(draft)
        text = tomlkit.dumps(tidy)
    except (TOMLKitError, RecursionError, ValueError):
        problem = Problem(PAGE, 1, "file", "can't be written as an event file; reload the page")
        return Checked({}, "", None, (problem,))
    return _checked(tidy, text)


def check_text(text: str) -> Checked:
    """Read a file that somebody brought along; one that is no TOML at all makes an empty draft."""
    try:
        draft = _plain(tomllib.loads(text.removeprefix("\ufeff")))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        draft = {}
    return _checked(draft, text)


def copied(event: RaceEvent, slug: str, day: date) -> Draft:
    """Return a draft of the same event on another day, as for next year.

    Times of the clock stay. What names a day of its own, such as a shift on the day after, moves
    by as many days as the race does.
    """
    moved = (day - date.fromisoformat(event.date)).days
    draft: Draft = _moved(draft_of(event), moved)
    draft["event"] |= {"slug": slug, "date": day.isoformat()}
    return draft


def _checked(draft: Draft, text: str) -> Checked:
    try:
        event, warnings = check_event(text, PAGE)
    except EventFileProblems as wrong:
        return Checked(draft, text, None, tuple(wrong.problems))
    return Checked(draft, text, event, (), tuple(warnings))


def _plain(value: Any) -> Any:
    """JSON of what TOML parses to."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_blanks(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, "")}
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value if inner is not None]
    return value


def _moved(value: Any, days: int) -> Any:
    """Move each day that a text begins with; anything else stays."""
    if isinstance(value, dict):
        return {key: _moved(inner, days) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, days) for inner in value]
    if not isinstance(value, str):
        return value
    return " / ".join(_moved_text(part, days) for part in value.split(" / "))


def _moved_text(text: str, days: int) -> str:
    try:
        on = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return date.fromordinal(on.toordinal() + days).isoformat() + text[10:]
