"""What an organiser does about webhooks: give an address, see how each does, try it out, end it."""

from __future__ import annotations

import base64
import secrets
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.said import Said
from tentqueue.services.webhooks import SECRET_MARK, Hook
from tentqueue.web import organisers
from tentqueue.web.context import Context
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.front import Asked, Front, answer
from tentqueue.web.sessions import instant
from tentqueue.web.tent_clock import by_tent_clock
from tentqueue.webhook_sender import problem_with

PATH = "/<slug>/webhooks"
MOST = 5


def blueprint(context: Context) -> Blueprint:
    """The page."""
    routes = Blueprint("hooks", __name__)

    @routes.get(PATH)
    def page(slug: str) -> BaseResponse:
        return organisers.page(
            context, slug, "webhooks.html", lambda event, _: _shown(context, event)
        )

    return routes


def _shown(context: Context, event: RaceEvent) -> dict[str, Any]:
    return {
        "hooks": [_shape(context, hook) for hook in _of(context, event.slug)],
        "at": partial(by_tent_clock, zone=ZoneInfo(event.timezone)),
        "most": MOST,
    }


def add(front: Front, asked: Asked) -> Response:
    """Send the journal on to an address from now on; the secret is told once."""
    context, slug, url = front.context, asked.slug(), asked.body.url
    day = context.tents.of(slug)
    assert context.hooks is not None
    if wrong := problem_with(url, context.hook_hosts):
        raise Invalid({"url": wrong})
    if len(_of(context, slug)) >= MOST:
        raise Problem(
            409,
            Said("At most {most} webhooks. End one first.", most=MOST),
            "too_many_webhooks",
        )
    secret = SECRET_MARK + base64.b64encode(secrets.token_bytes(24)).decode()
    hook = Hook(secrets.token_hex(8), slug, url, secret, day.tent.version)
    context.hooks.put(hook)
    return answer({**_shape(context, hook), "secret": secret})


def look(front: Front, asked: Asked) -> Response:
    """The event's webhooks, how far each has come, and how the last try went."""
    context = front.context
    return answer({"webhooks": [_shape(context, hook) for hook in _of(context, asked.slug())]})


def test(front: Front, asked: Asked) -> Response:
    """Send a message that tells of nothing; how it went is seen in the list, at most 10 s later."""
    context = front.context
    assert context.tester is not None
    found = [hook for hook in _of(context, asked.slug()) if hook.id == asked.body.webhook]
    if not found:
        raise _unknown()
    if not context.tester.try_out(found[0]):
        raise Problem(
            409, "A delivery is on its way just now. Try again in 10 s.", "webhook_is_busy"
        )
    return answer(_shape(context, found[0]))


def end(front: Front, asked: Asked) -> Response:
    """Send nothing more to an address, and forget it."""
    hooks = front.context.hooks
    assert hooks is not None
    if not hooks.drop(asked.slug(), asked.body.webhook):
        raise _unknown()
    return answer({"ended": asked.body.webhook})


def _unknown() -> Problem:
    return Problem(404, "There is no such webhook. Look at the list.", "unknown_webhook")


def _of(context: Context, slug: str) -> list[Hook]:
    """The event's webhooks; nothing where none are kept."""
    return [hook for hook in (context.hooks.all() if context.hooks else ()) if hook.event == slug]


def _shape(context: Context, hook: Hook) -> dict[str, Any]:
    return {
        "webhook": hook.id,
        "url": hook.url,
        "arrived": hook.cursor,
        "behind": max(0, context.tents.of(hook.event).tent.version - hook.cursor),
        "failures": hook.failures,
        "retry_at": _at(hook.retry_at),
        "last": {"at": _at(hook.tried_at), "answered": hook.answered} if hook.tried_at else None,
        "ended": hook.ended_at is not None,
    }


def _at(micros: int | None) -> str | None:
    return None if micros is None else instant(micros)
