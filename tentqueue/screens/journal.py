"""Journal entries for the organiser's programs: what happened, without personal data.

Each event's fields are listed here by name. Areas, screening, bib tags and a referral's category
are not among them, and a field added to an event stays hidden until it is.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from tentqueue.domain.events import Event
from tentqueue.domain.model import Ticket
from tentqueue.domain.tent import Entry, Tent
from tentqueue.screens.sentence import reason_of, told
from tentqueue.screens.shape import View, iso

SHOWN = (
    "code",
    "codes",
    "lane",
    "state",
    "reason",
    "by_hand",
    "therapist",
    "table",
    "until",
    "hold",
    "number",
    "count",
    "minutes",
    "before",
    "respond_by",
    "planned_end_at",
    "started_at",
    "starts_at",
    "ends_at",
    "clean_at",
    "finished_at",
    "ready_at",
    "text",
    "why",
    "staff_too",
    "counts",
    "made_at",
    "issued",
)
TICKET_SHOWN = ("code", "lane", "state", "joined_at", "ready_at", "minutes", "wave", "deadline_at")


def journal_line(tent: Tent, entry: Entry) -> View:
    """Show an entry: its number, instant, actor, sentence, reason and events."""
    return {
        "number": entry.number,
        "at": iso(entry.at),
        "actor": entry.actor,
        "text": str(told(tent, entry)),
        "reason": reason_of(entry),
        "events": [event_shape(event) for event in entry.events],
    }


def event_shape(event: Event) -> View:
    """Show an event by the fields that may be shown."""
    ticket = getattr(event, "ticket", None)
    about = _fields(ticket, TICKET_SHOWN) if isinstance(ticket, Ticket) else {}
    return {"type": type(event).__name__, "at": iso(event.at), **about, **_fields(event, SHOWN)}


def _fields(value: Any, names: tuple[str, ...]) -> View:
    return {name: _json(getattr(value, name)) for name in names if hasattr(value, name)}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.value if isinstance(value, Enum) else value
