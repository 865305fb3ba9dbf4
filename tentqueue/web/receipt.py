"""A ticket on the tent's network printer. A print that failed leaves no ghost: a ticket nobody
holds on paper, and that was taken just now, leaves the line again (rule 24).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from tentqueue.domain import commands as do
from tentqueue.domain.errors import Refusal
from tentqueue.domain.model import Instant, Ticket, TicketState
from tentqueue.domain.said import Said
from tentqueue.paper.qr import in_capitals
from tentqueue.screens.sentence import LANES
from tentqueue.services.asker import Asker, Power
from tentqueue.services.printers import NotPrinted
from tentqueue.services.race_day import RaceDay
from tentqueue.web import audience, bodies, origin
from tentqueue.web.address import public_address
from tentqueue.web.asking import OWN
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.language import language_of, tell
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes

if TYPE_CHECKING:
    from tentqueue.paper.receipt import Receipt

PATH = f"{OWN}/print"
WHO = audience.PRINTERS
JUST_NOW = timedelta(minutes=3)
"""How long a ticket counts as just taken: a kiosk prints no older, a failure takes none back."""


def blueprint(context: Context) -> Blueprint:
    """The one route."""
    routes = Blueprint("receipt", __name__)

    @routes.post(PATH)
    def receipt(ticket: str) -> Response:
        raw = read_bytes(request, LARGEST_BODY)
        origin.check(request, context.public_url)
        slug, _, found = context.ticket(ticket)
        asker = context.auth.asker(request, slug)
        WHO.admit(asker)
        context.limits.ask(asker, context.caller(request))
        body = parse(raw, bodies.Print)
        fresh = context.clock.now() - found.joined_at <= JUST_NOW
        if asker.power is Power.KIOSK and not fresh:
            raise Problem(403, Said("Only the desk prints a ticket again."))
        _print(context, found.id, asker, body.new and fresh)
        return Response(status=204)

    return routes


def _print(context: Context, ticket_id: str, asker: Asker, take_back: bool) -> None:
    from tentqueue.paper.receipt import draw

    if context.printer is None:
        raise Problem(409, Said("No printer is set up here. Print from the browser."), "no_printer")
    picture = draw(_receipt(context, ticket_id), context.paper_width)
    try:
        context.printer.put(picture)
    except NotPrinted:
        raise _failed(context, ticket_id, asker, take_back) from None


def _failed(context: Context, ticket_id: str, asker: Asker, take_back: bool) -> Problem:
    taken_back = take_back and _taken_back(context, ticket_id, asker)
    words = (
        Said("Nothing was printed, so no place was taken. Look at the printer and try again.")
        if taken_back
        else Said("Nothing was printed. The ticket is still in line. Look at the printer.")
    )
    # Not 503: pages and programs would take that for a lost answer and print again.
    return Problem(409, words, "not_printed", taken_back=taken_back)


def _taken_back(context: Context, ticket_id: str, asker: Asker) -> bool:
    _, day, _ = context.ticket(ticket_id)
    try:
        day.handle(do.LeaveLine(ticket_id), asker)
    except Refusal:
        return False
    return day.tent.ticket(ticket_id).state is TicketState.LEFT


def _receipt(context: Context, ticket_id: str) -> Receipt:
    """The ticket in the asker's language, or in English where no face has its letters."""
    from tentqueue.paper.script import can_say

    made = replace(_in_words(context, ticket_id, tell), language=language_of(request))
    said = can_say(made.words, made.language)
    return made if said else _in_words(context, ticket_id, str)


def _in_words(context: Context, ticket_id: str, say: Callable[[str], str]) -> Receipt:
    from tentqueue.paper.receipt import Receipt

    _, day, ticket = context.ticket(ticket_id)
    event = day.tent.event
    return Receipt(
        event=event.name,
        lane=say(LANES[ticket.lane]),
        code=ticket.code,
        say=say(Said("Watch the board. Your table is called by this code.")),
        when=say(_when(day, ticket)),
        link=in_capitals(public_address(context), ticket.id),
        kind=say(Said("Drink something, put on dry clothes, stay near.")),
    )


def _when(day: RaceDay, ticket: Ticket) -> Said:
    zone = ZoneInfo(day.tent.event.timezone)

    def clock(at: Instant) -> str:
        return f"{at.astimezone(zone):%H:%M}"

    taken, promise = clock(ticket.joined_at), day.forecast().of(ticket.code)
    if promise is None:
        return Said("Taken at {time}.", time=taken)
    range_ = {"from": clock(promise.from_at), "to": clock(promise.to_at)}
    return Said("Likely {from} to {to}. Taken at {time}.", time=taken, **range_)
