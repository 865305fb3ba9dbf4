"""A ticket kept on the phone: what its home screen shows, and the script that opens it offline.

Browsers use both only over https, or on the server's own machine. Nothing here changes the tent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from tentqueue import assets
from tentqueue.services.asker import Power
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.headers import POLICY

PAPER = "#f4efe4"
ICONS = (192, 512)
TICKET_POLICY = POLICY.replace("trusted-types 'none'", "trusted-types worker; worker-src 'self'")
"""The ticket page may make one script address into a worker: its own."""


def blueprint(context: Context) -> Blueprint:
    """The two files beside a ticket's page."""
    routes = Blueprint("home_screen", __name__)
    script = (assets.find("static") / "js" / "ticket-worker.js").read_text("utf-8")
    worker = assets.without_comments(script)

    @routes.get("/t/worker.js")
    def offline() -> Response:
        """Serve the worker; no-cache, so that a new build's replaces it at the next visit."""
        answer = Response(worker, mimetype="text/javascript")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @routes.get("/t/icon.png")
    def icon() -> BaseResponse:
        """Lead the worker, which knows no build, to the picture of a notification."""
        return redirect(_asset("icons/ticket-192.png"))

    @routes.get("/t/<ticket>/app.webmanifest")
    def manifest(ticket: str) -> Response:
        """Describe the ticket as an app. For its holder the link carries the key: an app on the
        home screen of some phones has no cookies of the browser's."""
        slug, day, found = context.ticket(ticket)
        start = url_for("pages.ticket", ticket=ticket)
        if _holds(context, slug, ticket):
            start += f"#{context.auth.runner_key(ticket)}"
        answer = jsonify(_manifest(found.code, day.tent.event.name, start))
        answer.mimetype = "application/manifest+json"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return routes


def ticket_page(**about: object) -> Response:
    """Draw the page of a ticket, allowed to keep itself for when there is no network."""
    page = Response(render_template("ticket.html", **about), mimetype="text/html")
    page.headers["Content-Security-Policy"] = TICKET_POLICY
    return page


def _manifest(code: str, event: str, start: str) -> dict[str, object]:
    locale = get_locale()
    return {
        "name": f"{code} · {event}",
        "short_name": code,
        "id": start.partition("#")[0],
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "lang": str(locale or "en"),
        "dir": "ltr" if locale is None else locale.text_direction,
        "icons": [_icon(size, purpose) for size in ICONS for purpose in ("any", "maskable")],
    }


def _icon(size: int, purpose: str) -> dict[str, str]:
    # The drawing keeps to the middle two thirds, so a round mask cuts nothing off.
    return {
        "src": _asset(f"icons/ticket-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _asset(path: str) -> str:
    return cast(Callable[[str], str], current_app.jinja_env.globals["asset"])(path)


def _holds(context: Context, slug: str, ticket: str) -> bool:
    try:
        asker = context.auth.asker(request, slug)
    except Problem:
        return False
    return asker.power is Power.RUNNER and context.auth.runner_may(asker, ticket)
