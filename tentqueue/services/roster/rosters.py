"""What the roster is for: a join with a bib finds its wave, name and finish; a finish that comes
later makes the held ticket callable, whichever of the two came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tentqueue.domain.commands import RecordFinish
from tentqueue.domain.errors import Refusal
from tentqueue.domain.intake import CLOCK_TOLERANCE, DAY
from tentqueue.domain.model import HoldReason, Instant, TicketState
from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.asker import Asker, Power
from tentqueue.services.clock import Clock
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.services.roster.listed import STOPPED, Listed, RosterTable
from tentqueue.services.runners import Runners
from tentqueue.services.tents import Tents

TIMING = Asker(Power.SYSTEM, "timing")


class Rosters:
    """The rosters of all events, in one table."""

    def __init__(self, table: RosterTable, tents: Tents, runners: Runners, clock: Clock) -> None:
        self.table = table
        self._tents, self._runners, self._clock = tents, runners, clock

    def listed(self, event: RaceEvent, bib: str | None) -> Listed | None:
        """What a join may count on: a wave the event still has, a finish of the last day."""
        found = self.table.find(event.slug, [bib]).get(bib) if bib else None
        if found is None:
            return None
        wave = event.wave(found.wave) if found.wave else None
        finish = found.finished_at
        usable = finish if finish and self.is_usable(finish) else None
        return replace(found, wave=wave.id if wave else None, finished_at=usable)

    def event(self, slug: str) -> RaceEvent:
        """The event as it is now."""
        return self._tents.of(slug).tent.event

    def is_usable(self, finished_at: Instant) -> bool:
        """Whether the tent takes a finish: of the last day, and not to come (rule 4)."""
        now = self._clock.now()
        return now - DAY <= finished_at <= now + CLOCK_TOLERANCE

    def note(self, slug: str, lines: Sequence[Listed]) -> int:
        """Keep what is new in `lines`, durably; gives how many said something new. Who was erased
        at their own wish is left out."""
        gone = self.table.erased(slug, [line.bib for line in lines])
        lines = [line for line in lines if line.bib not in gone]
        known = self.table.find(slug, [line.bib for line in lines])
        merged = [line.after(known.get(line.bib)) for line in lines]
        new = [line for line in merged if known.get(line.bib) != line]
        self.table.put(slug, new)
        return len(new)

    def release(self, slug: str, asker: Asker = TIMING) -> int:
        """Tell the tent the finishes of runners whose tickets wait for one; gives how many.

        Who did not finish counts from now. Raises: StorageBusy, StorageFull.
        """
        day, names = self._tents.of(slug), self._runners.names(slug)
        held = [t.id for t in day.tent.in_state(TicketState.HELD) if t.hold is HoldReason.FINISH]
        bibs = [bib for bib, _ in (names.get(ticket, (None, None)) for ticket in held) if bib]
        released = 0
        for bib, listed in self.table.find(slug, bibs).items() if bibs else ():
            at = self._clock.now() if listed.outcome in STOPPED else listed.finished_at
            if at is not None and self.is_usable(at):
                released += self._record(slug, bib, at, asker)
        return released

    def tick(self) -> None:
        """Release whoever can be, in every event; a busy database is tried with the next tick."""
        for slug in self._tents.slugs():
            try:
                self.release(slug)
            except (StorageBusy, StorageFull):
                continue

    def _record(self, slug: str, bib: str, at: Instant, asker: Asker) -> bool:
        command = RecordFinish(self._runners.tag(slug, bib), at)
        try:
            return bool(self._tents.of(slug).handle(command, asker).events)
        except Refusal:
            return False
