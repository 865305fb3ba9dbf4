"""Every command of the outside, in one table: URL, body, what it asks of the tent, who may.

The rows here are the runner's own; those of staff are in `staff_commands.py`.
`openapi.py` draws its document from here and `serving.py` serves it, so the two can't disagree.
"""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.web import asking as ask
from tentqueue.web import audience as who
from tentqueue.web import bodies
from tentqueue.web.asking import EVENT, OWN, Route
from tentqueue.web.staff_commands import STAFF_COMMANDS

JOIN = Route(
    "join",
    f"{EVENT}/tickets",
    bodies.Join,
    ask.join,
    who.NEWCOMERS,
    "joined",
    "Take a place in a lane",
    status=201,
)

NEXT_DAY = Route(
    "nextday",
    f"{OWN}/nextday",
    bodies.NextDay,
    ask.next_day,
    who.HOLDER,
    "joined",
    "Book an appointment for the next day",
    status=201,
)

COMMANDS: tuple[Route, ...] = (
    JOIN,
    Route(
        "leave",
        f"{OWN}/leave",
        bodies.Nothing,
        ask.of_ticket(do.LeaveLine),
        who.HOLDER,
        "ticket",
        "Give the place up",
    ),
    Route(
        "delay",
        f"{OWN}/delay",
        bodies.Nothing,
        ask.of_ticket(do.GiveMoreTime),
        who.HOLDER,
        "ticket",
        "More time, once",
    ),
    Route(
        "here",
        f"{OWN}/here",
        bodies.Nothing,
        ask.of_ticket(do.ConfirmHere),
        who.HOLDER,
        "ticket",
        "I am here",
    ),
    Route(
        "erase",
        f"{OWN}/erase",
        bodies.Nothing,
        ask.of_ticket(do.EraseTicket),
        who.HOLDER,
        "ticket",
        "Forget me",
    ),
    NEXT_DAY,
    Route(
        "screening",
        f"{OWN}/screening",
        bodies.Screen,
        ask.screen,
        who.TICKET_READERS,
        "ticket",
        "How the six questions went",
    ),
    *STAFF_COMMANDS,
)
