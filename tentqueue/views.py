"""What each asker sees of a race day, put together for HTTP and sockets alike. Decides nothing.

Sentences leave as `Said`, in English until `worded` tells them in the reader's language.
The screens build what a role may see from the tent; what is kept apart from the journal, and what
only the border knows, is joined here, for desk and organiser alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tentqueue.domain.model import Ticket
from tentqueue.domain.said import Said
from tentqueue.screens.alerts import alert
from tentqueue.screens.board import board_view
from tentqueue.screens.join import join_view
from tentqueue.screens.shape import AT_TABLE, View
from tentqueue.screens.tent import Seat, Viewer, tent_view
from tentqueue.screens.ticket import ticket_view
from tentqueue.services.asker import Asker, Power
from tentqueue.services.clock import Clock
from tentqueue.services.race_day import RaceDay
from tentqueue.services.runners import Runners
from tentqueue.tongues import Tongue

_SEATS = {Power.ORGANISER: Seat.ORGANISER, Power.DESK: Seat.DESK, Power.THERAPIST: Seat.THERAPIST}


class Views:
    """The views of every race day; `flooded` says whether an event's joins passed their budget,
    `tongue_of` what the browser behind a WSGI environment speaks, to staff or a runner."""

    def __init__(
        self,
        clock: Clock,
        runners: Runners,
        flooded: Callable[[str], bool],
        tongue_of: Callable[[Mapping[str, Any], bool], Tongue],
    ) -> None:
        self._clock, self._runners, self._flooded = clock, runners, flooded
        self.tongue_of = tongue_of

    def join(self, day: RaceDay) -> View:
        """What a newcomer sees."""
        return join_view(day.tent, day.forecast(), self._clock.now())

    def board(self, day: RaceDay) -> View:
        """What everyone sees."""
        return board_view(day.tent, day.forecast(), self._clock.now())

    def ticket(self, day: RaceDay, ticket: Ticket, asker: Asker) -> View:
        """One ticket; areas and screening only for its runner and the therapist it is called to."""
        tent, health = day.tent, may_see_health(asker, ticket)
        return ticket_view(tent, ticket, day.forecast, self._clock.now(), health=health)

    def tent(self, day: RaceDay, asker: Asker) -> View:
        """The tent as this asker's role may see it."""
        tent = day.tent
        viewer = Viewer(_SEATS[asker.power], asker.therapist, asker.label)
        view = tent_view(tent, day.forecast(), self._clock.now(), viewer)
        if viewer.seat is not Seat.THERAPIST:
            self._join_names(view, tent.event.slug)
        if viewer.seat is Seat.ORGANISER and self._flooded(tent.event.slug):
            text = Said(
                "Very many joins in a short time. Some were turned away; look for made-up tickets."
            )
            view["alerts"].insert(0, alert("flood", "amber", text, action="made-up"))
        return view

    def _join_names(self, view: View, slug: str) -> None:
        names = self._runners.names(slug)
        for ticket in view["tickets"]:
            ticket["bib"], ticket["name"] = names.get(ticket["id"], (None, None))


def worded(view: View, tell: Callable[[Said], str]) -> View:
    """Say a ticket's or a tent's sentences as `tell` does, so that the view is plain JSON."""
    for name in ("message", "moved", "passed"):
        if view.get(name):
            view[name] = tell(view[name])
    for line in (*view.get("alerts", ()), *view.get("log", ())):
        line["text"] = tell(line["text"])
    if view.get("undo"):
        view["undo"]["text"] = tell(view["undo"]["text"])
    return view


def may_see_health(asker: Asker, ticket: Ticket) -> bool:
    """Only the ticket's runner, and the therapist it is called to or treated by (invariant 9)."""
    if asker.power is Power.RUNNER:
        return True
    own = asker.therapist is not None and asker.therapist == ticket.therapist
    return asker.power is Power.THERAPIST and own and ticket.state in AT_TABLE
