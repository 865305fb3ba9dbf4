"""What commands have in common: whom they are about. The commands are in `commands.py`."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.model import LaneName


@dataclass(frozen=True)
class Command:
    """Base of all commands."""


@dataclass(frozen=True)
class OfTicket(Command):
    """A command about one ticket; `ticket` is its code or its id."""

    ticket: str


@dataclass(frozen=True)
class OfTherapist(Command):
    """A command about one therapist, by id."""

    therapist: str


@dataclass(frozen=True)
class OfLane(Command):
    """A command about one lane."""

    lane: LaneName
