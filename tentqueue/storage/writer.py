"""The one thread that writes.

Everything queued while the last commit ran goes into the next transaction (group commit), so
durability costs one sync for all of them; an event loop hands over what it has in one go. The
thread is a native one, also when gevent has patched `threading`: a sync to the disk must never stop
the event loop. It never reads the clock and never decides anything about the tent.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from gevent import monkey

from tentqueue.storage.database import Database
from tentqueue.storage.errors import JournalUnavailable
from tentqueue.storage.pending import Bell, Pending, current_hub
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.tray import Tray
from tentqueue.storage.work import Errand, Together, Work

T = TypeVar("T")

# Native ones: gevent's replacements would tie the writer to an event loop of its own.
_start_native_thread = monkey.get_original("_thread", "start_new_thread")
_NativeQueue = monkey.get_original("queue", "SimpleQueue")
_QueueEmpty = monkey.get_original("queue", "Empty")

_LARGEST_GROUP = 512


class Writer:
    """Owns the only connection that writes or checkpoints, and the thread it lives on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._losses: tuple[type[Exception], ...] = (*database.failures, JournalUnavailable)
        self._queue: Any = _NativeQueue()
        self._bells: dict[Any, Bell] = {}
        self._trays: dict[Any, Tray] = {}
        self._turnstile = database.turnstile()
        with self._turnstile.pass_through():
            self._connection = database.open_writer()
        self._closed = False
        _start_native_thread(self._serve, ())

    def submit(
        self,
        do: Callable[[Transaction], T],
        on_error: Callable[[], None] | None = None,
        *,
        together: Together | None = None,
    ) -> Pending[T]:
        """Queues work for the next transaction.

        `do` runs on the writer's thread and must not wait for anything; `on_error` is called there
        too when the whole transaction is lost, before anyone is told. `together` is for work that
        changes rows by its last statement alone: it does several such pieces at once. The promise
        raises what `do` raised, JournalFull or JournalUnavailable.
        """
        if self._closed:
            raise JournalUnavailable("the database is closed")
        pending: Pending[T] = Pending(self._expecting_bell())
        work, tray = Work(do, pending, on_error, together), self._tray()
        if tray is None:
            self._queue.put(work)
        else:
            tray.lay(work)
        return pending

    def empty_the_log(self) -> bool:
        """Moves every change out of the write-ahead log and cuts it to nothing.

        False when a reader is still in the way; what was deleted may then be in the log still.
        """
        return self._run_alone(self._database.empty_the_log)

    def close(self) -> None:
        """Commits what is queued and ends the thread."""
        if not self._closed:
            self._closed = True
            for tray in self._trays.values():
                tray.close()
            self._run_alone(lambda connection: connection.close())
            for bell in self._bells.values():
                bell.close()
            self._turnstile.close()

    def _run_alone(self, do: Callable[[Any], T]) -> T:
        pending: Pending[T] = Pending(self._expecting_bell())
        tray = None if self._closed else self._tray()
        if tray is not None:
            # An errand comes after all that was submitted before it.
            tray.empty()
        self._queue.put(Errand(do, pending))
        return pending.wait()

    def _tray(self) -> Tray | None:
        """The caller's event loop's; none where callers may wait otherwise than by their loop."""
        if not monkey.is_module_patched("threading"):
            return None
        hub = current_hub()
        tray = self._trays.get(hub)
        if tray is None:
            tray = self._trays[hub] = Tray(hub, self._queue.put)
        return tray

    def _expecting_bell(self) -> Bell | None:
        hub = current_hub()
        if hub is None:
            return None
        bell = self._bells.get(hub)
        if bell is None:
            bell = self._bells[hub] = Bell(hub)
        bell.expect()
        return bell

    def _serve(self) -> None:
        closing = False
        while not closing:
            group, errand = self._next_group()
            if group:
                self._keep(group)
                _tell([work.pending for work in group])
            if errand is not None:
                closing = self._closed
                self._run_errand(errand)

    def _next_group(self) -> tuple[list[Work[Any]], Errand[Any] | None]:
        group: list[Work[Any]] = []
        item = self._queue.get()
        while isinstance(item, Work):
            group.append(item)
            if len(group) == _LARGEST_GROUP:
                return group, None
            try:
                item = self._queue.get_nowait()
            except _QueueEmpty:
                return group, None
        return group, item

    def _run_errand(self, errand: Errand[Any]) -> None:
        try:
            with self._turnstile.pass_through():
                errand.pending.settle(errand.do(self._connection), None)
        except self._losses as error:
            errand.pending.settle(None, self._database.worded(error))
        _tell([errand.pending])

    def _keep(self, group: list[Work[Any]]) -> None:
        outcomes: list[tuple[Any, Exception | None]] = []
        try:
            with self._turnstile.pass_through():
                self._reconnect_if_lost()
                self._connection.execute(self._database.begin)
                transaction = Transaction(self._connection, self._database)
                outcomes = self._attempt_all(group, transaction)
                self._database.tell(self._connection, transaction.appended)
                self._connection.execute("COMMIT")
        except self._losses as error:
            self._roll_back()
            failure = self._database.worded(error)
            outcomes = [(None, failure)] * len(group)
            for work in group:
                work.lose()
        for work, (result, refusal) in zip(group, outcomes, strict=True):
            work.pending.settle(result, refusal)

    def _attempt_all(
        self, group: list[Work[Any]], transaction: Transaction
    ) -> list[tuple[Any, Exception | None]]:
        """Every piece in order, neighbours of one kind at once where that goes."""
        outcomes: list[tuple[Any, Exception | None]] = []
        for together, run in groupby(group, key=attrgetter("together")):
            pieces = list(run)
            done = None
            if together is not None and len(pieces) > 1:
                done = together([work.do for work in pieces], transaction)
            if done is not None:
                outcomes += [(result, None) for result in done]
            else:
                outcomes += [self._attempt(work, transaction) for work in pieces]
        return outcomes

    def _attempt(self, work: Work[Any], transaction: Transaction) -> tuple[Any, Exception | None]:
        """One piece of work, kept or undone alone; only a failing disk or lock ends the group."""
        # Work of several statements needs a savepoint; of one, only where an error spoils all. What
        # may go together minds its own.
        alone = transaction.undone_alone if work.together is None else transaction.guarded
        try:
            with alone():
                return work.do(transaction), None
        except Exception as refusal:
            if transaction.is_trouble(refusal):
                raise
            return None, refusal

    def _reconnect_if_lost(self) -> None:
        """A server that was restarted is asked again with the next group, not before."""
        if self._database.is_lost(self._connection):
            self._connection = self._database.open_writer()

    def _roll_back(self) -> None:
        # A full disk has mostly rolled back already; one that fails here fails again at BEGIN.
        with suppress(*self._database.failures):
            if self._database.in_transaction(self._connection):
                self._connection.execute("ROLLBACK")


def _tell(settled: list[Pending[Any]]) -> None:
    """Opens the gates, ringing each event loop once."""
    by_bell: dict[Bell, list[Pending[Any]]] = {}
    for pending in settled:
        if pending.bell is None:
            pending.open_gate()
        else:
            by_bell.setdefault(pending.bell, []).append(pending)
    for bell, waiting in by_bell.items():
        bell.ring(waiting)
