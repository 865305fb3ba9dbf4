"""A browser's mark: random, signed, set with a page; tells phones behind one address apart.

It says nothing about a person, and gives no power.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from flask import Request, Response

COOKIE = "device"
KEPT_FOR_S = 3 * 24 * 3600
_MARK = 16
_SEAL = 16


class Devices:
    """Makes marks and knows its own again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def new(self) -> str:
        """Make a mark: 16 random hexadecimal digits and their seal."""
        mark = secrets.token_hex(_MARK // 2)
        return mark + self._seal(mark)

    def of(self, request: Request) -> str | None:
        """Return the request's mark, None without one of ours."""
        if "HTTP_COOKIE" not in request.environ:
            return None
        cookie = request.cookies.get(COOKIE, "")
        mark, seal = cookie[:_MARK], cookie[_MARK:]
        return (
            mark if mark and hmac.compare_digest(seal.encode(), self._seal(mark).encode()) else None
        )

    def mark(self, request: Request, response: Response) -> Response:
        """Give a browser that opens a page its mark; answers to programs are left alone."""
        page = response.mimetype == "text/html" and response.status_code == 200
        if page and request.method == "GET" and self.of(request) is None:
            response.set_cookie(
                COOKIE,
                self.new(),
                max_age=KEPT_FOR_S,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
        return response

    def _seal(self, mark: str) -> str:
        return hmac.new(self._key, mark.encode(), sha256).hexdigest()[:_SEAL]
