"""What staff ask of the tent: shifts, tables, lanes, the whole day.

Read as a part of `commands.py`.
"""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.web import asking as ask
from tentqueue.web import audience as who
from tentqueue.web import bodies
from tentqueue.web.asking import EVENT, Route

TICKET = f"{EVENT}/tickets/<ticket>"
THERAPIST = f"{EVENT}/therapists/<therapist>"
LANE = f"{EVENT}/lanes/<any(warmup, recovery, nextday):lane>"

STAFF_COMMANDS: tuple[Route, ...] = (
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
    Route(
        "made-up",
        f"{EVENT}/made-up",
        bodies.MadeUp,
        ask.made_up,
        who.ORGANISERS,
        "made-up",
        "Made-up tickets out of the line, or only counted",
    ),
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
