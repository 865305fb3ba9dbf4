"""Serves each row of the command table: who asks, may they, what do they ask, what is the answer.

Never decides anything about the tent: it hands one command to `RaceDay.handle`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from flask import Blueprint, Request, Response

from tentqueue.domain import commands as do
from tentqueue.domain.events import Event, RunnerJoined
from tentqueue.domain.taking import TakenBy
from tentqueue.domain.tent import Tent
from tentqueue.screens.made_up import counted, removed
from tentqueue.screens.tent import lane_shape, therapist_shape
from tentqueue.screens.ticket import ticket_view
from tentqueue.services.answered import Receipt
from tentqueue.services.asker import Asker, Power
from tentqueue.services.consent import wording
from tentqueue.services.race_day import Outcome, RaceDay
from tentqueue.services.runners import Told
from tentqueue.views import worded
from tentqueue.web import bodies, origin
from tentqueue.web.address import public_address
from tentqueue.web.asking import Asking, Route, text
from tentqueue.web.commands import COMMANDS, JOIN, NEXT_DAY
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.idempotency import digest_of, key_of
from tentqueue.web.language import tell
from tentqueue.web.presented import printed_code
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes
from tentqueue.web.responding import respond
from tentqueue.web.sent import sent

_encode = msgspec.json.Encoder().encode


class JoinedId(msgspec.Struct, frozen=True):
    """The part of a stored answer that the runner's key belongs to."""

    id: str


_joined = msgspec.json.Decoder(JoinedId)


@dataclass(frozen=True)
class Asked:
    """One request for a command, read and admitted but not yet asked."""

    route: Route
    slug: str
    day: RaceDay
    asker: Asker
    request: Request
    raw: bytes


def blueprint(context: Context) -> Blueprint:
    """Make the routes of the command table."""
    routes = Blueprint("commands", __name__)
    for route in COMMANDS:
        view = _view(context, route)
        routes.add_url_rule(route.path, route.name, view, methods=["POST"])
    return routes


def _view(context: Context, route: Route) -> Any:
    def view(**parts: str) -> Response:
        request = sent()
        raw = read_bytes(request, LARGEST_BODY)
        origin.check(request, context.public_url)
        slug, day = context.day_of(parts)
        asked = Asked(route, slug, day, context.auth.asker(request, slug), request, raw)
        admit(context, route, asked.asker, parts)
        limit(context, asked)
        return _serve(context, asked, parts)

    return view


def admit(context: Context, route: Route, asker: Asker, parts: dict[str, str]) -> None:
    """Let only those ask who may. Raises: Problem 401 or 403."""
    route.who.admit(asker)
    own = route.who.own
    if own == "ticket" and asker.power is Power.RUNNER:
        admit_holder(context, asker, parts["ticket"])
    if (
        own == "therapist"
        and asker.power is Power.THERAPIST
        and asker.therapist != parts["therapist"]
    ):
        raise Problem(403, "Only for yourself. Ask the desk for others.")


def admit_holder(context: Context, asker: Asker, ticket_id: str) -> None:
    """Let a runner pass to their own ticket. Raises: Problem 401 without a key, else 403."""
    if not context.auth.runner_may(asker, ticket_id):
        status = 401 if asker.ticket is None else 403
        raise Problem(status, "This ticket's key is needed. Open it on the phone that took it.")


def limit(context: Context, asked: Asked) -> None:
    """Count the request against its budgets. Raises: Problem 429."""
    caller = context.caller(asked.request)
    if asked.route in (JOIN, NEXT_DAY):
        context.limits.join(asked.slug, asked.asker, caller)
    else:
        context.limits.ask(asked.asker, caller)


def _serve(context: Context, asked: Asked, parts: dict[str, str]) -> Response:
    body = parse(asked.raw, asked.route.body)
    if asked.route is JOIN:
        return _join(context, asked, body, parts)
    if asked.route is NEXT_DAY:
        return _book(context, asked, body, parts)
    asking = Asking(asked.asker, parts)
    command = asked.route.ask(body, asking)
    if isinstance(command, do.RemoveMadeUp) and body.dry_run:
        return respond(_encode(counted(asked.day.tent, command)))
    erases = asked.route.name == "erase"
    side = context.runners.forget(asked.slug, parts["ticket"]) if erases else ()
    outcome = _handle(context, asked, command, side)
    if erases:
        context.runners.forgotten(asked.slug, parts["ticket"])
    return respond(_answer_of(context, asked, command, outcome), asked.route.status)


def _join(context: Context, asked: Asked, body: bodies.Join, parts: dict[str, str]) -> Response:
    told = _told(context, body)
    listed = context.rosters.listed(asked.day.tent.event, told.bib)
    if listed is not None and told.name is None:
        told = replace(told, name=listed.name)
    tag = context.runners.tag(asked.slug, told.bib) if told.bib else None
    paper = printed_code(context, asked.slug, asked.asker, body.paper) if body.paper else None
    new_id = context.paper.id_of(asked.slug, paper) if paper else context.new_id()
    by = _taken_by(context, asked)
    asking = Asking(asked.asker, parts, new_id, tag, paper, listed, taken_by=by)
    return _place(context, asked, asking, told, body)


def _taken_by(context: Context, asked: Asked) -> TakenBy:
    if asked.asker.power is not Power.RUNNER:
        return TakenBy.STAFF
    return TakenBy.PROGRAM if context.devices.of(asked.request) is None else TakenBy.PAGE


def _place(context: Context, asked: Asked, asking: Asking, told: Told, body: Any) -> Response:
    command = asked.route.ask(body, asking)
    side = context.runners.writes(asked.slug, asking.new_id, told)
    hand = (
        f"{asked.asker.power}, guardian"
        if getattr(body, "guardian_consent", False)
        else str(asked.asker.power)
    )
    words = wording(asked.day.tent.rules.treatment_record)
    side = (*side, *context.runners.consented(asked.slug, asking.new_id, hand, words))
    outcome = _handle(context, asked, command, side)
    if not outcome.repeated:
        context.runners.kept(asked.slug, asking.new_id, told)
    return _joined_answer(context, asked, _answer_of(context, asked, command, outcome))


def _book(context: Context, asked: Asked, body: bodies.NextDay, parts: dict[str, str]) -> Response:
    """A second ticket for the runner of the first: bib and name go along, the word does not."""
    before = asked.day.tent.ticket(parts["ticket"])
    bib, name = context.runners.names(asked.slug).get(before.id, (None, None))
    asking = Asking(asked.asker, parts, new_id=context.new_id(), before=before)
    return _place(context, asked, asking, Told(bib, name), body)


def _joined_answer(context: Context, asked: Asked, stored: bytes) -> Response:
    """Add what is never stored: the runner's key, and the addresses that carry it."""
    ticket = _joined.decode(stored).id
    key = context.auth.runner_key(ticket)
    extra = {
        "key": key,
        "url": f"{public_address(context)}/t/{ticket}#{key}",
        "qr": f"/q/s/{ticket}.svg",
    }
    response = respond(stored[:-1] + b"," + _encode(extra)[1:], asked.route.status)
    if asked.asker.power is Power.RUNNER and "Authorization" not in asked.request.headers:
        context.auth.remember_runner(response, ticket)
    return response


def _told(context: Context, body: bodies.Join) -> Told:
    bib = text(body.bib, "bib", 16).upper() if body.bib else None
    name = text(body.name, "name", 24) if body.name else None
    word = text(body.word, "word", 24) if body.word else None
    return Told(bib or None, name or None, word or None)


def _handle(context: Context, asked: Asked, command: do.Command, side: tuple[Any, ...]) -> Outcome:
    key = key_of(asked.request)
    if key is None:
        return asked.day.handle(command, asked.asker, side=side)

    def answer(tent: Tent, events: tuple[Event, ...]) -> bytes:
        return _encode(shown(context, asked, command, tent, events))

    who = (
        asked.asker.power,
        asked.asker.name,
        asked.asker.therapist or "",
        asked.asker.ticket or "",
        context.devices.of(asked.request) or "",
    )
    receipt = Receipt(key, digest_of(asked.request, asked.raw, who), answer)
    return asked.day.handle(command, asked.asker, receipt, side)


def _answer_of(context: Context, asked: Asked, command: do.Command, outcome: Outcome) -> bytes:
    if outcome.answer is not None:
        return outcome.answer
    return _encode(shown(context, asked, command, outcome.tent, outcome.events))


def shown(
    context: Context, asked: Asked, command: do.Command, tent: Tent, events: tuple[Event, ...]
) -> dict[str, Any]:
    """Shape a command's answer: the ticket, therapist or lane it was about, at the tent's version.

    It is kept in the journal, so nothing about health or the person is in it.
    """
    now = context.clock.now()
    if asked.route.shows in ("joined", "ticket"):
        code = next((e.ticket.code for e in events if isinstance(e, RunnerJoined)), None)
        ticket = tent.ticket(code or command.ticket)  # type: ignore[attr-defined]
        return worded(ticket_view(tent, ticket, asked.day.forecast, now, health=False), tell)
    if isinstance(command, do.RemoveMadeUp):
        return removed(tent, events)
    if asked.route.shows == "therapist":
        therapist = tent.therapist(command.therapist)  # type: ignore[attr-defined]
        return {**therapist_shape(tent, therapist, now), "version": tent.version}
    if asked.route.shows == "lane":
        lane = tent.lane(command.lane)  # type: ignore[attr-defined]
        return {**lane_shape(tent, lane, asked.day.forecast()), "version": tent.version}
    return {"version": tent.version}
