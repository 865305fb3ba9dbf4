"""The tents of a database, for commands that work beside a running server.

They change events through `RaceDay.handle` as the server does. Writers of all processes pass one
turnstile, a number taken by another is decided anew, and the server follows the journal: so nobody
needs to ask the server to do anything.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import msgspec

from tentqueue.domain.race_event import RaceEvent
from tentqueue.people_table import PeopleTable
from tentqueue.services.asker import EVENT_FILE, Asker
from tentqueue.services.clock import Clock, SystemClock
from tentqueue.services.race_day import RaceDay
from tentqueue.services.roster.rosters import Rosters
from tentqueue.services.runners import Runners
from tentqueue.services.tents import Tents
from tentqueue.storage import EventExists, Storage
from tentqueue.storage.entries import micros
from tentqueue.storage.ledger import EventLedger


def tents_of(storage: Storage, clock: Clock | None = None) -> Tents:
    """Return the database's events; each is folded from its journal when first asked for."""
    return Tents(
        lambda slug: EventLedger(storage.journal, slug),
        lambda: [event.slug for event in storage.journal.list_events()],
        clock or SystemClock(),
    )


def rosters_of(storage: Storage, clock: Clock | None = None) -> Rosters:
    """Return the database's rosters, as they are now: of joins to come it knows nothing."""
    clock = clock or SystemClock()
    runners = Runners(PeopleTable(storage, clock), storage.keys)
    return Rosters(storage.roster, tents_of(storage, clock), runners, clock)


def define(storage: Storage, event: RaceEvent, clock: Clock | None = None) -> str:
    """Open a new event or change the one with its slug; says `created`, `changed` or `unchanged`.

    Raises: StorageBusy, StorageFull, JournalError: nothing was changed.
    """
    clock = clock or SystemClock()
    tents, known = tents_of(storage, clock), storage.journal.get_event(event.slug)
    before = tents.of(event.slug).tent.event if known else None
    define_in(tents, storage, event, EVENT_FILE, clock.now())
    return "created" if before is None else "unchanged" if before == event else "changed"


def define_in(
    tents: Tents, storage: Storage, event: RaceEvent, asker: Asker, now: datetime
) -> RaceDay:
    """Open a new event of these tents or change the one with its slug, and keep its definition.

    Raises: StorageBusy, StorageFull, JournalError: nothing was changed.
    """
    journal, definition = storage.journal, msgspec.json.encode(event)
    known = journal.get_event(event.slug)

    def create(new: RaceEvent) -> None:
        # Another worker may have made it meanwhile.
        with suppress(EventExists):
            journal.create_event(new.slug, definition, micros(now))

    day = tents.define(event, asker, create)
    if known and known.definition != definition:
        journal.update_event(event.slug, definition, micros(now))
    return day
