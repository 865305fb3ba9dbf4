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
SOCKETS = "/socket.io"
ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
"""Not for subdomains: the name may be the race's own, and its other machines are not ours."""

Application = Callable[..., Iterable[bytes]]


def fixed(public_url: str | None) -> dict[str, str]:
    """What stands on every answer; who is found by https is found by nothing else for a year."""
    return FIXED | (ONLY_HTTPS if (public_url or "").startswith("https://") else {})


def guard(response: Response, wanted: dict[str, str]) -> Response:
    """Put the `wanted` headers on an answer; what a route set itself stays."""
    given = {name.lower() for name, _ in response.headers}
    for name, value in wanted.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def on_file(files: Headers) -> None:
    """Put the headers of static files on one of them."""
    for name, value in STATIC.items():
        files[name] = value


def on_sockets(application: Application, wanted: dict[str, str]) -> Application:
    """Put the headers on what the sockets' own server answers before Flask is asked: refusals."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(SOCKETS):
            return application(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, *wanted.items()], *more)

        return application(environ, start)

    return guarded
