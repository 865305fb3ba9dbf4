"""Commands come from our own pages or from programs, never from somebody else's page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request

from tentqueue.web.errors import Problem


def check(request: Request, public_url: str | None) -> None:
    """Let a command pass that no foreign page can have sent. Bearer callers prove themselves.

    Raises: Problem 403 when a browser says that another site asks.
    """
    if "Authorization" in request.headers:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        raise _foreign()
    origin = request.headers.get("Origin")
    if origin is not None and origin not in _own(request, public_url):
        raise _foreign()


def _own(request: Request, public_url: str | None) -> set[str]:
    own = {f"{request.scheme}://{request.host}"}
    if public_url:
        parts = urlsplit(public_url)
        own.add(f"{parts.scheme}://{parts.netloc}")
    return own


def _foreign() -> Problem:
    return Problem(403, "This came from another site. Use tentqueue's own pages.", "foreign_origin")
