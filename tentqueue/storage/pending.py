"""A promise of the writer's: waits without blocking the event loop, from greenlet or thread.

Never polls: the writer's native thread rings one bell per event loop and commit, and the loop
wakes its own greenlets.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from gevent import get_hub, monkey
from gevent._hub_local import get_hub_if_exists
from gevent.event import Event

from tentqueue.storage.errors import JournalUnavailable

T = TypeVar("T")
_allocate_lock = monkey.get_original("_thread", "allocate_lock")


def current_hub() -> Any | None:
    """The event loop of the calling thread; None in a plain thread of an unpatched program."""
    return get_hub() if monkey.is_module_patched("threading") else get_hub_if_exists()


class Pending(Generic[T]):
    """Something submitted to the writer; `wait` in the thread that submitted it."""

    __slots__ = ("_error", "_gate", "_result", "bell", "done")

    def __init__(self, bell: Bell | None) -> None:
        self.bell = bell
        self.done = False
        self._result: T | None = None
        self._error: Exception | None = None
        gate: Any = Event() if bell else _allocate_lock()
        self._gate = gate
        if self.bell is None:
            self._gate.acquire()

    def wait(self, timeout: float | None = None) -> T:
        """The result, once it is on the disk.

        Raises: what the work raised; JournalUnavailable after `timeout` seconds, in which case the
        work may still be done later.
        """
        if not self.done and not self._wait_at_gate(timeout):
            raise JournalUnavailable("the database did not answer in time")
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def _wait_at_gate(self, timeout: float | None) -> bool:
        if self.bell is not None:
            return bool(self._gate.wait(timeout))
        if not self._gate.acquire(timeout=-1 if timeout is None else timeout):
            return False
        self._gate.release()
        return True

    def settle(self, result: T | None, error: Exception | None) -> None:
        """Writes down the outcome; whoever calls this opens the gate next, in the right thread."""
        self._result, self._error = result, error
        self.done = True

    def open_gate(self) -> None:
        """Lets the waiting caller go on."""
        if self.bell is not None:
            self._gate.set()
        else:
            self._gate.release()


class Bell:
    """Wakes the greenlets of one event loop from another thread."""

    def __init__(self, hub: Any) -> None:
        self._rung: deque[Pending[Any]] = deque()
        self._expected = 0
        self._watcher = hub.loop.async_()
        self._watcher.start(self._answer)
        self._watcher.ref = False

    def expect(self) -> None:
        """One more promise is out; until it is kept the loop has a reason to go on."""
        if not self._expected:
            self._watcher.ref = True
        self._expected += 1

    def ring(self, settled: Iterable[Pending[Any]]) -> None:
        """From the writer's thread: these are settled."""
        self._rung.extend(settled)
        self._watcher.send()

    def _answer(self) -> None:
        while self._rung:
            self._expected -= 1
            self._rung.popleft().open_gate()
        if not self._expected:
            self._watcher.ref = False

    def close(self) -> None:
        """Takes the bell off its loop."""
        self._watcher.stop()
        self._watcher.close()
