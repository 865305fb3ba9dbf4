"""All events of this server by slug. Opening one folds its journal; there is no more to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter

from tentqueue.domain.commands import DefineEvent, Tick
from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.asker import CLOCK, Asker
from tentqueue.services.clock import Clock
from tentqueue.services.ledger import Ledger, StorageBusy, StorageFull
from tentqueue.services.race_day import RaceDay


class UnknownEvent(Exception):
    """No event has this slug."""


class Tents:
    """The events; `ledger_of` opens an event's journal, `known` lists the slugs that have one."""

    def __init__(
        self, ledger_of: Callable[[str], Ledger], known: Callable[[], Iterable[str]], clock: Clock
    ) -> None:
        self._ledger_of, self._known, self._clock = ledger_of, known, clock
        self._days: dict[str, RaceDay] = {}
        self.replayed: dict[str, float] = {}
        """How long each event took to fold when it was opened, in seconds."""
        self._openers: list[Callable[[str, RaceDay], None]] = []

    def of(self, slug: str) -> RaceDay:
        """Return the race day of an event. Raises: UnknownEvent."""
        if slug not in self._days:
            if slug not in set(self._known()):
                raise UnknownEvent(slug)
            self._open(slug)
        return self._days[slug]

    def slugs(self) -> list[str]:
        """Return the slugs of all events, the oldest first."""
        return list(self._known())

    def define(
        self, event: RaceEvent, asker: Asker, create: Callable[[RaceEvent], None]
    ) -> RaceDay:
        """Open a new event or change the one with its slug; `create` makes a new journal for it."""
        if event.slug not in set(self._known()):
            create(event)
        day = self.of(event.slug)
        day.handle(DefineEvent(event), asker)
        return day

    def on_open(self, opener: Callable[[str, RaceDay], None]) -> None:
        """Tell `opener` each race day that is opened, and those that are open already."""
        self._openers.append(opener)
        for slug, day in self._days.items():
            opener(slug, day)

    def heard(self, slug: str, number: int) -> None:
        """Take in what another worker wrote, now rather than with the next tick."""
        day = self._days.get(slug)
        if day is not None and number > day.tent.version:
            day.follow()

    def tick(self, leads: bool = True) -> None:
        """Take in what another process wrote since, and send the time to every event if this one
        `leads`; a busy disk is tried again with the next tick."""
        for slug in self.slugs():
            try:
                day = self.of(slug)
                day.follow()
                if leads:
                    day.handle(Tick(), CLOCK)
                    day.note_estimates()
                day.note_turned_away()
            except (StorageBusy, StorageFull):
                continue

    def _open(self, slug: str) -> None:
        began = perf_counter()
        day = RaceDay(slug, self._ledger_of(slug), self._clock)
        self.replayed[slug] = perf_counter() - began
        self._days[slug] = day
        for opener in self._openers:
            opener(slug, day)
