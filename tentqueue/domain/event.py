"""What all events have: an instant, and whom they are about. The events are in `events.py`."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.model import Instant


@dataclass(frozen=True)
class Event:
    """Base of all events."""

    at: Instant


@dataclass(frozen=True)
class OfTicket(Event):
    """Something happened to the ticket with this code."""

    code: str


@dataclass(frozen=True)
class OfTherapist(Event):
    """Something happened to this therapist."""

    therapist: str
