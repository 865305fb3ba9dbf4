"""What a runner sees of their own ticket. Never anything of another runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.appointments import free_times
from tentqueue.domain.model import (
    LINKED_AREAS,
    HoldReason,
    Instant,
    LaneName,
    Screening,
    Ticket,
    TicketState,
)
from tentqueue.domain.said import Said
from tentqueue.domain.tent import Tent, minutes
from tentqueue.domain.waiting import ends_near_start
from tentqueue.screens.shape import COMING, View, estimate_shape, iso, iso_now, place_of
from tentqueue.screens.why import why_of

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Estimate, Forecast

_PHASES = {
    TicketState.IN_TREATMENT: "treatment",
    TicketState.DONE: "aftercare",
    TicketState.NO_SHOW: "gone",
    TicketState.LEFT: "gone",
    TicketState.REFERRED: "gone",
    TicketState.EXPIRED: "gone",
}
_HELD_PHASES = {
    HoldReason.COOLDOWN: "walk",
    HoldReason.FINISH: "finish_needed",
    HoldReason.MISSED: "missed",
}
_GONE = {
    TicketState.NO_SHOW: Said("You did not come in time. Join again, or ask at the desk."),
    TicketState.LEFT: Said("You left the line. You can join again."),
    TicketState.REFERRED: Said("Please go to the medical team. They will look after you."),
    TicketState.EXPIRED: Said("This ticket has run out. Ask at the desk what else there is."),
}
_HOLDS = {
    HoldReason.COOLDOWN: Said("Walk, drink something and put on dry clothes."),
    HoldReason.FINISH: Said("Tell us when you have finished."),
    HoldReason.MISSED: Said("You missed your call. Come to the tent now."),
    HoldReason.MORE_TIME: Said("You have more time. We will call you again."),
    HoldReason.STAFF: Said("Your place is kept. We will call you."),
    HoldReason.SCREENING: Said("Please answer the six questions first."),
    HoldReason.APPOINTMENT: Said("Your appointment is booked."),
}


def ticket_view(
    tent: Tent, ticket: Ticket, forecast: Forecast, now: Instant, *, health: bool = True
) -> View:
    """Build a ticket's view. `health` False leaves out areas and screening: for staff other than
    the therapist it is called to (rule 9, invariant 9)."""
    place = place_of(tent, ticket, forecast) if ticket.state in COMING else None
    return {
        "id": ticket.id,
        "code": ticket.code,
        "lane": ticket.lane.value,
        "state": ticket.state.value,
        "place": place,
        "people_ahead": None if place is None else place - 1,
        "estimate": estimate_shape(ticket, forecast) if ticket.state in COMING else None,
        **_table(tent, ticket),
        **_times(tent, ticket),
        "hold": ticket.hold.value if ticket.hold else None,
        "minutes": ticket.minutes,
        "wave": ticket.wave,
        "recalled": ticket.recalled,
        "here": ticket.here_at is not None,
        "more_time": may_ask_for_more_time(ticket),
        "start_soon": _start_soon(tent, ticket, forecast, now),
        **(health_shape(ticket) if health else {}),
        **_advice(tent, ticket, forecast, now, place),
        **_next_day(tent, ticket, now),
        **why_of(tent, ticket, now),
        "event": tent.event.slug,
        "timezone": tent.event.timezone,
        "version": tent.version,
        "now": iso_now(now),
    }


def may_ask_for_more_time(ticket: Ticket) -> bool:
    """Whether "more time" is still there to be asked for: once, before the treatment (rule 16)."""
    return not ticket.delayed and ticket.state in (TicketState.WAITING, TicketState.CALLED)


def _start_soon(tent: Tent, ticket: Ticket, forecast: Forecast, now: Instant) -> bool:
    """Whether the runner should go from the table straight to the start (rule 3)."""
    if ticket.state is TicketState.IN_TREATMENT:
        ends_at = ticket.planned_end_at
    elif ticket.state is TicketState.CALLED:
        ends_at = now + ticket.treatment_for
    else:
        estimate = forecast.of(ticket.code)
        ends_at = None if estimate is None else estimate.likely_at + ticket.treatment_for
    return ends_at is not None and ends_near_start(tent, ticket, ends_at)


def health_shape(ticket: Ticket) -> View:
    """Areas, what to avoid, the known links, and how the six questions went (rules 6 and 9)."""
    linked = {
        area.value: [to.value for to in LINKED_AREAS[area]]
        for area in ticket.areas
        if area in LINKED_AREAS
    }
    screening = ticket.screening if ticket.screening is not Screening.REFER else Screening.ASK
    return {
        "areas": [a.value for a in ticket.areas],
        "avoid": [a.value for a in ticket.avoid],
        "links": linked,
        "screening": screening.value,
    }


def phase(ticket: Ticket, close: bool) -> str:
    """Name what the page shows now; the page chooses its translated texts by it."""
    if ticket.state is TicketState.CALLED:
        return "here" if ticket.here_at is not None else "call"
    if ticket.state is TicketState.HELD:
        return _HELD_PHASES.get(ticket.hold, "wait") if ticket.hold else "wait"
    if ticket.state is TicketState.WAITING:
        return "close" if close else "wait"
    return _PHASES[ticket.state]


def is_close(tent: Tent, estimate: Estimate | None, now: Instant, place: int | None) -> bool:
    """Whether the heads-up is due for who waits: third in line or 10 minutes to go (rule 20)."""
    if place is not None and place <= tent.rules.headsup_places:
        return True
    return estimate is not None and estimate.likely_at <= now + minutes(tent.rules.headsup_minutes)


def message(ticket: Ticket, estimate: Estimate | None, now: Instant, close: bool) -> Said:
    """Say in one short sentence what to do now."""
    if ticket.state in _GONE:
        return _GONE[ticket.state]
    if ticket.state is TicketState.HELD:
        return _HOLDS[ticket.hold] if ticket.hold else _HOLDS[HoldReason.STAFF]
    if ticket.state is TicketState.CALLED:
        return _call(ticket)
    if ticket.state is TicketState.IN_TREATMENT:
        return Said("Enjoy your treatment at table {table}.", table=ticket.table)
    if ticket.state is TicketState.DONE:
        return Said("Drink, keep warm, walk a little. See a professional if a pain lasts.")
    return _waiting(estimate, now, close)


def _advice(
    tent: Tent, ticket: Ticket, forecast: Forecast, now: Instant, place: int | None
) -> View:
    estimate = forecast.of(ticket.code)
    close = ticket.state is TicketState.WAITING and is_close(tent, estimate, now, place)
    return {"phase": phase(ticket, close), "message": message(ticket, estimate, now, close)}


def _next_day(tent: Tent, ticket: Ticket, now: Instant) -> View:
    """The appointments a treated runner may book from this very ticket (rule 5)."""
    if ticket.state is not TicketState.DONE or ticket.lane is LaneName.NEXTDAY:
        return {}
    return {"appointments": [iso(at) for at in free_times(tent, now, ticket.finished_at)]}


def _call(ticket: Ticket) -> Said:
    if ticket.table is None:
        return Said("Come to the tent now.")
    if ticket.here_at is not None:
        return Said("They expect you at table {table}.", table=ticket.table)
    return Said("Walk to table {table} now.", table=ticket.table)


def _waiting(estimate: Estimate | None, now: Instant, close: bool) -> Said:
    if close:
        return Said("Come near the tent. It is your turn soon.")
    if estimate is None:
        return Said("You are in line. We will call you.")
    low, high = _minutes_until(estimate.from_at, now), _minutes_until(estimate.to_at, now)
    if high <= low:
        return Said.counted("About {count} minute.", "About {count} minutes.", high)
    return Said.counted(
        "About {low} to {count} minute.", "About {low} to {count} minutes.", high, low=low
    )


def _minutes_until(at: Instant, now: Instant) -> int:
    """Whole minutes in steps of five, never below zero (rule 19)."""
    return max(0, 5 * round((at - now).total_seconds() / 300))


def _table(tent: Tent, ticket: Ticket) -> View:
    therapist = tent.therapists.get(ticket.therapist) if ticket.therapist else None
    return {"table": ticket.table, "therapist": therapist.name if therapist else None}


def _times(tent: Tent, ticket: Ticket) -> View:
    wave = tent.event.wave(ticket.wave) if ticket.wave else None
    return {
        "joined_at": iso(ticket.joined_at),
        "ready_at": iso(ticket.ready_at),
        "hold_until": iso(ticket.hold_until),
        "called_at": iso(ticket.called_at),
        "respond_by": iso(ticket.respond_by),
        "started_at": iso(ticket.started_at),
        "planned_end_at": iso(ticket.planned_end_at),
        "deadline_at": iso(ticket.deadline_at),
        "wave_starts_at": iso(wave.starts_at) if wave else None,
    }
