"""An event's file: TOML in, a `RaceEvent` out, and back again without loss.

Every problem names the file, the line and the field and says what to do; all are told at once.
Never touches a database, and never reads a file from the disk itself.
"""

from __future__ import annotations

from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.event_file.reading import event_of
from tentqueue.services.event_file.sanity import check_together
from tentqueue.services.event_file.sheet import (
    LARGEST_FILE,
    EventFileProblems,
    Problem,
    Sheet,
)
from tentqueue.services.event_file.writing import write_event

__all__ = [
    "LARGEST_FILE",
    "EventFileProblems",
    "Problem",
    "check_event",
    "read_event",
    "write_event",
]


def read_event(text: str, filename: str) -> RaceEvent:
    """Read an event's file; `filename` is only for the problems' text.

    Raises: EventFileProblems with every problem found, in order of lines.
    """
    return check_event(text, filename)[0]


def check_event(text: str, filename: str) -> tuple[RaceEvent, list[Problem]]:
    """Read an event's file and return it with warnings: things that work, but surely aren't meant.

    Raises: EventFileProblems.
    """
    sheet = Sheet.of(text, filename)
    event = event_of(sheet)
    if event is not None:
        check_together(sheet, event)
    if sheet.problems or event is None:
        raise EventFileProblems(sorted(sheet.problems, key=lambda p: p.line))
    return event, sorted(sheet.warnings, key=lambda p: p.line)
