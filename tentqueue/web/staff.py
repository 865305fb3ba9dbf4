"""The staff's own routes, and the runner's key: who may use which, and how they are asked.

Never touches the tent: nothing here is in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest

import msgspec
from flask import Blueprint, Response, request

from tentqueue.services.asker import Asker, Power
from tentqueue.web import (
    accounts,
    audience,
    hooks,
    keeping,
    origin,
    papers,
    signing,
    staff_bodies,
)
from tentqueue.web.auth import Auth
from tentqueue.web.bodies import Nothing
from tentqueue.web.context import Context
from tentqueue.web.enrolment import Enrolment
from tentqueue.web.errors import Problem
from tentqueue.web.front import Asked, Front, StaffRoute, answer
from tentqueue.web.pins import Pins
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes

ROUTES = (
    StaffRoute("badges", staff_bodies.Badges, audience.ORGANISERS, accounts.badges),
    StaffRoute("badge-sheet", staff_bodies.OfEvent, audience.ORGANISERS, papers.issue),
    StaffRoute("members", None, audience.ORGANISERS, accounts.members),
    StaffRoute("revoke", staff_bodies.Revoke, audience.ORGANISERS, accounts.revoke),
    StaffRoute("tokens", None, audience.ORGANISERS, accounts.tokens),
    StaffRoute("token-end", staff_bodies.EndToken, audience.ORGANISERS, accounts.end_token),
    StaffRoute("records", None, audience.ORGANISERS, keeping.look),
    StaffRoute("wipe", staff_bodies.Wipe, audience.ORGANISERS, keeping.wipe),
    StaffRoute("webhooks", None, audience.ORGANISERS, hooks.look),
    StaffRoute("webhook", staff_bodies.AddWebhook, audience.ORGANISERS, hooks.add),
    StaffRoute("webhook-end", staff_bodies.OneWebhook, audience.ORGANISERS, hooks.end),
    StaffRoute("webhook-test", staff_bodies.OneWebhook, audience.ORGANISERS, hooks.test),
    StaffRoute("enrol", staff_bodies.Enrol, audience.ANYONE, signing.enrol),
    StaffRoute("passphrase", staff_bodies.Passphrase, audience.ANYONE, signing.passphrase),
    StaffRoute("signin", staff_bodies.SignIn, audience.ANYONE, signing.signin),
    StaffRoute("signout", Nothing, audience.ANYONE, signing.signout),
    StaffRoute("names", None, audience.ANYONE, signing.names),
    StaffRoute("lock", Nothing, audience.SIGNED_IN, signing.lock),
    StaffRoute("unlock", staff_bodies.Unlock, audience.SIGNED_IN, signing.unlock),
    StaffRoute("stay", Nothing, audience.SIGNED_IN, signing.stay),
    StaffRoute("me", None, audience.SIGNED_IN, signing.me),
)
KEY = ("/api/v1/tickets/<ticket>/key", audience.ANYONE)
_RUNNER = Asker(Power.RUNNER, "runner")
_about = msgspec.json.Decoder(staff_bodies.About)


def blueprint(context: Context) -> Blueprint:
    """Make the runner's key's route, and the staff's routes where sign-in is the real one."""
    routes = Blueprint("staff", __name__)
    routes.add_url_rule(KEY[0], "key", _key(context), methods=["POST"])
    auth = context.auth
    if isinstance(auth, Auth):
        pins = Pins(auth.staff, auth.keys, auth.clock)
        front = Front(context, auth, pins, Enrolment(auth, pins))
        for route in ROUTES:
            method = "GET" if route.body is None else "POST"
            routes.add_url_rule(route.path, route.name, _view(front, route), methods=[method])
    return routes


def _view(front: Front, route: StaffRoute) -> Callable[[], Response]:
    def read() -> Response:
        return route.do(front, _admitted(front, route, request.args.get("event")))

    def command() -> Response:
        raw = _read(front.context)
        asked = _admitted(front, route, _event_of(raw))
        # Only now: who may not ask learns nothing of the body's shape.
        body = parse(raw, route.body)
        return route.do(front, Asked(body, asked.event, asked.asker, asked.sitting))

    return read if route.body is None else command


def _admitted(front: Front, route: StaffRoute, named: str | None) -> Asked:
    """Find out who asks about which event. Raises: Problem 401 or 403."""
    sitting = front.auth.sitting(request, named)
    event = named or (sitting.session.event if sitting else "")
    if route.who is audience.ANYONE:
        return Asked(None, event, _RUNNER, sitting)
    if route.who is audience.SIGNED_IN:
        # A locked screen may be opened again; everything else asks `auth.asker`.
        asked = Asked(None, event, _RUNNER, sitting)
        route.who.admit(asked.place.asker)
        return asked
    asker = front.auth.asker(request, event)
    route.who.admit(asker)
    return Asked(None, event, asker, sitting)


def _event_of(raw: bytes) -> str | None:
    try:
        return _about.decode(raw).event
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _read(context: Context) -> bytes:
    raw = read_bytes(request, LARGEST_BODY)
    origin.check(request, context.public_url)
    context.limits.ask(_RUNNER, context.caller(request))
    return raw


def _key(context: Context) -> Callable[[str], Response]:
    def key(ticket: str) -> Response:
        """The page hands over the key of its link, and the browser gets the ticket's cookie."""
        body = parse(_read(context), staff_bodies.Key)
        slug, _, found = context.ticket(ticket)
        expected = context.auth.runner_key(found.id)
        if not compare_digest(body.key.encode(), expected.encode()):
            raise Problem(403, "This key is not this ticket's. Open the link it came with.")
        response = answer({"id": found.id, "event": slug})
        context.auth.remember_runner(response, found.id)
        return response

    return key
