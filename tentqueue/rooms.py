"""One audience each: how its view is built, and what it was sent last.

A view is built once for all in a room, as the JSON that they are sent. Rooms know no credentials
and send nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from tentqueue.domain.model import Ticket
from tentqueue.domain.said import Said
from tentqueue.screens.shape import View
from tentqueue.screens.ticket import card_view
from tentqueue.screens.ticket_news import Moment, News, news_of, news_view
from tentqueue.views import worded

Tell = Callable[[Said], str]


class Room(Protocol):
    """An audience that shares a view."""

    name: str
    view: str
    members: int
    body: bytes
    """The view as JSON without its version and instant, which change while nothing else does."""
    version: int
    rests_until: float
    """A large view is not sent again before the network has had time for it."""

    def look(self, moment: Moment) -> bool:
        """Build the view as it is at a moment; tell whether it is worth sending."""
        ...


class _Audience:
    def __init__(self, name: str, view: str) -> None:
        self.name, self.view = name, view
        self.members, self.version = 0, -1
        self.body = b""
        self.rests_until = 0.0


class ScreenRoom(_Audience):
    """Boards, or the screens of staff who may see the same: they follow every version."""

    def __init__(self, name: str, view: str, build: Callable[[], View]) -> None:
        super().__init__(name, view)
        self._build = build

    def look(self, moment: Moment) -> bool:
        """Build the view; every newer version is sent, so that nobody wonders."""
        view = self._build()
        del view["now"]
        version, body = view.pop("version"), msgspec.json.encode(view)
        news = (version, body) != (self.version, self.body)
        self.version, self.body = version, body
        return news


class TicketRoom(_Audience):
    """The pages of one ticket. There may be thousands, so what stays in it is kept as JSON."""

    def __init__(self, name: str, code: str, tell: Tell, sees: Callable[[Ticket], bool]) -> None:
        """`sees` says whether areas and screening may be seen in a ticket (invariant 9)."""
        super().__init__(name, "ticket")
        self._code, self._tell, self._sees = code, tell, sees
        self._card: tuple[Any, ...] = ()
        self._card_json = b""
        self._news: News | None = None

    def look(self, moment: Moment) -> bool:
        """Build the view; it is sent when the runner would see something else."""
        tent = moment.tent
        ticket = tent.open.get(self._code) or tent.ticket(self._code)
        news = news_of(moment, ticket)
        self.version = tent.version
        therapists = tent.therapists if ticket.therapist else None
        card = (ticket, tent.event, therapists, self._sees(ticket))
        if card != self._card:
            self._card = card
            self._card_json = msgspec.json.encode(card_view(tent, ticket, health=card[-1]))
        elif news == self._news:
            return False
        self._news = news
        moving = msgspec.json.encode(worded(news_view(ticket, news), self._tell))
        before, self.body = self.body, b"%b,%b" % (moving[:-1], self._card_json[1:])
        return self.body != before
