"""Names by which a browser keeps our cookies to this very host: `__Host-`, where we are found by
https. Inside the house a cookie goes by its plain name; what it says is not looked at here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tentqueue.web.headers import Application

PREFIX = "__Host-"
"""Browsers take such a cookie from this host alone, by https, for all of its paths: no other host
of the same domain, and nobody on the way, can plant one (RFC 6265bis, 4.1.3.2)."""


def sealed(application: Application, public_url: str | None) -> Application:
    """Give cookies their names for the browser and take them back; on plain http, where browsers
    refuse such names, nothing changes."""
    if not (public_url or "").startswith("https://"):
        return application

    def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "HTTP_COOKIE" in environ:
            environ["HTTP_COOKIE"] = _ours(environ["HTTP_COOKIE"])

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [_named(name, value) for name, value in headers], *more)

        return application(environ, start)

    return served


def _ours(cookies: str) -> str:
    """Only what carries the prefix, without it: the rest may have been planted."""
    given = (cookie.strip() for cookie in cookies.split(";"))
    return "; ".join(c.removeprefix(PREFIX) for c in given if c.startswith(PREFIX))


def _named(header: str, value: str) -> tuple[str, str]:
    if header.lower() != "set-cookie":
        return header, value
    # Without it the browser would refuse the name.
    secure = "" if "; secure" in value.lower() else "; Secure"
    return header, f"{PREFIX}{value}{secure}"
