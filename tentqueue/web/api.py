"""What can be read over HTTP, and the lost ticket found again. Reading never changes anything."""

from __future__ import annotations

from itertools import islice
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from tentqueue.domain.said import Said
from tentqueue.screens.journal import journal_line
from tentqueue.services.asker import Power
from tentqueue.views import worded
from tentqueue.web import audience, bodies, origin
from tentqueue.web.address import public_address
from tentqueue.web.asking import EVENT, OWN, text
from tentqueue.web.context import Context
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.language import tell
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes
from tentqueue.web.responding import respond
from tentqueue.web.serving import admit_holder

JOURNAL_PAGE = 1000
READS: dict[str, tuple[str, audience.Audience, str]] = {
    "event": (EVENT, audience.ANYONE, "Name, lanes, waits and the last safe join per wave"),
    "board": (f"{EVENT}/board", audience.ANYONE, "The board view"),
    "tent": (f"{EVENT}/tent", audience.STAFF, "The whole tent"),
    "journal": (
        f"{EVENT}/journal",
        audience.ORGANISERS,
        "The log, in order, without personal data",
    ),
    "ticket": (OWN, audience.TICKET_READERS, "The ticket view"),
}
FIND = (f"{EVENT}/tickets/find", audience.ANYONE, "Find a ticket again by bib and word")


def blueprint(context: Context) -> Blueprint:
    """Make the routes for reading."""
    routes = Blueprint("api", __name__)
    views = {
        "event": _event,
        "board": _board,
        "tent": _tent,
        "journal": _journal,
        "ticket": _ticket,
    }
    for name, (path, who, _) in READS.items():
        routes.add_url_rule(path, name, _view(context, views[name], who), methods=["GET"])
    routes.add_url_rule(FIND[0], "find", _find(context), methods=["POST"])
    return routes


def _view(context: Context, show: Any, who: audience.Audience) -> Any:
    def view(**parts: str) -> Response:
        return respond(msgspec.json.encode(show(context, who, parts)))

    return view


def _event(context: Context, who: audience.Audience, parts: dict[str, str]) -> dict[str, Any]:
    return context.views.join(context.tents.of(parts["slug"]))


def _board(context: Context, who: audience.Audience, parts: dict[str, str]) -> dict[str, Any]:
    return context.views.board(context.tents.of(parts["slug"]))


def _tent(context: Context, who: audience.Audience, parts: dict[str, str]) -> dict[str, Any]:
    day = context.tents.of(parts["slug"])
    asker = context.auth.asker(request, parts["slug"])
    who.admit(asker)
    return worded(context.views.tent(day, asker), tell)


def _ticket(context: Context, who: audience.Audience, parts: dict[str, str]) -> dict[str, Any]:
    slug, day, ticket = context.ticket(parts["ticket"])
    asker = context.auth.asker(request, slug)
    who.admit(asker)
    if asker.power is Power.RUNNER:
        admit_holder(context, asker, ticket.id)
    return worded(context.views.ticket(day, ticket, asker), tell)


def _journal(context: Context, who: audience.Audience, parts: dict[str, str]) -> dict[str, Any]:
    """At most a thousand entries; ask again from `next` while it is not null."""
    day = context.tents.of(parts["slug"])
    who.admit(context.auth.asker(request, parts["slug"]))
    entries = list(islice(day.entries(_since()), JOURNAL_PAGE))
    full = len(entries) == JOURNAL_PAGE
    return {
        "entries": [journal_line(day.tent, entry) for entry in entries],
        "version": day.tent.version,
        "next": entries[-1].number if full else None,
    }


def _since() -> int:
    given = request.args.get("since", "0")
    if not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise Invalid({"since": Said("must be a whole number, the last entry you have")})
    return int(given)


def _find(context: Context) -> Any:
    def find(slug: str) -> Response:
        raw = read_bytes(request, LARGEST_BODY)
        origin.check(request, context.public_url)
        day = context.tents.of(slug)
        context.auth.asker(request, slug)
        body = parse(raw, bodies.Find)
        bib, word = text(body.bib, "bib", 16).upper(), text(body.word, "word", 24)
        context.limits.find(slug, bib, context.caller(request))
        ticket = day.tent.ticket_of_bib(context.runners.tag(slug, bib)) if bib else None
        if ticket is None or not word or not context.runners.knows_word(slug, ticket.id, word):
            raise Problem(
                404, "No ticket has this bib and word. Ask at the desk.", "unknown_ticket"
            )
        key = context.auth.runner_key(ticket.id)
        body_bytes = msgspec.json.encode(
            {
                "id": ticket.id,
                "code": ticket.code,
                "key": key,
                "url": f"{public_address(context)}/t/{ticket.id}#{key}",
            }
        )
        response = respond(body_bytes)
        context.auth.remember_runner(response, ticket.id)
        return response

    return find
