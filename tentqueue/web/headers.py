"""What every answer tells the browser not to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.headers import Headers

from flask import Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
STATIC = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}
"""For files of the build: many and small, so only what a browser heeds on them."""
BUILD = "Tentqueue-Build"
"""Which build answers: a page of another one comes back as the new one when nobody needs it."""
ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""Not for subdomains: the name may be the race's own, and its other machines are not ours."""

Application = Callable[..., Iterable[bytes]]


def fixed(public_url: str | None) -> dict[str, str]:
    """What stands on every answer; who is found by https is found by nothing else for a year."""
    return FIXED | (ONLY_HTTPS if (public_url or "").startswith("https://") else {})


def unkept(response: Response) -> Response:
    """Let no cache keep a page whose route says nothing of it."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def on_file(files: Headers) -> None:
    """Put the headers of static files on one of them."""
    for name, value in STATIC.items():
        files[name] = value


def on_answers(application: Application, wanted: dict[str, str]) -> Application:
    """Put the `wanted` headers on every answer, those of the sockets' own server too; what a route
    set itself stays."""
    known = [(name.lower(), (name, value)) for name, value in wanted.items()]

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            given = {name.lower() for name, _ in headers}
            missing = [header for name, header in known if name not in given]
            return start_response(status, headers + missing, *more)

        return application(environ, start)

    return guarded
