"""How long what the tent knows is kept: a start on a second machine, and the wipe (rule 31).

Decides only what the journal says of it; rows, files and logs are the services' work.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import Instant
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.turn import Turn, decides

LARGEST_CODE = 9_999


def ends_at(event: RaceEvent) -> Instant | None:
    """When the last lane closes, or the day ends; None for an event without a day."""
    closes = [lane.closes_at for lane in event.lanes.values()]
    if closes:
        return max(closes)
    if not event.date:
        return None
    day = datetime.combine(datetime.fromisoformat(event.date), time.max)
    return day.replace(tzinfo=ZoneInfo(event.timezone))


def wipe_due_at(event: RaceEvent) -> Instant | None:
    """When queue records become anonymous by themselves: so many hours after the end (rule 31)."""
    end = ends_at(event)
    return None if end is None else end + timedelta(hours=event.rules.data_kept_hours)


def is_over(event: RaceEvent, now: Instant) -> bool:
    """Whether the last lane has closed."""
    end = ends_at(event)
    return end is not None and now >= end


@decides(do.ContinueRestored)
def continue_restored(turn: Turn, command: do.ContinueRestored) -> None:
    """Go on from a backup, leaving room for the codes that the lost machine may have given out."""
    for lane, last in command.issued.items():
        if not turn.tent.lane(lane).issued <= last <= LARGEST_CODE:
            raise errors.NotPossibleNow(
                "A code that was given out would be used again. Leave more room.", lane=lane
            )
    turn.happen(ev.EventRestored(turn.now, command.made_at, command.issued))


@decides(do.WipeRecords)
def wipe_records(turn: Turn, command: do.WipeRecords) -> None:
    """Begin to forget: who had a ticket, and once the event is over who worked."""
    turn.happen(ev.RecordsWiped(turn.now, command.why, command.staff_too))


@decides(do.ProveWipe)
def prove_wipe(turn: Turn, command: do.ProveWipe) -> None:
    """Write down what the wipe found and left. Refused before a wipe."""
    if turn.tent.wipe is None:
        raise errors.NotPossibleNow("There was no wipe to prove. Wipe first.")
    turn.happen(ev.WipeProven(turn.now, command.counts))
