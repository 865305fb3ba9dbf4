"""Pages for organisers alone: who is admitted, and the way to the sign-in for everybody else."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from tentqueue.services.asker import Asker
from tentqueue.web import audience
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem

WHO = audience.ORGANISERS


def admitted(context: Context, slug: str) -> Asker | None:
    """Who sent the request, if an organiser of this event; None for anybody else."""
    try:
        asker = context.auth.asker(request, slug)
        WHO.admit(asker)
    except Problem:
        return None
    return asker


def to_sign_in(slug: str) -> Response:
    """Lead to the sign-in, and from there to the organiser's screen."""
    return redirect(url_for("pages.signin", slug=slug, to="organiser"), 303)
