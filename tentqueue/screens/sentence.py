"""A journal entry told in one sentence, for the organiser's log and the undo button.

Codes, therapists and tables only: never a runner's name, a bib, an area or a referral's category.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tentqueue.domain import events as ev
from tentqueue.domain.tent import Entry, Tent

_TELL: dict[type[ev.Event], Callable[[Tent, Any], str]] = {
    ev.EventDefined: lambda tent, e: "The event was set up",
    ev.RunnerJoined: lambda tent, e: f"{e.ticket.code} joined",
    ev.RunnerScreened: lambda tent, e: f"{e.code} answered the questions",
    ev.FinishRecorded: lambda tent, e: f"{e.code} finished the race",
    ev.TicketHeld: lambda tent, e: f"{e.code} is on hold",
    ev.TicketReleased: lambda tent, e: f"{e.code} is back in line",
    ev.MoreTimeGiven: lambda tent, e: f"{e.code} has more time",
    ev.RunnerArrived: lambda tent, e: f"{e.code} is here",
    ev.RunnerLeft: lambda tent, e: f"{e.code} left",
    ev.TicketExpired: lambda tent, e: f"{e.code} expired",
    ev.TicketErased: lambda tent, e: f"{e.code} was erased",
    ev.RunnerCalled: lambda tent, e: f"{e.code} called{_to_table(e.table)}",
    ev.TableGiven: lambda tent, e: f"{e.code} goes{_to_table(e.table)}",
    ev.RunnerRecalled: lambda tent, e: f"{e.code} called again",
    ev.CallWithdrawn: lambda tent, e: f"The call of {e.code} was taken back",
    ev.CallMissed: lambda tent, e: f"{e.code} missed the call",
    ev.RunnerNoShow: lambda tent, e: f"{e.code} did not come",
    ev.TreatmentStarted: lambda tent, e: f"{e.code} started at table {e.table}",
    ev.TreatmentExtended: lambda tent, e: f"{e.code} got more minutes",
    ev.TreatmentFinished: lambda tent, e: f"{e.code} finished",
    ev.RunnerReferred: lambda tent, e: f"{e.code} was referred to medical",
    ev.LengthChanged: lambda tent, e: f"{e.code} is now {e.minutes} minutes",
    ev.TicketMoved: lambda tent, e: (
        f"{e.code} moved " + (f"before {e.before}" if e.before else "to the front")
    ),
    ev.TherapistArrived: lambda tent, e: f"{_name(tent, e.therapist)} is on duty",
    ev.TableCleaned: lambda tent, e: f"The table of {_name(tent, e.therapist)} is clean",
    ev.BreakDue: lambda tent, e: f"{_name(tent, e.therapist)} has a break next",
    ev.BreakStarted: lambda tent, e: f"{_name(tent, e.therapist)} is on a break",
    ev.BreakEnded: lambda tent, e: f"{_name(tent, e.therapist)} is back from a break",
    ev.LeaveDue: lambda tent, e: f"{_name(tent, e.therapist)} leaves after this one",
    ev.TherapistLeft: lambda tent, e: f"{_name(tent, e.therapist)} left",
    ev.LaneChanged: lambda tent, e: f"The {e.lane.value} lane is {e.state.value}",
    ev.LoadShed: lambda tent, e: (
        f"Treatments of the {e.lane.value} lane take {e.minutes} minutes"
        if e.minutes
        else f"Treatments of the {e.lane.value} lane have their usual length"
    ),
    ev.Announced: lambda tent, e: "Announcement changed" if e.text else "Announcement cleared",
    ev.CommandUndone: lambda tent, e: f"Entry {e.number} was undone",
}


def told(tent: Tent, entry: Entry) -> str:
    """Tell an entry: what was asked first, then what followed from it."""
    return "; ".join(_TELL[type(event)](tent, event) for event in entry.events)


def asked(tent: Tent, entry: Entry) -> str:
    """Tell only the first thing of an entry: what the undo button would take back."""
    first = entry.events[0]
    return _TELL[type(first)](tent, first)


def reason_of(entry: Entry) -> str | None:
    """The reason given for a jump, a call or a door (rule 15); a referral has none to show."""
    return next((r for e in entry.events if (r := getattr(e, "reason", None))), None)


def _to_table(table: int | None) -> str:
    return f" to table {table}" if table is not None else " to the tent"


def _name(tent: Tent, therapist: str) -> str:
    known = tent.therapists.get(therapist)
    return known.name if known else "A therapist"
