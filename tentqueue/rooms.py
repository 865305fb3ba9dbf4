"""One audience each: how its view is built, and what it was sent last.

A view is built once for all in a room, as the JSON that they are sent. Rooms know no credentials
and send nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from tentqueue.domain.model import Ticket, TicketState
from tentqueue.domain.planning.facts import TicketFacts
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.seen import ticket_facts
from tentqueue.domain.therapist import Therapist
from tentqueue.screens.moment import Moment, News, Shared
from tentqueue.screens.shape import COMING, View
from tentqueue.screens.ticket import card_view
from tentqueue.screens.ticket_news import news_of, news_view, place_view
from tentqueue.tongues import Tongue
from tentqueue.views import worded

Therapists = Mapping[str, Therapist] | None


class Room(Protocol):
    """An audience that shares a view."""

    name: str
    view: str
    members: int
    version: int
    weight: int
    """Bytes of a large view, 0 of one that is none."""
    rests_until: float
    """A large view is not sent again before the network has had time for it."""

    @property
    def rest(self) -> tuple[bytes, ...]:
        """The view as JSON, in parts, after its version and instant: those change while nothing
        else does. Empty before the first look."""
        ...

    def look(self, moment: Moment) -> bool:
        """Build the view as it is at a moment; tell whether it is worth sending."""
        ...


class _Audience:
    __slots__ = ("members", "name", "rests_until", "version", "view", "weight")

    def __init__(self, name: str, view: str) -> None:
        self.name, self.view = name, view
        self.members, self.version, self.weight = 0, -1, 0
        self.rests_until = 0.0


class ScreenRoom(_Audience):
    """Boards, or the screens of staff who may see the same: they follow every version."""

    __slots__ = ("_build", "rest")

    def __init__(self, name: str, view: str, build: Callable[[], View]) -> None:
        super().__init__(name, view)
        self._build = build
        self.rest: tuple[bytes, ...] = ()

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

    __slots__ = ("_card", "_code", "_known", "_of", "_place", "_sees", "_text", "_tongue")

    def __init__(
        self, name: str, code: str, tongue: Tongue, sees: Callable[[Ticket], bool]
    ) -> None:
        """`sees` says whether areas and screening may be seen in a ticket (invariant 9)."""
        super().__init__(name, "ticket")
        self._code, self._tongue, self._sees = code, tongue, sees
        self._place = self._text = self._card = b""
        self._of: tuple[Ticket | None, RaceEvent | None, Therapists] = (None, None, None)
        """What the card was made of."""
        self._known: TicketFacts | None = None
        """Of that ticket, while it waits."""

    @property
    def rest(self) -> tuple[bytes, ...]:
        """Place, news and card."""
        return (self._place, self._text, self._card) if self._card else ()

    def look(self, moment: Moment) -> bool:
        """Build the view; it is sent when the runner would see something else, and never an older
        one than the last: a page may have come while others were looked at."""
        if moment.tent.version < self.version:
            return False
        card, seat = self._card, moment.line.get(self._code)
        if seat is not None and seat[0] is self._known and moment.tent.event is self._of[1]:
            place, text = _place(seat[1]), seat[2].words.get(self._tongue.language)
            if text is None:
                text = self._say(moment, moment.tent.open[self._code], seat[2])
        else:
            place, text = self._looked_up(moment)
        news = place is not self._place or text != self._text or card != self._card
        self._place, self._text = place, text
        # Only now: a pulse must not vouch for a view that could not be built.
        self.version = moment.tent.version
        return news

    def _looked_up(self, moment: Moment) -> tuple[bytes, bytes]:
        tent = moment.tent
        ticket = tent.open.get(self._code) or tent.ticket(self._code)
        place, news = news_of(moment, ticket)
        if ticket.state in COMING:
            shared = moment.shared(news, ticket.hold or "")
            text = shared.words.get(self._tongue.language) or self._say(moment, ticket, shared)
        else:
            text = self._words(moment, ticket, news)
        of = (ticket, tent.event, tent.therapists if ticket.therapist else None)
        if of != self._of:
            card = card_view(tent, ticket, health=self._sees(ticket))
            self._card = b",%b}" % _members(card)
        waits = ticket.state is TicketState.WAITING
        self._of, self._known = of, ticket_facts(tent, ticket) if waits else None
        return _place(place), text

    def _say(self, moment: Moment, ticket: Ticket, shared: Shared) -> bytes:
        """Put news into words, for all who share them and read this language."""
        text = shared.words[self._tongue.language] = self._words(moment, ticket, shared.news)
        return text

    def _words(self, moment: Moment, ticket: Ticket, news: News) -> bytes:
        return _members(worded(news_view(moment, ticket, news), self._tongue.tell_again))


def _members(view: View) -> bytes:
    """A view as JSON without its braces, so that views can be put together from parts."""
    return msgspec.json.encode(view)[1:-1]


_NOWHERE = _members(place_view(None)) + b","
_places: list[bytes] = []


def _place(place: int | None) -> bytes:
    """A place as JSON, the very same object each time: two are compared without looking at them."""
    if place is None:
        return _NOWHERE
    while place >= len(_places):
        _places.append(_members(place_view(len(_places))) + b",")
    return _places[place]
