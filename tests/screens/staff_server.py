"""A live server for the staff screens: `python -m tests.screens.staff_server FOLDER`.

It prints its port. Every event is the cast's race under a slug of its own, from noon on. Who asks
is what the cookie `staff` says, as `therapist:ana`; sign-in has tests of its own.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from dataclasses import replace  # noqa: E402
from http.cookies import SimpleCookie  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from flask import Request  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.asker import Asker  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tests.cast import NOON, race  # noqa: E402
from tests.screens.staff_pages import SLUGS, UNCONFIRMED  # noqa: E402
from tests.web.outside import Credentials  # noqa: E402


class ByCookie(Credentials):
    """Credentials of a browser: the cookie says who it is."""

    def asker(self, request: Request, slug: str) -> Asker:
        """Who sends the request."""
        # A credential in the header goes before the browser's own, as in the real sign-in.
        staff = None if "Authorization" in request.headers else request.cookies.get("staff")
        return self._of(staff) if staff else super().asker(request, slug)

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Who connects."""
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        if "staff" in cookies:
            return self._of(cookies["staff"].value)
        return super().socket_asker(auth, environ)


def main(folder: Path) -> None:
    """Serve until killed."""
    settings = Settings.from_environment().with_options(
        database=f"sqlite:///{folder / 'tent.db'}", push_contact="mailto:tent@example.org"
    )
    app = create_app(settings, ScaledClock(NOON, 1.0), ByCookie())
    for slug in SLUGS:
        lead = "" if slug == UNCONFIRMED else "Dr Maya Lee"
        app.extensions["tentqueue"].define(replace(race(), slug=slug, confirmed_by=lead))
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
