"""The one door for change: every command, a time-out or an import too, passes `handle`."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tentqueue.domain import Command, Event, Tent, decide, fold
from tentqueue.domain.errors import Refusal
from tentqueue.domain.estimate import Forecast
from tentqueue.domain.tent import Entry
from tentqueue.services.answered import Answered, Receipt
from tentqueue.services.asker import CLOCK, Asker
from tentqueue.services.clock import Clock
from tentqueue.services.estimate_moves import EstimateMoves
from tentqueue.services.forecasts import Forecasts
from tentqueue.services.ledger import Ledger, Line, LineTaken, StorageBusy, StorageFull, Waiting
from tentqueue.services.rounds import Rounds
from tentqueue.services.turned_away import TurnedAway

Listener = Callable[[Tent], None]

_TRIES = 60
_UNHURRIED = 3
_PATIENCE_S = 0.002
"""After a few lost races with other workers, each loser waits for a moment of its own."""


@dataclass(frozen=True)
class Outcome:
    """What a command did: the durable tent after it, its events, and the answer to give."""

    tent: Tent
    events: tuple[Event, ...]
    answer: bytes | None = None
    repeated: bool = False


@dataclass(frozen=True)
class _Written:
    """A line that has been folded into the head but may not be on the disk yet."""

    outcome: Outcome
    waiting: Waiting
    generation: int


class RaceDay:
    """One event, alive: its tent, its journal, and who wants to know of changes.

    Commands are decided in turn on the newest tent (`head`), ahead of the disk, so that one sync
    serves many; nobody is answered, and nothing is shown, before its line is durable.
    """

    def __init__(self, slug: str, ledger: Ledger, clock: Clock) -> None:
        self._ledger, self._clock = ledger, clock
        self._turn = threading.Lock()
        self._answered = Answered(ledger.answered)
        self._listeners: list[Listener] = []
        self._others: list[Callable[[], None]] = []
        self._generation = 0
        self._turned_away, self._moves = TurnedAway(), EstimateMoves()
        self._rounds = Rounds(ledger.baton(), self.follow)
        self._last: _Written | None = None
        self._forecasts = Forecasts()
        self.tent = self._head = self._caught_up(Tent.unopened(slug))

    def handle(
        self,
        command: Command,
        asker: Asker,
        receipt: Receipt | None = None,
        side: Sequence[Any] = (),
    ) -> Outcome:
        """Carry out `command`, durably, and return what it did.

        Raises:
            Refusal: nothing changed, and why.
            KeyReused: the receipt's key belongs to a different request.
            StorageFull, StorageBusy: nothing changed.
        """
        for lost in range(_TRIES):
            if lost > _UNHURRIED:
                time.sleep(random.random() * _PATIENCE_S * lost)
            with self._rounds.turn():
                outcome = self._attempt(command, asker, receipt, side)
            if outcome is not None:
                return outcome
        raise StorageBusy("too many writers at once")

    def _attempt(
        self, command: Command, asker: Asker, receipt: Receipt | None, side: Sequence[Any]
    ) -> Outcome | None:
        """Try once; None when others wrote meanwhile and their lines are folded now."""
        with self._turn:
            known = None if receipt is None else self._answered.to(receipt)
            try:
                written = (
                    self._ahead_of(known) if known else self._write(command, asker, receipt, side)
                )
                refused = None
            except Refusal as refusal:
                # A no must rest on what is durable too, and on the newest there is: another
                # worker may have carried this very command out.
                written, refused = self._last, refusal.with_traceback(None)
        try:
            settled = None if written is None else self._settled(written)
        except LineTaken:
            assert written is not None
            self._recover(written)
            return None
        if refused is not None:
            if self.follow():
                return None
            self._turned_away.count(command, refused, receipt.key if receipt else None)
            try:
                raise refused
            finally:
                del refused  # It holds this frame, and that the tent: only a search would end it.
        if known is not None:
            return Outcome(self.tent, known.entry.events, known.answer, repeated=True)
        return settled

    def note_turned_away(self) -> None:
        """Write down how many were refused a place lately, if any were (rule 32)."""
        for note in self._turned_away.due(self._clock.now()):
            self.handle(note, CLOCK)

    def note_estimates(self) -> None:
        """Write down that the times runners were told have moved, if they have (rule 19)."""
        for note in self._moves.due(self.tent, self.forecast, self._clock.now()):
            self.handle(note, CLOCK)

    def forecast(self, *, fresh: bool = False) -> Forecast:
        """Return the estimates of this version; unless `fresh`, a long line's are a moment old."""
        return self._forecasts.of(self.tent, self._clock.now(), fresh=fresh)

    def entries(self, since: int = 0) -> Iterator[Entry]:
        """Read the durable journal after entry `since`, in order."""
        return (line.entry for line in self._ledger.tail(since))

    def on_change(self, listener: Listener) -> None:
        """Tell `listener` each new durable tent; it must not block."""
        self._listeners.append(listener)

    def follow(self) -> bool:
        """Fold what others have written since; tell whether there was anything."""
        with self._turn:
            before = self.tent
            if before is self._head:
                self._take_in(self._caught_up(before))
                self._head = self.tent
            return self.tent is not before

    def on_foreign(self, listener: Callable[[], None]) -> None:
        """Tell `listener` when somebody else has written: what is kept beside the tent is old."""
        self._others.append(listener)

    def _take_in(self, tent: Tent) -> None:
        if tent.version > self.tent.version:
            self._rounds.others_wrote()
            for told in self._others:
                told()
        self._show(tent)

    def refold(self) -> bool:
        """Fold the journal from its first entry: it was made blank (rule 31). False while a command
        is on its way to the disk; ask again."""
        with self._turn:
            if self.tent is not self._head:
                return False
            self._last = None
            self._answered.clear()
            self._forecasts.clear()
            self.tent = self._head = self._caught_up(Tent.unopened(self.tent.event.slug))
        return True

    def _ahead_of(self, known: Line) -> _Written | None:
        """What must be durable before the first answer may be given again; it may be lost yet."""
        return self._last if known.entry.number > self.tent.version else None

    def _write(
        self, command: Command, asker: Asker, receipt: Receipt | None, side: Sequence[Any]
    ) -> _Written:
        head = self._head
        events = decide(head, command, now := self._clock.now())
        if not events:
            return self._nothing_new(receipt)
        entry = Entry(head.version + 1, max(now, head.now), asker.label, events)
        after = fold(head, entry)
        answer = receipt.answer(after, events) if receipt else None
        line = Line(
            entry, receipt.key if receipt else None, receipt.digest if receipt else None, answer
        )
        waiting = self._ledger.append(line, side)
        self._head = after
        self._answered.remember(line)
        self._last = _Written(Outcome(after, events, answer), waiting, self._generation)
        return self._last

    def _nothing_new(self, receipt: Receipt | None) -> _Written:
        """A command that changes nothing is true once all before it is durable."""
        answer = receipt.answer(self._head, ()) if receipt else None
        waiting = self._last.waiting if self._last is not None else _AlreadyThere()
        return _Written(Outcome(self._head, (), answer), waiting, self._generation)

    def _settled(self, written: _Written) -> Outcome:
        try:
            written.waiting.wait()
        except (StorageFull, StorageBusy):
            self._recover(written)
            raise
        self._show(written.outcome.tent)
        return written.outcome

    def _show(self, tent: Tent) -> None:
        if tent.version <= self.tent.version:
            return
        self.tent = tent
        for listener in self._listeners:
            listener(tent)

    def _recover(self, failed: _Written) -> None:
        """Forget what never reached the disk; the first to notice does it for all."""
        with self._turn:
            if failed.generation != self._generation:
                return
            self._generation += 1
            self._last = None
            self._answered.forget_after(self.tent.version)
            self._take_in(self._caught_up(self.tent))
            self._head = self.tent
            self._ledger.reopen()

    def _caught_up(self, tent: Tent) -> Tent:
        for line in self._ledger.tail(tent.version):
            tent = fold(tent, line.entry)
            self._answered.note(line)
        return tent


class _AlreadyThere:
    """Nothing to wait for."""

    def wait(self) -> None:
        """Return at once."""
