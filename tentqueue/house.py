"""A running server's parts, put together once: who holds what. It decides nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import gevent.pool
from flask import Flask

from tentqueue import catalogues
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.said import Said
from tentqueue.fanout import live_server
from tentqueue.live import Live
from tentqueue.opening import define_in
from tentqueue.people_table import PeopleTable
from tentqueue.receipt_printer import NetworkPrinter
from tentqueue.screens.readiness import Finding
from tentqueue.services.alarms import Alarms
from tentqueue.services.asker import EVENT_FILE, Asker
from tentqueue.services.clock import Clock, Ticker
from tentqueue.services.paper_tickets import PaperTickets
from tentqueue.services.privacy import Privacy
from tentqueue.services.race_day import RaceDay
from tentqueue.services.roster.lists import Lists
from tentqueue.services.roster.rosters import Rosters
from tentqueue.services.runners import Runners
from tentqueue.services.tents import Tents
from tentqueue.services.webhooks import Webhooks
from tentqueue.settings import CACHE, Settings
from tentqueue.storage import (
    Storage,
)
from tentqueue.storage.ledger import EventLedger
from tentqueue.storage.presence import Presence
from tentqueue.storage.vault import StorageVault
from tentqueue.tongues import Tongues
from tentqueue.views import Views
from tentqueue.web import language
from tentqueue.web.context import Auth, Context
from tentqueue.web.device import Devices
from tentqueue.web.limits import Budgets, Limits
from tentqueue.web_push import Pushes
from tentqueue.webhook_sender import Sender

if TYPE_CHECKING:
    from tentqueue.storage.follower import Follower

TICK_EVERY_S = 1.0
HOOKS_AT_ONCE = 100
"""Receivers of webhooks asked at one time."""
PHONES_AT_ONCE = 50
"""Push services asked at one time."""


class Commits:
    """Tells whoever listens how long each entry took to be durable, in seconds."""

    def __init__(self) -> None:
        self.listener: Callable[[float], None] | None = None

    def observe(self, seconds: float) -> None:
        """Note one entry."""
        if self.listener is not None:
            self.listener(seconds)


@dataclass(frozen=True)
class Foundations:
    """What stands before any screen or route does."""

    settings: Settings
    clock: Clock
    storage: Storage
    presence: Presence | None
    tents: Tents
    runners: Runners
    limits: Limits
    views: Views
    auth: Auth
    privacy: Privacy
    commits: Commits
    rosters: Rosters
    lists: Lists

    def define(self, event: RaceEvent, asker: Asker = EVENT_FILE) -> RaceDay:
        """Open a new event or change the one with its slug."""
        return define_in(self.tents, self.storage, event, asker, self.clock.now())


@dataclass(frozen=True)
class House(Foundations):
    """The parts of a running server, found at `app.extensions["tentqueue"]`."""

    context: Context
    live: Live
    ticker: Ticker
    alarms: Alarms | None
    follower: Follower | None

    def close(self) -> None:
        """Stop the clock and let go of the database; what is queued is committed first."""
        self.ticker.stop()
        if self.follower is not None:
            self.follower.close()
        if self.presence is not None:
            self.presence.close()
        self.storage.close()


def build(app: Flask, settings: Settings, clock: Clock, auth: Auth | None) -> House:
    """Put the parts together; `auth` is a test's, or else the real one is made.

    Raises: StorageError when the database can't be opened.
    """
    base = _foundations(app, settings, clock, auth)
    base.tents.on_open(lambda slug, day: day.on_foreign(partial(base.runners.drop, slug)))
    follower = base.storage.follow(partial(gevent.spawn, base.tents.heard))
    alarms, push_key = _alarms(base, app, lambda: follower is None or follower.leads)
    if alarms is not None:
        base.tents.on_open(alarms.watch)
    sender = Sender(_hook_hosts(settings))
    pool = gevent.pool.Pool(HOOKS_AT_ONCE)
    hooks = Webhooks(base.tents, base.storage.hooks, clock, sender, pool.spawn)
    origins = [settings.public_url] if settings.public_url else None
    socketio = live_server(app, origins=origins)
    return House(
        **vars(base),
        context=_context(base, push_key),
        live=Live(socketio, base.tents, base.views, base.auth, clock),
        ticker=Ticker(lambda: _tick(base, hooks, follower), TICK_EVERY_S),
        alarms=alarms,
        follower=follower,
    )


def _tick(base: Foundations, hooks: Webhooks, follower: Follower | None) -> None:
    leads = follower is None or follower.leads
    base.tents.tick(leads)
    if leads:
        base.privacy.tick()
        base.rosters.tick()
        base.lists.tidy()
        hooks.tick()
    else:
        base.privacy.take_in()
    if follower is not None:
        base.limits.exchange(base.tents.slugs())


def _lists(storage: Storage, rosters: Rosters, clock: Clock) -> Lists:
    """Uploaded lists lie in a folder; reading one must not keep the tablets waiting."""

    def away(work: Callable[..., Any], *given: Any) -> Any:
        return gevent.get_hub().threadpool.apply(work, given)

    return Lists(storage.lists_folder, rosters, clock, gevent.spawn, away)


def _hook_hosts(settings: Settings) -> frozenset[str]:
    return frozenset(settings.webhook_hosts.lower().replace(" ", "").split(",")) - {""}


def _foundations(app: Flask, settings: Settings, clock: Clock, auth: Auth | None) -> Foundations:
    storage = Storage.open(settings.database_url)
    presence = _presence(storage)
    commits = Commits()
    tents = Tents(
        lambda slug: EventLedger(storage.journal, slug, commits.observe),
        lambda: [event.slug for event in storage.journal.list_events()],
        clock,
    )
    runners = Runners(PeopleTable(storage, clock), storage.keys)
    rosters = Rosters(storage.roster, tents, runners, clock)
    lists = _lists(storage, rosters, clock)

    def forget(slug: str) -> None:
        runners.drop(slug)
        lists.drop(slug)

    privacy = Privacy(tents, StorageVault(storage), clock, forget)
    runners.when_forgotten(privacy.log_is_dirty)
    # Alone, a worker need not ask the database how often somebody asked.
    shared = storage.counts if storage.has_several_workers else None
    limits = Limits(time.time, Budgets(joins_without_device=settings.join_budget), shared)
    words = language.install(app, catalogues.prepare(catalogues.SOURCE, CACHE))
    views = Views(clock, runners, limits.flooded, partial(language.heard_by, words))
    auth = auth or _auth(storage, clock, settings)
    return Foundations(
        settings,
        clock,
        storage,
        presence,
        tents,
        runners,
        limits,
        views,
        auth,
        privacy,
        commits,
        rosters,
        lists,
    )


def _presence(storage: Storage) -> Presence | None:
    """Says that a server is here. PostgreSQL's workers say so by leading: beside their secret
    nothing need be writable."""
    if storage.has_several_workers:
        return None
    presence = Presence(storage.path)
    presence.hold()
    return presence


def _context(base: Foundations, push_key: str) -> Context:
    return Context(
        base.tents,
        base.clock,
        base.auth,
        base.runners,
        base.views,
        PaperTickets(base.storage.keys),
        base.rosters,
        base.storage.feed_answers,
        base.limits,
        Devices(base.storage.keys.derive("device")),
        base.define,
        partial(_look_over, base),
        public_url=base.settings.public_url,
        host=base.settings.host,
        ready=lambda: _trouble(base.storage),
        lists=base.lists,
        push_key=push_key,
        privacy=base.privacy,
        hooks=base.storage.hooks,
        hook_hosts=_hook_hosts(base.settings),
        printer=NetworkPrinter(base.settings.printer) if base.settings.printer else None,
        paper_width=base.settings.printer_paper,
    )


def _look_over(base: Foundations, slug: str) -> list[Finding]:
    from tentqueue.doctor import findings
    from tentqueue.visit import Visit

    return findings(Visit(base.settings, base.clock.now(), served=True, event=slug))


def _alarms(base: Foundations, app: Flask, leads: Callable[[], bool]) -> tuple[Alarms | None, str]:
    """What wakes phones, and the key they subscribe with; nothing if nobody answers for it. Of
    several workers the one that `leads` sends."""
    storage, settings = base.storage, base.settings
    public = settings.public_url or ""
    contact = settings.push_contact or (public if public.startswith("https:") else "")
    if not contact or find_spec("pywebpush") is None:
        return None, ""
    pushes = Pushes(storage.keys.derive("push"), contact)
    pool = gevent.pool.Pool(PHONES_AT_ONCE)

    def tell(tongue: str, sentence: Said) -> str:
        tongues: Tongues = app.extensions["tongues"]
        return tongues.of(tongue).tell(sentence)

    def later(act: Callable[[], None]) -> None:
        if leads():
            pool.spawn(act)

    return Alarms(storage.alarms, pushes.send, later, tell), pushes.public_key


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
