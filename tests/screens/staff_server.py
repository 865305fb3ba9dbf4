"""A live server with the staff screens: `python -m tests.screens.staff_server FOLDER`.

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

import jinja2  # noqa: E402
from flask import Flask, Request, Response, request, send_from_directory  # noqa: E402

from tentqueue import assets  # noqa: E402
from tentqueue.app import create_app  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.asker import Asker  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tests.cast import NOON, race  # noqa: E402
from tests.screens.staff_pages import SLUGS  # noqa: E402
from tests.web.outside import Credentials  # noqa: E402

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class ByCookie(Credentials):
    """Credentials of a browser: the cookie says who it is."""

    def asker(self, request: Request, slug: str) -> Asker:
        """Who sends the request."""
        staff = request.cookies.get("staff")
        return self._of(staff) if staff else super().asker(request, slug)

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Who connects."""
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
        if "staff" in cookies:
            return self._of(cookies["staff"].value)
        return super().socket_asker(auth, environ)


def add_pages(app: Flask, credentials: ByCookie) -> None:
    """Serve the templates as they are, in English, under /try, with the strict policy."""
    loader = jinja2.FileSystemLoader(assets.find("templates"))
    pages = jinja2.Environment(loader=loader, autoescape=True)
    pages.globals |= {
        "_": lambda words: words,
        "asset": lambda path: f"/try/static/{path}",
        "stylesheets": lambda screen: [f"/try/{screen}.css"],
    }
    static = assets.find("static")
    house = app.extensions["tentqueue"]

    def page(slug: str, screen: str) -> Response:
        asker, event = credentials.asker(request, slug), house.tents.of(slug).tent.event
        staff = {"role": str(asker.power), "name": asker.name, "therapist": asker.therapist}
        given = {"event": event, "timezone": event.timezone, "staff": staff, "slug": slug}
        html = pages.get_template(f"{screen}.html").render(**given)
        return Response(html, headers={"Content-Security-Policy": POLICY})

    def sheet(screen: str) -> Response:
        css = assets.stylesheet(static, screen).replace("../vendor/", "/try/static/vendor/")
        return Response(css, mimetype="text/css")

    app.add_url_rule("/try/<slug>/<any(tablet,desk,organiser):screen>", view_func=page)
    app.add_url_rule("/try/<any(tablet,desk,organiser):screen>.css", view_func=sheet)
    app.add_url_rule(
        "/try/static/<path:name>",
        endpoint="tried_static",
        view_func=lambda name: send_from_directory(static, name),
    )


def main(folder: Path) -> None:
    """Serve until killed."""
    credentials = ByCookie()
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, ScaledClock(NOON, 1.0), credentials)
    for slug in SLUGS:
        app.extensions["tentqueue"].define(replace(race(), slug=slug))
    add_pages(app, credentials)
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
