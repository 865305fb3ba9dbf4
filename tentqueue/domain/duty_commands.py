"""What can be asked of a therapist's day, the treatments apart. Read as a part of `commands.py`."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.command import OfTherapist
from tentqueue.domain.model import Instant


@dataclass(frozen=True)
class BeAvailable(OfTherapist):
    """On duty, or back from a break."""


@dataclass(frozen=True)
class TakeBreak(OfTherapist):
    """A break now, or as soon as the treatment ends. `minutes` None: as the rules say."""

    minutes: int | None = None


@dataclass(frozen=True)
class GoHome(OfTherapist):
    """Off duty, as soon as the treatment ends."""


@dataclass(frozen=True)
class ChangeShift(OfTherapist):
    """Comes later, leaves earlier, stays longer; what is None stays as it is."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None


@dataclass(frozen=True)
class ChangeTable(OfTherapist):
    """Work at another table; whoever has it takes this therapist's."""

    table: int
