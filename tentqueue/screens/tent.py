"""What staff see: the whole tent for desk and organiser, the next steps for a therapist.

A runner's areas and screening appear only on the ticket that is called to, or treated by, the
therapist who asks (invariant 9). Never a name or a bib: those are joined for desk and organiser.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tentqueue.domain.duty import shift_at
from tentqueue.domain.model import Instant, Lane, Screening, Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import Therapist, TherapistState
from tentqueue.screens.alerts import alerts, is_break_advised
from tentqueue.screens.log import log, undo
from tentqueue.screens.moment import starts_soon
from tentqueue.screens.outlook import waits_told, with_two_more
from tentqueue.screens.shape import (
    AT_TABLE,
    COMING,
    View,
    estimate_shape,
    iso,
    iso_now,
    told_of,
    wait_shape,
)
from tentqueue.screens.ticket import health_shape, may_ask_for_more_time

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast

THERAPIST_SEES_NEXT = 20


class Seat(StrEnum):
    """From where staff look at the tent."""

    DESK = "desk"
    THERAPIST = "therapist"
    ORGANISER = "organiser"


@dataclass(frozen=True)
class Viewer:
    """Who looks: `therapist` is the id of one who does, `actor` the name in the journal."""

    seat: Seat
    therapist: str | None = None
    actor: str | None = None


def tent_view(tent: Tent, forecast: Forecast, now: Instant, viewer: Viewer) -> View:
    """Build the tent as `viewer` may see it."""
    shown = _tickets_for(tent, viewer)
    return {
        "event": _event(tent),
        "version": tent.version,
        "now": iso_now(now),
        "tickets": [
            _ticket(ticket, forecast, viewer) | _start_soon(tent, ticket, now) for ticket in shown
        ],
        "therapists": [therapist_shape(tent, t, now) for t in tent.therapists.values()],
        "lanes": [lane_shape(tent, lane, forecast) for lane in tent.lanes.values()],
        "alerts": alerts(tent, forecast, now),
        "announcement": tent.announcement,
        "numbers": _numbers(tent, forecast) | _outlook(tent, forecast, now, viewer),
        "undo": undo(tent, now, viewer.actor),
        "log": log(tent) if viewer.seat is Seat.ORGANISER else [],
    }


def _tickets_for(tent: Tent, viewer: Viewer) -> list[Ticket]:
    """Desk and organiser see every open ticket; a therapist the tables and who is next."""
    if viewer.seat is not Seat.THERAPIST:
        return sorted(tent.open.values(), key=lambda t: (t.lane.value, t.order))
    at_tables = [t for t in tent.open.values() if t.state in AT_TABLE]
    return at_tables + [t for lane in tent.lanes for t in tent.line(lane)[:THERAPIST_SEES_NEXT]]


def _event(tent: Tent) -> View:
    waves = [
        {"id": w.id, "contest": w.contest, "name": w.name, "starts_at": iso(w.starts_at)}
        for w in tent.event.waves
    ]
    return {
        "slug": tent.event.slug,
        "name": tent.event.name,
        "timezone": tent.event.timezone,
        "waves": waves,
    }


def _ticket(ticket: Ticket, forecast: Forecast, viewer: Viewer) -> View:
    coming = ticket.state in COMING
    own = (
        viewer.therapist is not None
        and ticket.therapist == viewer.therapist
        and ticket.state in AT_TABLE
    )
    may_start = own or viewer.seat is not Seat.THERAPIST
    return {
        "id": ticket.id,
        "code": ticket.code,
        "lane": ticket.lane.value,
        "state": ticket.state.value,
        "place": forecast.place(ticket.code) if coming else None,
        "estimate": estimate_shape(told_of(ticket, forecast)) if coming else None,
        "wave": ticket.wave,
        "minutes": ticket.minutes,
        "calls": ticket.calls,
        "recalled": ticket.recalled,
        "here": ticket.here_at is not None,
        "therapist": ticket.therapist,
        "table": ticket.table,
        "hold": ticket.hold.value if ticket.hold else None,
        "runner_class": ticket.runner_class.value,
        "age_group": ticket.age_group.value,
        "more_time": may_ask_for_more_time(ticket),
        "questions_due": may_start and _questions_due(ticket),
        **_instants(ticket),
        "screening": None,
        **(health_shape(ticket) if own else {}),
    }


def _questions_due(ticket: Ticket) -> bool:
    """Whether the one who starts must ask the six questions first: nobody has, or too long ago. It
    tells whoever may start that nothing is known of this runner, never what is (rule 6)."""
    return ticket.state is TicketState.CALLED and ticket.screening is Screening.UNASKED


def _start_soon(tent: Tent, ticket: Ticket, now: Instant) -> View:
    """Whether who is at a table goes from there straight to the start (rule 3)."""
    return {"start_soon": ticket.state in AT_TABLE and starts_soon(tent, ticket, now)}


def _instants(ticket: Ticket) -> View:
    return {
        "joined_at": iso(ticket.joined_at),
        "ready_at": iso(ticket.ready_at),
        "deadline_at": iso(ticket.deadline_at),
        "hold_until": iso(ticket.hold_until),
        "called_at": iso(ticket.called_at),
        "respond_by": iso(ticket.respond_by),
        "started_at": iso(ticket.started_at),
        "planned_end_at": iso(ticket.planned_end_at),
    }


def therapist_shape(tent: Tent, therapist: Therapist, now: Instant) -> View:
    """Show a therapist and how their day goes; minutes are whole."""
    shift = shift_at(therapist, now)
    return {
        "id": therapist.id,
        "name": therapist.name,
        "role": therapist.role.value,
        "lanes": [lane.value for lane in therapist.lanes],
        "table": therapist.table,
        "state": therapist.state.value,
        "ticket": therapist.ticket,
        "until": iso(therapist.until),
        "treated": therapist.treated,
        "hands_on_minutes": int(therapist.hands_on_for.total_seconds() // 60),
        "gender": therapist.gender.value if therapist.gender else None,
        "languages": list(therapist.languages),
        "since": iso(therapist.since),
        "next": therapist.next,
        "shift_starts_at": iso(shift.starts_at if shift else None),
        "shift_ends_at": iso(shift.ends_at if shift else None),
        "break_due": therapist.break_due,
        "break_advised": is_break_advised(tent, therapist, now),
        "leaving": therapist.leaving,
        "worked_minutes": _worked_minutes(therapist, now),
    }


def _worked_minutes(therapist: Therapist, now: Instant) -> int:
    """Minutes since duty or the last break began; 0 while off or on a break."""
    if therapist.worked_since_at is None or therapist.state in (
        TherapistState.OFF,
        TherapistState.BREAK,
    ):
        return 0
    return max(0, int((now - therapist.worked_since_at).total_seconds() // 60))


def lane_shape(tent: Tent, lane: Lane, forecast: Forecast) -> View:
    """Show a lane's door, its line and the wait a newcomer would be told."""
    states = [t.state for t in tent.open.values() if t.lane is lane.name]
    return {
        "lane": lane.name.value,
        "state": lane.state.value,
        "reason": lane.reason,
        "waiting": states.count(TicketState.WAITING),
        "held": states.count(TicketState.HELD),
        "wait": wait_shape(lane.name, forecast),
        "opens_at": iso(lane.opens_at),
        "closes_at": iso(lane.closes_at),
        "treated": tent.counts.treated.get(lane.name, 0),
    }


def _numbers(tent: Tent, forecast: Forecast) -> View:
    """The organiser's numbers; `wait_minutes` is the longest wait a newcomer would be told,
    `finish_by_close` how many in line are expected to be done before their lane closes."""
    coming = [t for t in tent.open.values() if t.state in COMING]
    waits = [late for _, late in waits_told(tent, forecast).values()]
    return {
        "waiting": sum(t.state is TicketState.WAITING for t in coming),
        "wait_minutes": max(waits, default=None),
        "working": sum(t.on_duty for t in tent.therapists.values()),
        "finish_by_close": sum(_done_by_close(tent, t, forecast) for t in coming),
        "referrals": tent.counts.referred,
        "treated": sum(tent.counts.treated.values()),
    }


def _outlook(tent: Tent, forecast: Forecast, now: Instant, viewer: Viewer) -> View:
    """For the organiser: what two more therapists would do for the wait."""
    helps = viewer.seat is Seat.ORGANISER
    return {"wait_with_two_more": with_two_more(tent, forecast, now) if helps else None}


def _done_by_close(tent: Tent, ticket: Ticket, forecast: Forecast) -> bool:
    estimate = forecast.of(ticket.code)
    closes_at = tent.lane(ticket.lane).closes_at
    return estimate is not None and estimate.likely_at + ticket.treatment_for <= closes_at
