"""What a runner sees of their own ticket. Never anything of another runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tentqueue.domain.model import LINKED_AREAS, Instant, Screening, Ticket, TicketState
from tentqueue.domain.tent import Tent
from tentqueue.screens.moment import Moment
from tentqueue.screens.shape import View, iso, iso_now
from tentqueue.screens.ticket_news import news_of, news_view, place_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from tentqueue.domain.estimate import Forecast


def ticket_view(
    tent: Tent,
    ticket: Ticket,
    forecast: Callable[[], Forecast],
    now: Instant,
    *,
    health: bool = True,
) -> View:
    """Build a ticket's view; `forecast` is asked only of somebody who waits or is held. `health`
    False leaves out areas and screening: for staff other than the therapist it is called to (rule
    9, invariant 9)."""
    moment = Moment(tent, forecast, now)
    place, news = news_of(moment, ticket)
    return {
        **card_view(tent, ticket, health=health),
        **place_view(place),
        **news_view(moment, ticket, news),
        "version": tent.version,
        "now": iso_now(now),
    }


def card_view(tent: Tent, ticket: Ticket, *, health: bool) -> View:
    """Build the fields that stay while the ticket, its therapist and the event do."""
    return {
        "id": ticket.id,
        "code": ticket.code,
        "lane": ticket.lane.value,
        "state": ticket.state.value,
        **_table(tent, ticket),
        **_times(tent, ticket),
        "hold": ticket.hold.value if ticket.hold else None,
        "minutes": ticket.minutes,
        "wave": ticket.wave,
        "recalled": ticket.recalled,
        "here": ticket.here_at is not None,
        "more_time": may_ask_for_more_time(ticket),
        **(health_shape(ticket) if health else {}),
        "event": tent.event.slug,
        "timezone": tent.event.timezone,
    }


def may_ask_for_more_time(ticket: Ticket) -> bool:
    """Whether "more time" is still there to be asked for: once, before the treatment (rule 16)."""
    return not ticket.delayed and ticket.state in (TicketState.WAITING, TicketState.CALLED)


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
