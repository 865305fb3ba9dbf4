"""What stands before any screen or route does: storage, tents, limits, who may what. No route."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gevent
from flask import Flask

from tentqueue import catalogues
from tentqueue.domain.race_event import RaceEvent
from tentqueue.opening import define_in
from tentqueue.people_table import PeopleTable
from tentqueue.services.asker import EVENT_FILE, Asker
from tentqueue.services.clock import Clock
from tentqueue.services.privacy import Privacy
from tentqueue.services.race_day import RaceDay
from tentqueue.services.roster.lists import Lists
from tentqueue.services.roster.rosters import Rosters
from tentqueue.services.runners import Runners
from tentqueue.services.tents import Tents
from tentqueue.settings import CACHE, Settings
from tentqueue.storage import Storage
from tentqueue.storage.ledger import EventLedger
from tentqueue.storage.presence import Presence
from tentqueue.storage.vault import StorageVault
from tentqueue.views import Views
from tentqueue.web import language
from tentqueue.web.context import Auth
from tentqueue.web.limits import Budgets, Limits


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


def lay(app: Flask, settings: Settings, clock: Clock, auth: Auth | None) -> Foundations:
    """Open the database and put up what stands on it; `auth` as for `house.build`.

    Raises: StorageError when the database can't be opened.
    """
    storage = Storage.open(settings.database_url)
    presence = _presence(storage)
    commits = Commits()
    tents = _tents(storage, clock, commits)
    runners = Runners(PeopleTable(storage, clock), storage.keys)
    rosters = Rosters(storage.roster, tents, runners, clock)
    lists = _lists(storage, rosters, clock)

    def forget(slug: str) -> None:
        runners.drop(slug)
        lists.drop(slug)

    privacy = Privacy(tents, StorageVault(storage), clock, forget)
    runners.when_forgotten(privacy.log_is_dirty)
    limits = _limits(storage, settings)
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


def _tents(storage: Storage, clock: Clock, commits: Commits) -> Tents:
    return Tents(
        lambda slug: EventLedger(storage.journal, slug, commits.observe),
        lambda: [event.slug for event in storage.journal.list_events()],
        clock,
    )


def _limits(storage: Storage, settings: Settings) -> Limits:
    # Alone, a worker need not ask the database how often somebody asked.
    shared = storage.counts if storage.has_several_workers else None
    return Limits(time.time, Budgets(joins_without_device=settings.join_budget), shared)


def _lists(storage: Storage, rosters: Rosters, clock: Clock) -> Lists:
    """Uploaded lists lie in a folder; reading one must not keep the tablets waiting."""

    def away(work: Callable[..., Any], *given: Any) -> Any:
        return gevent.get_hub().threadpool.apply(work, given)

    return Lists(storage.lists_folder, rosters, clock, gevent.spawn, away)


def _presence(storage: Storage) -> Presence | None:
    """Says that a server is here. PostgreSQL's workers say so by leading: beside their secret
    nothing need be writable."""
    if storage.has_several_workers:
        return None
    presence = Presence(storage.path)
    presence.hold()
    return presence


def _auth(storage: Storage, clock: Clock, settings: Settings) -> Auth:
    from tentqueue.web.auth import Auth

    return Auth(storage.staff, storage.keys, clock, settings)
