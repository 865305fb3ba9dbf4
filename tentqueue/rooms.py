"""One audience each: how its view is built, and what it was sent last.

A view is built once for all in a room, as the JSON that they are sent. Rooms know no credentials
and send nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

import msgspec

from tentqueue.domain.model import Ticket
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.therapist import Therapist
from tentqueue.screens.shape import COMING, View
from tentqueue.screens.ticket import card_view
from tentqueue.screens.ticket_news import Moment, News, news_of, news_view, place_view
from tentqueue.tongues import Tongue
from tentqueue.views import worded

Therapists = Mapping[str, Therapist] | None


class Room(Protocol):
    """An audience that shares a view."""

    name: str
    view: str
    members: int
    rest: tuple[bytes, ...]
    """The view as JSON, in parts, after its version and instant: those change while nothing else
    does. Empty before the first look."""
    version: int
    weight: int
    """Bytes of a large view, 0 of one that is none."""
    rests_until: float
    """A large view is not sent again before the network has had time for it."""

    def look(self, moment: Moment) -> bool:
        """Build the view as it is at a moment; tell whether it is worth sending."""
        ...


class _Audience:
    __slots__ = ("members", "name", "rest", "rests_until", "version", "view", "weight")

    def __init__(self, name: str, view: str) -> None:
        self.name, self.view = name, view
        self.members, self.version, self.weight = 0, -1, 0
        self.rest: tuple[bytes, ...] = ()
        self.rests_until = 0.0


class ScreenRoom(_Audience):
    """Boards, or the screens of staff who may see the same: they follow every version."""

    __slots__ = ("_build",)

    def __init__(self, name: str, view: str, build: Callable[[], View]) -> None:
        super().__init__(name, view)
        self._build = build

    def look(self, moment: Moment) -> bool:
        """Build the view; every newer version is sent, so that nobody wonders."""
        view = self._build()
        del view["now"]
        version, rest = view.pop("version"), (_members(view), b"}")
        news = (version, rest) != (self.version, self.rest)
        self.version, self.rest, self.weight = version, rest, len(rest[0])
        return news


class TicketRoom(_Audience):
    """The pages of one ticket. There may be thousands, so what stays in it is kept as JSON."""

    __slots__ = ("_card", "_code", "_of", "_sees", "_tongue")

    def __init__(
        self, name: str, code: str, tongue: Tongue, sees: Callable[[Ticket], bool]
    ) -> None:
        """`sees` says whether areas and screening may be seen in a ticket (invariant 9)."""
        super().__init__(name, "ticket")
        self._code, self._tongue, self._sees = code, tongue, sees
        self._card = b""
        self._of: tuple[Ticket | None, RaceEvent | None, Therapists] = (None, None, None)
        """What the card was made of."""

    def look(self, moment: Moment) -> bool:
        """Build the view; it is sent when the runner would see something else, and never an older
        one than the last: a page may have come while others were looked at."""
        if moment.tent.version < self.version:
            return False
        before, seat = self.rest, moment.line.get(self._code)
        if seat is not None and seat[0] is self._of[0] and moment.tent.event is self._of[1]:
            ticket, place, news = seat
            self.rest = (_place(place), self._shared(moment, ticket, news), self._card)
        else:
            self.rest = self._looked_up(moment)
        # Only now: a pulse must not vouch for a view that could not be built.
        self.version = moment.tent.version
        return self.rest != before

    def _looked_up(self, moment: Moment) -> tuple[bytes, ...]:
        tent = moment.tent
        ticket = tent.open.get(self._code) or tent.ticket(self._code)
        place, news = news_of(moment, ticket)
        of = (ticket, tent.event, tent.therapists if ticket.therapist else None)
        if of != self._of:
            card = card_view(tent, ticket, health=self._sees(ticket))
            self._card, self._of = b",%b}" % _members(card), of
        alone = ticket.state not in COMING
        text = self._text(moment, ticket, news) if alone else self._shared(moment, ticket, news)
        return (_place(place), text, self._card)

    def _shared(self, moment: Moment, ticket: Ticket, news: News) -> bytes:
        """What is new in so many words, shared by all who wait or are held with the same news."""
        key = (news, ticket.hold or "", self._tongue.language)
        text = moment.texts.get(key)
        if text is None:
            text = moment.texts[key] = self._text(moment, ticket, news)
        return text

    def _text(self, moment: Moment, ticket: Ticket, news: News) -> bytes:
        return _members(worded(news_view(moment, ticket, news), self._tongue.tell_again))


def _members(view: View) -> bytes:
    """A view as JSON without its braces, so that views can be put together from parts."""
    return msgspec.json.encode(view)[1:-1]


@lru_cache(maxsize=8192)
def _place(place: int | None) -> bytes:
    return _members(place_view(place)) + b","
