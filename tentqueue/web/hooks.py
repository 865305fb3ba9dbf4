"""What an organiser does about webhooks: give an address, see how they do, end one."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from flask import Response

from tentqueue.services.webhooks import SECRET_MARK, Hook
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.front import Asked, Front, answer
from tentqueue.webhook_sender import problem_with

MOST = 5


def add(front: Front, asked: Asked) -> Response:
    """Send the journal on to an address from now on; the secret is told once."""
    context, slug, url = front.context, asked.slug(), asked.body.url
    day = context.tents.of(slug)
    assert context.hooks is not None
    if wrong := problem_with(url, context.hook_hosts):
        raise Invalid({"url": wrong})
    if len([hook for hook in context.hooks.all() if hook.event == slug]) >= MOST:
        raise Problem(409, f"At most {MOST} webhooks. End one first.", "too_many_webhooks")
    secret = SECRET_MARK + base64.b64encode(secrets.token_bytes(24)).decode()
    hook = Hook(secrets.token_hex(8), slug, url, secret, day.tent.version)
    context.hooks.put(hook)
    return answer({**_shape(hook), "secret": secret})


def look(front: Front, asked: Asked) -> Response:
    """The event's webhooks and how far each has come."""
    slug, hooks = asked.slug(), front.context.hooks
    assert hooks is not None
    return answer({"webhooks": [_shape(hook) for hook in hooks.all() if hook.event == slug]})


def end(front: Front, asked: Asked) -> Response:
    """Send nothing more to an address, and forget it."""
    hooks = front.context.hooks
    assert hooks is not None
    if not hooks.drop(asked.slug(), asked.body.webhook):
        raise Problem(404, "There is no such webhook. Look at the list.", "unknown_webhook")
    return answer({"ended": asked.body.webhook})


def _shape(hook: Hook) -> dict[str, Any]:
    return {
        "webhook": hook.id,
        "url": hook.url,
        "arrived": hook.cursor,
        "failures": hook.failures,
        "ended": hook.ended_at is not None,
    }
