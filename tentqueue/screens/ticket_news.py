"""What moves in a runner's ticket, in words: range of times, advice and why. It decides nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tentqueue.domain.appointments import free_times
from tentqueue.domain.model import HoldReason, Instant, LaneName, Ticket, TicketState
from tentqueue.domain.said import Said
from tentqueue.screens.moment import Moment, News
from tentqueue.screens.shape import View, estimate_shape, iso, place_of
from tentqueue.screens.why import PASSED, moved_words

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Told

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
_CLOSE = Said("Come near the tent. It is your turn soon.")
_STEP_S = 300
"""Waits are told in steps of five minutes (rule 19)."""


def news_of(moment: Moment, ticket: Ticket) -> tuple[int | None, News]:
    """Look at a ticket now: its place, 1 is next, and what else is new."""
    waits = ticket.state is TicketState.WAITING
    if not waits and ticket.state is not TicketState.HELD:
        start_soon = moment.start_soon(ticket, None)
        return None, News(start_soon=start_soon, appointments=_next_day(moment, ticket))
    place = place_of(moment.tent, ticket, moment.forecast)
    return place, moment.coming(ticket, place, moment.forecast.of(ticket.code))


def place_view(place: int | None) -> View:
    """Build the one field that moves for everybody behind whoever goes."""
    return {"place": place, "people_ahead": None if place is None else place - 1}


def news_view(moment: Moment, ticket: Ticket, news: News) -> View:
    """Build the other fields that move, with sentences as `Said`. Of those who wait or are held,
    everybody with the same news, state and hold has the same."""
    view: View = {
        "estimate": estimate_shape(news.told),
        "start_soon": news.start_soon,
        "phase": _phase(ticket, news.close),
        "message": _message(moment, ticket, news),
        "moved": None if news.moved is None else moved_words(news.moved),
        "passed": None if news.passed is None else PASSED[news.passed],
    }
    if news.appointments is not None:
        view["appointments"] = [iso(at) for at in news.appointments]
    return view


def _phase(ticket: Ticket, close: bool) -> str:
    """Name what the page shows now; the page chooses its translated texts by it."""
    if ticket.state is TicketState.CALLED:
        return "here" if ticket.here_at is not None else "call"
    if ticket.state is TicketState.HELD:
        return _HELD_PHASES.get(ticket.hold, "wait") if ticket.hold else "wait"
    if ticket.state is TicketState.WAITING:
        return "close" if close else "wait"
    return _PHASES[ticket.state]


def _message(moment: Moment, ticket: Ticket, news: News) -> Said:
    """Say in one short sentence what to do now."""
    if ticket.state is TicketState.WAITING:
        return _CLOSE if news.close else _waiting(news.told and _wait(news.told, moment.now))
    if ticket.state is TicketState.HELD:
        return _HOLDS[ticket.hold or HoldReason.STAFF]
    if ticket.state is TicketState.CALLED:
        return _call(ticket)
    if ticket.state is TicketState.IN_TREATMENT:
        return Said("Enjoy your treatment at table {table}.", table=ticket.table)
    return _done(ticket) if ticket.state is TicketState.DONE else _GONE[ticket.state]


def _done(ticket: Ticket) -> Said:
    """What helps before the race to come is not what helps after one."""
    if ticket.lane is LaneName.WARMUP:
        return Said("Keep warm and moving until your start. See a professional if a pain lasts.")
    return Said("Drink, keep warm, walk a little. See a professional if a pain lasts.")


def _next_day(moment: Moment, ticket: Ticket) -> tuple[Instant, ...] | None:
    if ticket.state is not TicketState.DONE or ticket.lane is LaneName.NEXTDAY:
        return None
    return free_times(moment.tent, moment.now, ticket.finished_at)


def _call(ticket: Ticket) -> Said:
    if ticket.table is None:
        return Said("Come to the tent now.")
    if ticket.here_at is not None:
        return Said("They expect you at table {table}.", table=ticket.table)
    return Said("Walk to table {table} now.", table=ticket.table)


@lru_cache(maxsize=1024)
def _waiting(wait: tuple[int, int] | None) -> Said:
    if wait is None:
        return Said("You are in line. We will call you.")
    low, high = wait
    if high <= low:
        return Said.counted("About {count} minute.", "About {count} minutes.", high)
    return Said.counted(
        "About {low} to {count} minute.", "About {low} to {count} minutes.", high, low=low
    )


def _wait(known: Told, now: Instant) -> tuple[int, int]:
    """Whole minutes in steps of five, never below zero (rule 19)."""
    low = round((known.from_at - now).total_seconds() / _STEP_S)
    high = round((known.to_at - now).total_seconds() / _STEP_S)
    return (5 * low if low > 0 else 0, 5 * high if high > 0 else 0)
