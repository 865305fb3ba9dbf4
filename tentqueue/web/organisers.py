"""Pages for organisers alone: who is admitted, and the way to the sign-in for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tentqueue.domain.race_event import RaceEvent
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


def page(
    context: Context,
    slug: str,
    template: str,
    shown: Callable[[RaceEvent, Asker], dict[str, Any]],
) -> Response:
    """Show an organiser a page of the event; lead anybody else to the sign-in.

    `shown` is asked what stands on it only once somebody is admitted; no browser keeps the page.
    Raises: UnknownEvent.
    """
    event, asker = context.tents.of(slug).tent.event, admitted(context, slug)
    if asker is None:
        return to_sign_in(slug)
    about = {"event": event, "timezone": event.timezone, "slug": slug}
    response = make_response(render_template(template, **about, **shown(event, asker)))
    response.headers["Cache-Control"] = "no-store"
    return response


def to_sign_in(slug: str) -> Response:
    """Lead to the sign-in, and from there to the organiser's screen."""
    return redirect(url_for("pages.signin", slug=slug, to="organiser"), 303)
