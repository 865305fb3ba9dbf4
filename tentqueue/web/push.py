"""A phone asks to be told of its call while the page is closed. Only where the server may push."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, Response, request

from tentqueue.domain.said import Said
from tentqueue.services.alarms import Alarms, Phone
from tentqueue.services.asker import Power
from tentqueue.web import audience, bodies, origin
from tentqueue.web.asking import OWN
from tentqueue.web.context import Context
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.language import language_of
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes
from tentqueue.web.serving import admit_holder
from tentqueue.web_push import known_service

PATH = f"{OWN}/push"
WHO = audience.HOLDER
POINT_BYTES, SECRET_BYTES = 65, 16


def blueprint(context: Context, alarms: Alarms | None) -> Blueprint:
    """Make the route; without `alarms` this server pushes nothing and says so."""
    routes = Blueprint("push", __name__)

    @routes.post(PATH)
    def push(ticket: str) -> Response:
        raw = read_bytes(request, LARGEST_BODY)
        origin.check(request, context.public_url)
        slug, _, found = context.ticket(ticket)
        asker = context.auth.asker(request, slug)
        WHO.admit(asker)
        if asker.power is Power.RUNNER:
            admit_holder(context, asker, found.id)
        context.limits.ask(asker, context.caller(request))
        if alarms is None:
            raise Problem(404, "This tent sends no notifications. Keep the page open.")
        alarms.keep(slug, _phone(found.id, parse(raw, bodies.Push)))
        return Response(status=204)

    return routes


def _phone(ticket: str, body: bodies.Push) -> Phone:
    """Read a subscription. Raises: Invalid for what no browser would send."""
    if not known_service(body.endpoint):
        raise Invalid({"endpoint": Said("is not an address of a browser's push service")})
    if _bytes(body.p256dh)[:1] != b"\x04" or len(_bytes(body.p256dh)) != POINT_BYTES:
        raise Invalid({"p256dh": Said("is not a key as browsers make them")})
    if len(_bytes(body.auth)) != SECRET_BYTES:
        raise Invalid({"auth": Said("is not a secret as browsers make them")})
    return Phone(ticket, body.endpoint, body.p256dh, body.auth, language_of(request))


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
