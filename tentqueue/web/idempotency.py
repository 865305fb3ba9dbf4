"""The key by which a request that comes twice is known, and what tells it from another request.

It keeps nothing: the journal does.
"""

from __future__ import annotations

from hashlib import blake2b

from flask import Request

from tentqueue.domain.said import Said
from tentqueue.web.errors import Problem

LONGEST_KEY = 128


def key_of(asked: Request) -> str | None:
    """Return the request's key. Raises: Problem 400 unless 1 to 128 visible ASCII characters."""
    key = asked.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= char <= "~" for char in key):
        raise Problem(
            400,
            Said(
                "An Idempotency-Key is 1 to {longest} visible ASCII characters.",
                longest=LONGEST_KEY,
            ),
            "bad_idempotency_key",
        )
    return key


def digest_of(asked: Request, raw: bytes, who: tuple[str, ...]) -> bytes:
    """Sixteen bytes of method, path, body and who: one request told from another."""
    parts = b"\0".join((*(word.encode() for word in (asked.method, asked.path, *who)), raw))
    return blake2b(parts, digest_size=16).digest()
