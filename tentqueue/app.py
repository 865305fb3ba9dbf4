"""The composition root: the only file that knows everyone. It decides nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs
from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from tentqueue import assets, catalogues
from tentqueue.domain.race_event import RaceEvent
from tentqueue.fanout import live_server
from tentqueue.live import Live
from tentqueue.services.asker import EVENT_FILE, Asker
from tentqueue.services.clock import Clock, SystemClock, Ticker
from tentqueue.services.paper_tickets import PaperTickets
from tentqueue.services.privacy import Privacy
from tentqueue.services.race_day import RaceDay
from tentqueue.services.runners import Runner, Runners
from tentqueue.services.tents import Tents
from tentqueue.settings import Settings
from tentqueue.storage import EraseRunner, EventExists, Person, PutPerson, Storage
from tentqueue.storage.entries import micros
from tentqueue.storage.ledger import EventLedger
from tentqueue.storage.presence import Presence
from tentqueue.storage.vault import StorageVault
from tentqueue.views import Views
from tentqueue.web import (
    api,
    calls,
    errors,
    feed,
    headers,
    health,
    home_screen,
    language,
    openapi,
    pages,
    papers,
    qr,
    record,
    report,
    staff,
)
from tentqueue.web.context import Auth, Context
from tentqueue.web.device import Devices
from tentqueue.web.limits import Budgets, Limits
from tentqueue.web.reading import LARGEST_FEED
from tentqueue.web.squeeze import squeeze

TICK_EVERY_S = 1.0
CACHE = Path(platformdirs.user_cache_dir("tentqueue"))
"""For what is worked out from the sources: prepared static files, compiled words."""


@dataclass(frozen=True)
class House:
    """The parts of a running server, found at `app.extensions["tentqueue"]`."""

    settings: Settings
    clock: Clock
    storage: Storage
    tents: Tents
    runners: Runners
    views: Views
    context: Context
    live: Live
    ticker: Ticker
    presence: Presence
    privacy: Privacy

    def define(self, event: RaceEvent, asker: Asker = EVENT_FILE) -> RaceDay:
        """Open a new event or change the one with its slug."""
        return self.tents.define(event, asker, self._create)

    def _create(self, event: RaceEvent) -> None:
        try:
            self.storage.journal.create_event(
                event.slug, msgspec.json.encode(event), micros(self.clock.now())
            )
        except EventExists:
            return

    def close(self) -> None:
        """Stop the clock and let go of the database; what is queued is committed first."""
        self.ticker.stop()
        self.presence.close()
        self.storage.close()


class PeopleTable:
    """The people table as the services see it."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._people, self._clock = storage.people, clock

    def get(self, event: str, ticket_id: str) -> Person | None:
        """Who holds a ticket."""
        return self._people.get(event, ticket_id)

    def of_event(self, event: str) -> Iterable[Person]:
        """Everyone in the event."""
        return self._people.of_event(event)

    def put_row(self, event: str, runner: Runner) -> PutPerson:
        """What keeps a runner, with a journal entry."""
        return PutPerson(
            Person(
                event,
                runner.ticket_id,
                runner.bib,
                runner.bib_tag,
                runner.name,
                word_hash=runner.word_hash,
                device=runner.device,
            )
        )

    def erase_row(self, event: str, ticket_id: str) -> EraseRunner:
        """What forgets a runner, with a journal entry."""
        return EraseRunner(event, ticket_id, micros(self._clock.now()))


def create_app(settings: Settings, clock: Clock | None = None, auth: Auth | None = None) -> Flask:
    """Put the house together; the clock ticks when `settings.ticks` is on.

    `clock` is the practice day's or a test's, `auth` a test's; else they are the real ones.

    Raises: StorageError when the database can't be opened.
    """
    app = Flask("tentqueue", template_folder=str(assets.find("templates")), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FEED
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 4)  # type: ignore[method-assign]
    house = _house(app, settings, clock or SystemClock(), auth)
    app.extensions["tentqueue"] = house
    _routes(app, house)
    if settings.ticks:
        house.ticker.start()
    return app


def _house(app: Flask, settings: Settings, clock: Clock, given: Auth | None) -> House:
    storage = Storage.open(settings.database_url)
    presence = Presence(storage.path)
    presence.hold()
    tents = Tents(
        lambda slug: EventLedger(storage.journal, slug),
        lambda: [event.slug for event in storage.journal.list_events()],
        clock,
    )
    runners = Runners(PeopleTable(storage, clock), storage.keys)
    privacy = Privacy(tents, StorageVault(storage), clock, runners.drop)
    runners.when_forgotten(privacy.log_is_dirty)
    limits = Limits(time.monotonic, Budgets(joins_without_device=settings.join_budget))
    words = catalogues.prepare(catalogues.SOURCE, CACHE)
    views = Views(clock, runners, limits.flooded, language.install(app, words).heard_by)
    auth = given or _auth(storage, clock, settings)
    context = Context(
        tents,
        clock,
        auth,
        runners,
        views,
        PaperTickets(storage.keys),
        limits,
        Devices(storage.keys.derive("device")),
        settings.public_url,
        settings.host,
        lambda: _trouble(storage),
    )
    origins = [settings.public_url] if settings.public_url else None
    live = Live(live_server(app, origins=origins), tents, views, auth, clock)
    return House(
        settings,
        clock,
        storage,
        tents,
        runners,
        views,
        context,
        live,
        Ticker(lambda: _tick(tents, privacy), TICK_EVERY_S),
        presence,
        privacy,
    )


def _tick(tents: Tents, privacy: Privacy) -> None:
    tents.tick()
    privacy.tick()


def _trouble(storage: Storage) -> list[str]:
    """What keeps the server from serving."""
    try:
        storage.journal.list_events()
    except Exception:  # whatever it is: nobody can be served now
        return ["The database can't be read."]
    return []


def _auth(storage: Storage, clock: Clock, settings: Settings) -> Auth:
    from tentqueue.web.auth import Auth

    return Auth(storage.staff, storage.keys, clock, settings)


def _routes(app: Flask, house: House) -> None:
    metrics = health.Metrics()
    metrics.sockets.set_function(lambda: house.live.open_sockets)
    errors.install(app)
    health.install(app, metrics)
    _statics(app)
    for routes in (
        pages.blueprint(house.context, gallery=house.settings.gallery),
        home_screen.blueprint(house.context),
        qr.blueprint(house.context),
        papers.blueprint(house.context),
        report.blueprint(house.context),
        record.blueprint(house.context),
        calls.blueprint(house.context),
        api.blueprint(house.context),
        feed.blueprint(house.context),
        staff.blueprint(house.context),
        openapi.blueprint(),
        health.blueprint(house.context, metrics),
    ):
        app.register_blueprint(routes)

    @app.after_request
    def _guard(response: Response) -> Response:
        marked = house.context.devices.mark(request, headers.guard(response))
        return squeeze(request, marked)


def _statics(app: Flask) -> None:
    """Serve the static files compressed, for ever, under the build's name."""
    release = assets.prepare(assets.find("static"), CACHE)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(release.folder),
        prefix=release.prefix,
        immutable_file_test=lambda path, url: True,
        add_headers_function=lambda files, path, url: headers.on_file(files),
    )
    app.jinja_env.globals |= {
        "asset": release.url,
        "stylesheets": lambda screen: [release.url(f"css/{screen}.css")],
    }
