"""Every command of the outside, in one table: URL, body, what it asks of the tent, who may.

`openapi.py` draws its document from here and `serving.py` serves it, so the two can't disagree.
"""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.web import asking as ask
from tentqueue.web import audience as who
from tentqueue.web import bodies
from tentqueue.web.asking import Route

EVENT = "/api/v1/events/<slug>"
OWN = "/api/v1/tickets/<ticket>"
TICKET = f"{EVENT}/tickets/<ticket>"
THERAPIST = f"{EVENT}/therapists/<therapist>"
LANE = f"{EVENT}/lanes/<any(warmup, recovery, nextday):lane>"

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

MADE_UP = Route(
    "made-up",
    f"{EVENT}/made-up",
    bodies.MadeUp,
    ask.made_up,
    who.ORGANISERS,
    "made-up",
    "Made-up tickets out of the line, or only counted",
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
    Route(
        "available",
        f"{THERAPIST}/available",
        bodies.Nothing,
        ask.of_therapist(do.BeAvailable),
        who.THAT_THERAPIST,
        "therapist",
        "On duty, or back from a break",
    ),
    Route(
        "break",
        f"{THERAPIST}/break",
        bodies.Break,
        ask.of_therapist(do.TakeBreak),
        who.THAT_THERAPIST,
        "therapist",
        "A break, after the present treatment",
    ),
    Route(
        "off",
        f"{THERAPIST}/off",
        bodies.Nothing,
        ask.of_therapist(do.GoHome),
        who.THAT_THERAPIST,
        "therapist",
        "Gone, after the present treatment",
    ),
    Route(
        "shift",
        f"{THERAPIST}/shift",
        bodies.Shift,
        ask.shift,
        who.ORGANISERS,
        "therapist",
        "Comes later, leaves earlier, stays longer",
    ),
    Route(
        "table",
        f"{THERAPIST}/table",
        bodies.Table,
        ask.table,
        who.ORGANISERS,
        "therapist",
        "Works at another table; whoever has it takes this one",
    ),
    Route(
        "start",
        f"{TICKET}/start",
        bodies.Start,
        ask.at_table(do.StartTreatment),
        who.AT_THE_TABLE,
        "ticket",
        "Hands on",
    ),
    Route(
        "finish",
        f"{TICKET}/finish",
        bodies.Nothing,
        ask.at_table(do.FinishTreatment),
        who.AT_THE_TABLE,
        "ticket",
        "Hands off",
    ),
    Route(
        "clean",
        f"{TICKET}/clean",
        bodies.Nothing,
        ask.at_table(do.CleanTable),
        who.AT_THE_TABLE,
        "ticket",
        "The table is clean",
    ),
    Route(
        "no-show",
        f"{TICKET}/no-show",
        bodies.Nothing,
        ask.at_table(do.MarkNoShow),
        who.AT_THE_TABLE,
        "ticket",
        "The called runner is not here",
    ),
    Route(
        "refer",
        f"{TICKET}/refer",
        bodies.Refer,
        ask.at_table(do.ReferRunner),
        who.AT_THE_TABLE,
        "ticket",
        "To medical",
    ),
    Route(
        "extend",
        f"{TICKET}/extend",
        bodies.Extend,
        ask.at_table(do.ExtendTreatment),
        who.AT_THE_TABLE,
        "ticket",
        "More minutes",
    ),
    Route(
        "hold",
        f"{TICKET}/hold",
        bodies.Hold,
        ask.at_table(do.HoldTicket),
        who.AT_THE_TABLE,
        "ticket",
        "Set aside for a while",
    ),
    Route(
        "recall",
        f"{TICKET}/recall",
        bodies.Nothing,
        ask.at_table(do.RecallRunner),
        who.AT_THE_TABLE,
        "ticket",
        "Call again",
    ),
    Route(
        "paper",
        f"{TICKET}/paper",
        bodies.Paper,
        ask.paper,
        who.AT_THE_DESK,
        "ticket",
        "A line of the paper sheet: started, finished or left, and when",
    ),
    Route(
        "move",
        f"{TICKET}/move",
        bodies.Move,
        ask.move,
        who.ORGANISERS,
        "ticket",
        "Before another ticket, or first",
    ),
    Route(
        "open",
        f"{LANE}/open",
        bodies.Nothing,
        ask.lane(do.OpenLane),
        who.ORGANISERS,
        "lane",
        "Take joins and call",
    ),
    Route(
        "close",
        f"{LANE}/close",
        bodies.Nothing,
        ask.lane(do.CloseLane),
        who.ORGANISERS,
        "lane",
        "Take no more joins",
    ),
    Route(
        "pause",
        f"{LANE}/pause",
        bodies.Nothing,
        ask.lane(do.PauseLane),
        who.ORGANISERS,
        "lane",
        "Neither joins nor calls for now",
    ),
    MADE_UP,
    Route(
        "undo", f"{EVENT}/undo", bodies.Undo, ask.undo, who.STAFF, "version", "Take an entry back"
    ),
    Route(
        "announce",
        f"{EVENT}/announce",
        bodies.Announce,
        ask.announce,
        who.ORGANISERS,
        "version",
        "A sentence for the board",
    ),
)
