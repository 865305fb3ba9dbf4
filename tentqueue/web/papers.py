"""What organisers print from their screen, as PDF. Drawing changes nothing: a badge sheet is issued
by POST first.
"""

from __future__ import annotations

import re

import gevent
from flask import Blueprint, Response, request

from tentqueue.domain.model import Instant
from tentqueue.printing import KINDS, Order, draw
from tentqueue.services import badge_sheets
from tentqueue.services.badge_sheets import Sheet
from tentqueue.web import audience
from tentqueue.web.address import public_address
from tentqueue.web.auth import Auth
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.front import Asked, Front, answer
from tentqueue.web.responding import download

PATH = "/<slug>/print/<any(posters, tables, badges, tickets):kind>.pdf"
WHO = audience.ORGANISERS
_NUMBER = re.compile(r"[0-9a-f]{16}")


def issue(front: Front, asked: Asked) -> Response:
    """Make the codes of a fresh sheet of badges; the answer says where it is drawn."""
    slug = asked.slug()
    event = front.context.tents.of(slug).tent.event
    auth = front.auth
    sheet = badge_sheets.issue(auth.staff, auth.keys, event, front.context.clock.now())
    until = sheet.expires_at.isoformat()
    made = len(badge_sheets.holders(event))
    path = f"/{slug}/print/badges.pdf?sheet={sheet.number}"
    early = badge_sheets.too_early(event, sheet)
    return answer({"path": path, "badges": made, "expires_at": until, "too_early": early})


def blueprint(context: Context) -> Blueprint:
    """The route of the sheets."""
    routes = Blueprint("papers", __name__)

    @routes.get(PATH)
    def sheets(slug: str, kind: str) -> Response:
        day = context.tents.of(slug)
        WHO.admit(context.auth.asker(request, slug))
        badges = _sheet(context, slug) if kind == "badges" else None
        order = Order(day.tent, public_address(context), context.paper.secrets, badges)
        assert kind in KINDS
        # In a thread of its own: a second of drawing must not keep the tablets waiting.
        pdf = gevent.get_hub().threadpool.apply(draw, (order, [kind]))
        return download(pdf, "application/pdf", f"{slug}-{kind}.pdf")

    return routes


def _sheet(context: Context, slug: str) -> Sheet:
    """The sheet the address names. Raises: Problem 404 once a newer one has ended it."""
    number, auth = request.args.get("sheet", ""), context.auth
    ends: Instant | None = None
    if isinstance(auth, Auth) and _NUMBER.fullmatch(number):
        event = context.tents.of(slug).tent.event
        ends = badge_sheets.ends(auth.staff, auth.keys, event, number)
    if ends is None:
        raise Problem(404, "This sheet has ended. Print a new one from the organiser's screen.")
    return Sheet(number, ends)
