"""What of an event stands in the pages themselves, and not in the views that follow. Reads only."""

from __future__ import annotations

import hashlib

from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import RaceEvent

_LENGTH = 8


def face(event: RaceEvent) -> str:
    """Return some letters that change when a page opened now would look another way."""
    nextday = event.lanes.get(LaneName.NEXTDAY)
    lanes = (*event.lanes, nextday and nextday.rules.minutes)
    rules = (event.rules.cooldown_for, event.rules.treatment_record)
    shown = (event.name, event.date, event.timezone, event.tables, event.languages, lanes, rules)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:_LENGTH]
