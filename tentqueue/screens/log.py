"""The last lines of the log as staff read them, and which of them undo would take back.

Never the events themselves: those are for `journal`.
"""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain.model import Instant
from tentqueue.domain.tent import Entry, Tent
from tentqueue.screens.sentence import asked, reason_of, told
from tentqueue.screens.shape import View, iso

LOG_LINES = 30
UNDO_FOR = timedelta(seconds=10)


def undo(tent: Tent, now: Instant, actor: str | None) -> View | None:
    """What undo would take back: the actor's own last entry, for ten seconds (rule 26)."""
    own = (t.entry for t in reversed(tent.recent) if t.entry.undoable and t.entry.actor == actor)
    entry = next(own, None)
    if entry is None or now - entry.at > UNDO_FOR:
        return None
    return {"number": entry.number, "text": asked(tent, entry), "until": iso(entry.at + UNDO_FOR)}


def log(tent: Tent) -> list[View]:
    """The last entries, the newest first."""
    entries = [trace.entry for trace in tent.recent if trace.entry.events][-LOG_LINES:]
    return [_line(tent, entry) for entry in reversed(entries)]


def _line(tent: Tent, entry: Entry) -> View:
    return {
        "number": entry.number,
        "at": iso(entry.at),
        "actor": entry.actor,
        "text": told(tent, entry),
        "reason": reason_of(entry),
    }
