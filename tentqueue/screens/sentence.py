"""A journal entry told in one sentence, for the organiser's log and the undo button.

Codes, therapists and tables only: never a runner's name, a bib, an area or a referral's category.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from tentqueue.domain import events as ev
from tentqueue.domain.model import Instant, LaneName, LaneState, Moved
from tentqueue.domain.said import Said
from tentqueue.domain.tent import Entry, Tent
from tentqueue.screens.why import moved_words

LANES = {
    LaneName.WARMUP: Said("Warm-up"),
    LaneName.RECOVERY: Said("Recovery"),
    LaneName.NEXTDAY: Said("Next day"),
}
DOORS = {
    LaneState.CLOSED: Said("closed"),
    LaneState.OPEN: Said("open"),
    LaneState.PAUSED: Said("paused"),
    LaneState.FULL: Said("full"),
}
_TELL: dict[type[ev.Event], Callable[[Tent, Any], Said]] = {
    ev.EventDefined: lambda tent, e: Said("The event was set up"),
    ev.RunnerJoined: lambda tent, e: Said("{code} joined", code=e.ticket.code),
    ev.RunnerScreened: lambda tent, e: Said("{code} answered the questions", code=e.code),
    ev.FinishRecorded: lambda tent, e: Said("{code} finished the race", code=e.code),
    ev.TicketHeld: lambda tent, e: Said("{code} is on hold", code=e.code),
    ev.TicketReleased: lambda tent, e: Said("{code} is back in line", code=e.code),
    ev.MoreTimeGiven: lambda tent, e: Said("{code} has more time", code=e.code),
    ev.RunnerArrived: lambda tent, e: Said("{code} is here", code=e.code),
    ev.RunnerLeft: lambda tent, e: Said("{code} left", code=e.code),
    ev.TicketExpired: lambda tent, e: Said("{code} expired", code=e.code),
    ev.TicketErased: lambda tent, e: Said("{code} was erased", code=e.code),
    ev.RunnerCalled: lambda tent, e: (
        Said("{code} called to table {table}", code=e.code, table=e.table)
        if e.table is not None
        else Said("{code} called to the tent", code=e.code)
    ),
    ev.TableGiven: lambda tent, e: (
        Said("{code} goes to table {table}", code=e.code, table=e.table)
        if e.table is not None
        else Said("{code} goes to the tent", code=e.code)
    ),
    ev.RunnerRecalled: lambda tent, e: Said("{code} called again", code=e.code),
    ev.CallMissed: lambda tent, e: Said("{code} missed the call", code=e.code),
    ev.RunnerNoShow: lambda tent, e: Said("{code} did not come", code=e.code),
    ev.TreatmentStarted: lambda tent, e: Said(
        "{code} started at table {table}", code=e.code, table=e.table
    ),
    ev.TreatmentExtended: lambda tent, e: Said("{code} got more minutes", code=e.code),
    ev.TreatmentFinished: lambda tent, e: Said("{code} finished", code=e.code),
    ev.TreatmentWrittenUp: lambda tent, e: Said(
        "{code} was treated at table {table}, from the paper", code=e.code, table=e.table
    ),
    ev.RunnerReferred: lambda tent, e: Said("{code} was referred to medical", code=e.code),
    ev.LengthChanged: lambda tent, e: Said(
        "{code} is now {minutes} min", code=e.code, minutes=e.minutes
    ),
    ev.TicketMoved: lambda tent, e: (
        Said("{code} moved before {before}", code=e.code, before=e.before)
        if e.before
        else Said("{code} moved to the front", code=e.code)
    ),
    ev.MadeUpRemoved: lambda tent, e: Said.counted(
        "One made-up ticket was taken out of the line",
        "{count} made-up tickets were taken out of the line",
        len(e.codes),
    ),
    ev.TherapistArrived: lambda tent, e: Said("{name} is on duty", name=_name(tent, e.therapist)),
    ev.TableCleaned: lambda tent, e: Said(
        "The table of {name} is clean", name=_name(tent, e.therapist)
    ),
    ev.BreakDue: lambda tent, e: Said("{name} has a break next", name=_name(tent, e.therapist)),
    ev.BreakStarted: lambda tent, e: Said("{name} is on a break", name=_name(tent, e.therapist)),
    ev.BreakEnded: lambda tent, e: Said(
        "{name} is back from a break", name=_name(tent, e.therapist)
    ),
    ev.LeaveDue: lambda tent, e: Said(
        "{name} leaves after this one", name=_name(tent, e.therapist)
    ),
    ev.TherapistLeft: lambda tent, e: (
        Said("{name} went home without a tap", name=_name(tent, e.therapist))
        if e.reason == "unseen"
        else Said("{name} left", name=_name(tent, e.therapist))
    ),
    ev.ShiftChanged: lambda tent, e: Said(
        "{name} works from {start} to {end}",
        name=_name(tent, e.therapist),
        start=_clock(tent, e.starts_at),
        end=_clock(tent, e.ends_at),
    ),
    ev.TableChanged: lambda tent, e: Said(
        "{name} works at table {table}", name=_name(tent, e.therapist), table=e.table
    ),
    ev.RunnersTurnedAway: lambda tent, e: Said.counted(
        "{lane}: one runner was turned away",
        "{lane}: {count} runners were turned away",
        e.count,
        lane=LANES[e.lane],
    ),
    ev.EstimateMoved: lambda tent, e: Said(
        "{lane}, what runners are told: {moved}",
        lane=LANES[e.lane],
        moved=moved_words(Moved(e.at, e.minutes, e.reason)),
    ),
    ev.LaneChanged: lambda tent, e: lane_is(e.lane, e.state),
    ev.LoadShed: lambda tent, e: (
        Said("{lane}: treatments take {minutes} min", lane=LANES[e.lane], minutes=e.minutes)
        if e.minutes
        else Said("{lane}: treatments have their usual length", lane=LANES[e.lane])
    ),
    ev.Announced: lambda tent, e: (
        Said("Announcement changed") if e.text else Said("Announcement cleared")
    ),
    ev.CommandUndone: lambda tent, e: Said("Entry {number} was undone", number=e.number),
    ev.EventRestored: lambda tent, e: Said("The event went on from a backup"),
    ev.NumberLost: lambda tent, e: Said("A number the lost machine may have used"),
    ev.RecordsWiped: lambda tent, e: Said("The records were made anonymous"),
    ev.WipeProven: lambda tent, e: Said("The wipe was looked over and proven"),
}


def told(tent: Tent, entry: Entry) -> Said:
    """Tell an entry: what was asked first, then what followed from it."""
    return Said.chain(_TELL[type(event)](tent, event) for event in entry.events)


def asked(tent: Tent, entry: Entry) -> Said:
    """Tell only the first thing of an entry: what the undo button would take back."""
    first = entry.events[0]
    return _TELL[type(first)](tent, first)


def reason_of(entry: Entry) -> str | None:
    """The reason given for a jump, a call or a door (rule 15); a referral has none to show."""
    return next((r for e in entry.events if (r := getattr(e, "reason", None))), None)


def lane_is(lane: LaneName, state: LaneState) -> Said:
    """A lane's door in one sentence."""
    return Said("{lane} is {state}", lane=LANES[lane], state=DOORS[state])


def _clock(tent: Tent, at: Instant) -> str:
    return f"{at.astimezone(ZoneInfo(tent.event.timezone)):%H:%M}"


def _name(tent: Tent, therapist: str) -> str:
    known = tent.therapists.get(therapist)
    return known.name if known else Said("A therapist")
