"""The composition root: with `house`, the only file that knows everyone. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from tentqueue import assets, catalogues
from tentqueue.house import House, build
from tentqueue.screens.face import face
from tentqueue.services.clock import Clock, SystemClock
from tentqueue.settings import CACHE, Settings
from tentqueue.web import (
    access,
    api,
    cookie_names,
    doctor,
    errors,
    event_setup,
    feed,
    gallery,
    headers,
    health,
    home_screen,
    hooks,
    keeping,
    lists,
    openapi_page,
    pages,
    papers,
    push,
    qr,
    receipt,
    record,
    report,
    serving,
    staff,
)
from tentqueue.web.context import Auth
from tentqueue.web.reading import LARGEST_FEED
from tentqueue.web.squeeze import squeeze


class Plain(Flask):
    """Flask without coroutines: five times in each answer it would look whether a view is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is a coroutine."""
        return func


def create_app(settings: Settings, clock: Clock | None = None, auth: Auth | None = None) -> Flask:
    """Put the house together; the clock ticks when `settings.ticks` is on.

    `clock` is the practice day's or a test's, `auth` a test's; else they are the real ones.

    Raises: StorageError when the database can't be opened.
    """
    app = Plain("tentqueue", template_folder=str(assets.find("templates")), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FEED
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 4)  # type: ignore[method-assign]
    house = build(app, settings, clock or SystemClock(), auth)
    app.extensions["tentqueue"] = house
    release = assets.prepare(
        assets.find("static"), CACHE, assets.find("templates"), catalogues.SOURCE
    )
    house.live.build = release.build
    _routes(app, house)
    _guards(app, house, release)
    _statics(app, release)
    if settings.ticks:
        house.ticker.start()
    return app


def _routes(app: Flask, house: House) -> None:
    metrics = health.Metrics()
    metrics.sockets.set_function(lambda: house.live.open_sockets)
    house.commits.listener = metrics.commits.observe
    metrics.count_views(lambda: house.live.offered_views)
    errors.install(app)
    health.install(app, metrics)
    for routes in (
        pages.blueprint(house.context),
        home_screen.blueprint(house.context),
        event_setup.blueprint(house.context),
        push.blueprint(house.context, house.alarms),
        qr.blueprint(house.context),
        papers.blueprint(house.context),
        report.blueprint(house.context),
        receipt.blueprint(house.context),
        record.blueprint(house.context),
        serving.blueprint(house.context),
        api.blueprint(house.context),
        feed.blueprint(house.context),
        lists.blueprint(house.context),
        keeping.blueprint(house.context),
        access.blueprint(house.context),
        hooks.blueprint(house.context),
        doctor.blueprint(house.context),
        staff.blueprint(house.context),
        openapi_page.blueprint(),
        health.blueprint(house.context, metrics),
    ):
        app.register_blueprint(routes)

    if house.settings.gallery:
        app.register_blueprint(gallery.blueprint(house.context))


def _guards(app: Flask, house: House, release: assets.Release) -> None:
    """Put the headers on every answer, and the cookies under their names for the browser."""
    wanted = headers.fixed(house.settings.public_url) | {headers.BUILD: release.build}
    app.wsgi_app = cookie_names.sealed(  # type: ignore[method-assign]
        headers.on_answers(app.wsgi_app, wanted), house.settings.public_url
    )

    @app.after_request
    def _guard(response: Response) -> Response:
        marked = house.context.devices.mark(request, headers.unkept(response))
        return squeeze(request, marked)


def _statics(app: Flask, release: assets.Release) -> None:
    """Serve the static files compressed, for ever, under the build's name."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(release.folder),
        prefix=release.prefix,
        immutable_file_test=lambda path, url: True,
        add_headers_function=lambda files, path, url: headers.on_file(files),
    )
    app.jinja_env.globals |= {
        "build_of": lambda event: f"{release.build}-{face(event)}",
        "asset": release.url,
        "stylesheets": lambda screen: [release.url(f"css/{screen}.css")],
    }
