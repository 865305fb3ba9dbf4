"""Makes bearer tokens and sign-in badges for staff, names and ends tokens; only digests are kept.

Never checks one: `web/auth.py` does.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from tentqueue.services.secret import digest
from tentqueue.storage import Badge, Storage, Token
from tentqueue.storage.entries import micros

MARK = "tq_"
"""How a token begins, so that people and scanners for lost secrets know it."""


def new_token(
    storage: Storage, now: datetime, slug: str, role: str, therapist: str | None = None
) -> str:
    """Make a token of an event for a role, and keep its digest."""
    token = MARK + secrets.token_urlsafe(32)
    storage.staff.put(Token(digest(token), slug, role, therapist, micros(now)))
    return token


def new_badge(
    storage: Storage, expires_at: datetime, slug: str, role: str, therapist: str | None = None
) -> str:
    """Make a badge that signs one browser in, once, and keep its digest."""
    code = secrets.token_urlsafe(24)
    storage.staff.put(Badge(digest(code), slug, role, therapist, micros(expires_at)))
    return code


def end_token(storage: Storage, now: datetime, slug: str, label: str) -> bool:
    """End the token of that name, from its next use on; False when the event has none so named."""
    named = [token for token in storage.staff.tokens(slug) if token.label == label]
    for token in named:
        storage.staff.revoke_token(token.hash, micros(now))
    return bool(named)
