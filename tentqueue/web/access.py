"""Who may come in, for organisers: the staff's accounts with their devices, and programs' tokens.

Only shows; ending one is a route of the staff's own (`accounts.py`).
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.web import organisers
from tentqueue.web.accounts import members_of, tokens_of
from tentqueue.web.auth import Auth
from tentqueue.web.context import Context
from tentqueue.web.tent_clock import by_tent_clock

PATH = "/<slug>/access"


def blueprint(context: Context) -> Blueprint:
    """The page."""
    routes = Blueprint("access", __name__)

    @routes.get(PATH)
    def page(slug: str) -> BaseResponse:
        return organisers.page(
            context,
            slug,
            "access.html",
            lambda event, _: _shown(context, slug, ZoneInfo(event.timezone)),
        )

    return routes


def _shown(context: Context, slug: str, zone: ZoneInfo) -> dict[str, Any]:
    """Who is there; a test's own sign-in keeps no accounts."""
    auth = context.auth
    if not isinstance(auth, Auth):
        return {"members": [], "tokens": []}
    return {
        "members": [
            m | {"last_seen": by_tent_clock(m["last_seen"], zone)} for m in members_of(auth, slug)
        ],
        "tokens": [
            t | {"made_at": by_tent_clock(t["made_at"], zone)} for t in tokens_of(auth, slug)
        ],
    }
