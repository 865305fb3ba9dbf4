"""What moves in a runner's ticket: place, range of times, advice and why. It decides nothing.

One change may be looked at for thousands of phones: what all of them share is worked out once a
`Moment`, and thousands share a few dozen `News`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tentqueue.domain.appointments import free_times
from tentqueue.domain.explaining import Passing, moved_since, moves_lately
from tentqueue.domain.model import HoldReason, Instant, LaneName, Moved, Ticket, TicketState
from tentqueue.domain.said import Said
from tentqueue.domain.tent import Tent, minutes, seconds
from tentqueue.domain.waiting import ends_near_start
from tentqueue.screens.shape import AT_TABLE, View, estimate_shape, iso, place_of, told_of
from tentqueue.screens.why import PASSED, moved_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tentqueue.domain.estimate import Estimate, Forecast, Told

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


@dataclass(frozen=True)
class Moment:
    """The tent at one instant, as all of its tickets see it."""

    tent: Tent
    ask: Callable[[], Forecast]
    """Makes the forecast when somebody asks for it: of a runner at a table nobody does."""
    now: Instant
    crowd: bool = False
    """Whether so many look at it that it is worth while to work everybody's news out at once."""
    texts: dict[tuple[News, str, str], bytes] = field(default_factory=dict)
    """News in the words of a language, kept by rooms: thousands of runners share a few dozen."""

    @cached_property
    def line(self) -> dict[str, tuple[Ticket, int, News]]:
        """Everybody who waits, with place and news, for a crowd; nobody while the estimates are
        older than the tent."""
        line: dict[str, tuple[Ticket, int, News]] = {}
        if not self.crowd or self.forecast.version < self.tent.version:
            return line
        for lane in self.tent.lanes:
            for place, ticket in enumerate(self.tent.line(lane), 1):
                news = _coming(self, ticket, place, self.forecast.of_ticket(ticket))
                line[ticket.code] = ticket, place, news
        return line

    @cached_property
    def forecast(self) -> Forecast:
        """The estimates of everybody who waits."""
        return self.ask()

    @cached_property
    def passing(self) -> Passing:
        """Who is before others at a table."""
        return Passing(self.tent)

    @cached_property
    def moved(self) -> dict[LaneName, Moved | None]:
        """The last move of each lane's times, while it explains what those who knew it are told."""
        return moves_lately(self.tent, self.now)

    @cached_property
    def first_places(self) -> int:
        """Whoever is among so many in line gets the heads-up, too."""
        return self.tent.rules.headsup_places

    @cached_property
    def soon(self) -> float:
        """Whoever is likely called until then, in epoch seconds, gets the heads-up (rule 20)."""
        return seconds(self.now + minutes(self.tent.rules.headsup_minutes))


class News(NamedTuple):
    """All that can move in a ticket's view, besides its place, while the ticket stays the same."""

    told: Told | None = None
    close: bool = False
    start_soon: bool = False
    moved: Moved | None = None
    passed: str | None = None
    appointments: tuple[Instant, ...] | None = None
    """What a treated runner may book from this very ticket (rule 5)."""


def news_of(moment: Moment, ticket: Ticket) -> tuple[int | None, News]:
    """Look at a ticket now: its place, 1 is next, and what else is new."""
    waits = ticket.state is TicketState.WAITING
    if not waits and ticket.state is not TicketState.HELD:
        start_soon = _start_soon(moment, ticket, None)
        return None, News(start_soon=start_soon, appointments=_next_day(moment, ticket))
    place = place_of(moment.tent, ticket, moment.forecast)
    return place, _coming(moment, ticket, place, moment.forecast.of(ticket.code))


def _coming(moment: Moment, ticket: Ticket, place: int | None, known: Estimate | None) -> News:
    """Look at somebody who waits or is held; asked for thousands of runners at once."""
    return News(
        told_of(ticket, moment.forecast) if known is None else known.told,
        # The heads-up is due: third in line or 10 minutes to go (rule 20).
        place is not None
        and (place <= moment.first_places or (known is not None and known.likely <= moment.soon)),
        ticket.deadline_at is not None and _start_soon(moment, ticket, known),
        moved_since(moment.moved[ticket.lane], ticket),
        moment.passing.reason(ticket),
    )


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


def _start_soon(moment: Moment, ticket: Ticket, known: Estimate | None) -> bool:
    """Whether the runner should go from the table straight to the start (rule 3)."""
    if ticket.deadline_at is None:
        return False
    if ticket.state in AT_TABLE:
        return starts_soon(moment.tent, ticket, moment.now)
    ends_at = None if known is None else known.likely_at + ticket.treatment_for
    return ends_at is not None and ends_near_start(moment.tent, ticket, ends_at)


def starts_soon(tent: Tent, ticket: Ticket, now: Instant) -> bool:
    """The same of somebody at a table or on the way there: the therapist tells them too."""
    called = ticket.state is TicketState.CALLED
    ends_at = now + ticket.treatment_for if called else ticket.planned_end_at
    return ends_at is not None and ends_near_start(tent, ticket, ends_at)


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
