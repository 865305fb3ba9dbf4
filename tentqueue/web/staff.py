"""The staff's own calls, and the runner's key: who may call which, and how they are asked.

Never touches the tent: nothing here is in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest

import msgspec
from flask import Blueprint, Response, request

from tentqueue.services.asker import Asker, Power
from tentqueue.web import audience, hooks, keeping, origin, papers, roster, signing, staff_bodies
from tentqueue.web.auth import Auth
from tentqueue.web.bodies import Nothing
from tentqueue.web.context import Context
from tentqueue.web.enrolment import Enrolment
from tentqueue.web.errors import Problem
from tentqueue.web.front import Asked, Front, StaffCall, answer
from tentqueue.web.pins import Pins
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes

CALLS = (
    StaffCall("badges", staff_bodies.Badges, audience.ORGANISERS, roster.badges),
    StaffCall("badge-sheet", staff_bodies.OfEvent, audience.ORGANISERS, papers.issue),
    StaffCall("members", None, audience.ORGANISERS, roster.members),
    StaffCall("revoke", staff_bodies.Revoke, audience.ORGANISERS, roster.revoke),
    StaffCall("tokens", None, audience.ORGANISERS, roster.tokens),
    StaffCall("token-end", staff_bodies.EndToken, audience.ORGANISERS, roster.end_token),
    StaffCall("records", None, audience.ORGANISERS, keeping.look),
    StaffCall("wipe", staff_bodies.Wipe, audience.ORGANISERS, keeping.wipe),
    StaffCall("webhooks", None, audience.ORGANISERS, hooks.look),
    StaffCall("webhook", staff_bodies.AddWebhook, audience.ORGANISERS, hooks.add),
    StaffCall("webhook-end", staff_bodies.EndWebhook, audience.ORGANISERS, hooks.end),
    StaffCall("enrol", staff_bodies.Enrol, audience.ANYONE, signing.enrol),
    StaffCall("passphrase", staff_bodies.Passphrase, audience.ANYONE, signing.passphrase),
    StaffCall("signin", staff_bodies.SignIn, audience.ANYONE, signing.signin),
    StaffCall("signout", Nothing, audience.ANYONE, signing.signout),
    StaffCall("names", None, audience.ANYONE, signing.names),
    StaffCall("lock", Nothing, audience.SIGNED_IN, signing.lock),
    StaffCall("unlock", staff_bodies.Unlock, audience.SIGNED_IN, signing.unlock),
    StaffCall("stay", Nothing, audience.SIGNED_IN, signing.stay),
    StaffCall("me", None, audience.SIGNED_IN, signing.me),
)
KEY = ("/api/v1/tickets/<ticket>/key", audience.ANYONE)
_RUNNER = Asker(Power.RUNNER, "runner")
_about = msgspec.json.Decoder(staff_bodies.About)


def blueprint(context: Context) -> Blueprint:
    """Make the runner's key's route, and the staff's calls where sign-in is the real one."""
    routes = Blueprint("staff", __name__)
    routes.add_url_rule(KEY[0], "key", _key(context), methods=["POST"])
    auth = context.auth
    if isinstance(auth, Auth):
        pins = Pins(auth.staff, auth.keys, auth.clock)
        front = Front(context, auth, pins, Enrolment(auth, pins))
        for call in CALLS:
            method = "GET" if call.body is None else "POST"
            routes.add_url_rule(call.path, call.name, _view(front, call), methods=[method])
    return routes


def _view(front: Front, call: StaffCall) -> Callable[[], Response]:
    def read() -> Response:
        return call.do(front, _admitted(front, call, request.args.get("event")))

    def command() -> Response:
        raw = _read(front.context)
        asked = _admitted(front, call, _event_of(raw))
        # Only now: who may not call learns nothing of the body's shape.
        body = parse(raw, call.body)
        return call.do(front, Asked(body, asked.event, asked.asker, asked.sitting))

    return read if call.body is None else command


def _admitted(front: Front, call: StaffCall, named: str | None) -> Asked:
    """Find out who asks about which event. Raises: Problem 401 or 403."""
    sitting = front.auth.sitting(request, named)
    event = named or (sitting.session.event if sitting else "")
    if call.who is audience.ANYONE:
        return Asked(None, event, _RUNNER, sitting)
    if call.who is audience.SIGNED_IN:
        # A locked screen may be opened again; everything else asks `auth.asker`.
        asked = Asked(None, event, _RUNNER, sitting)
        call.who.admit(asked.place.asker)
        return asked
    asker = front.auth.asker(request, event)
    call.who.admit(asker)
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
