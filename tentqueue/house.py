"""A running server's parts, put together once: who holds what. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import gevent.pool
from flask import Flask

from tentqueue.domain.said import Said
from tentqueue.fanout import live_server
from tentqueue.foundations import Foundations, lay
from tentqueue.live import Live
from tentqueue.receipt_printer import NetworkPrinter
from tentqueue.screens.readiness import Finding
from tentqueue.services.alarms import Alarms
from tentqueue.services.clock import Clock, Ticker
from tentqueue.services.paper_tickets import PaperTickets
from tentqueue.services.webhooks import Webhooks
from tentqueue.settings import Settings
from tentqueue.storage import Storage
from tentqueue.tongues import Tongues
from tentqueue.web.context import Auth, Context
from tentqueue.web.device import Devices
from tentqueue.web_push import Pushes
from tentqueue.webhook_sender import Sender

if TYPE_CHECKING:
    from tentqueue.storage.follower import Follower

TICK_EVERY_S = 1.0
HOOKS_AT_ONCE = 100
"""Receivers of webhooks asked at one time."""
PHONES_AT_ONCE = 50
"""Push services asked at one time."""


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
    base = lay(app, settings, clock, auth)
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
        context=replace(_context(base, push_key), tester=hooks),
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


def _hook_hosts(settings: Settings) -> frozenset[str]:
    return frozenset(settings.webhook_hosts.lower().replace(" ", "").split(",")) - {""}


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
