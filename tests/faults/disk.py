"""A journal on a virtual disk: synced after a while, sometimes full, locked, or cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from greenlet import getcurrent, greenlet

from tentqueue.services.ledger import Line, LineTaken, StorageBusy, StorageFull
from tests.faults.world import World


@dataclass
class Writing:
    """A line on its way."""

    world: World
    line: Line
    broken_at: int
    settled: bool = False
    problem: Exception | None = None
    waiters: list[greenlet] = field(default_factory=list)

    def wait(self) -> None:
        """Park until it is durable. Raises: LineTaken, StorageFull, StorageBusy."""
        while not self.settled:
            self.waiters.append(getcurrent())
            self.world.park()
        if self.problem is not None:
            raise type(self.problem)(str(self.problem))

    def settle(self, problem: Exception | None) -> None:
        """Tell everyone who waits."""
        self.settled, self.problem = True, problem
        for waiter in self.waiters:
            self.world.wake(waiter)


class Disk:
    """What survives: the durable lines, shared by all workers. `honest` False tells of lines that
    are not synced; `numbered` False takes any number and any key."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lines: list[Line] = []
        self.trouble: Exception | None = None
        self.honest = self.numbered = True
        self.unsynced: list[Line] = []

    def keep(self, line: Line) -> None:
        """Make a line durable; a dishonest disk only says so."""
        (self.lines if self.honest else self.unsynced).append(line)
        if not self.honest and self.world.chance(0.2):
            self.sync()

    def sync(self) -> None:
        """What a dishonest disk does now and then."""
        self.lines += self.unsynced
        self.unsynced = []

    def cut(self) -> None:
        """The power goes: what is not synced is lost."""
        self.unsynced = []

    def known(self) -> list[Line]:
        """What reads see."""
        return self.lines + self.unsynced


class Handle:
    """One worker's way to the disk, with the contract of the real journal: nothing decided behind a
    failed line may pass until it is reopened."""

    def __init__(self, disk: Disk) -> None:
        self._disk, self._world = disk, disk.world
        self._queue: list[Writing] = []
        self._failures, self._broken, self._syncing = 0, False, False

    def append(self, line: Line, side: Sequence[Any] = ()) -> Writing:
        """Queue a line for the next sync."""
        writing = Writing(self._world, line, self._failures)
        self._queue.append(writing)
        if not self._syncing:
            self._syncing = True
            self._world.later(self._world.random.uniform(0.001, 0.03), self._sync)
        return writing

    def _sync(self) -> None:
        self._syncing = False
        group, self._queue = self._queue, []
        trouble = self._disk.trouble
        for writing in group:
            problem = trouble or self._problem(writing)
            if problem is None:
                self._disk.keep(writing.line)
            elif writing.broken_at == self._failures:
                self._broken, self._failures = True, self._failures + 1
            writing.settle(problem)

    def _problem(self, writing: Writing) -> Exception | None:
        kept = self._disk.known()
        if self._broken or writing.broken_at != self._failures:
            return LineTaken("an entry before it failed")
        if not self._disk.numbered:
            return None
        if writing.line.entry.number != len(kept) + 1:
            return LineTaken("another writer took this number first")
        key = writing.line.key
        taken = key is not None and any(line.key == key for line in kept)
        return LineTaken("this key was used") if taken else None

    def crash(self) -> None:
        """The process dies: a part of what was queued may have reached the disk all the same."""
        reached = self._world.random.randint(0, len(self._queue))
        for writing in self._queue[:reached]:
            if self._disk.trouble is None and self._problem(writing) is None:
                self._disk.keep(writing.line)
        self._queue = []

    def tail(self, since: int) -> Iterator[Line]:
        """The durable lines after `since`."""
        return iter(list(self._disk.known()[since:]))

    def answered(self, key: str) -> Line | None:
        """The line of a key."""
        return next((line for line in self._disk.known() if line.key == key), None)

    def baton(self) -> None:
        """It has one worker."""

    def reopen(self) -> None:
        """Let lines pass again."""
        self._broken = False


TROUBLES = (StorageFull("the disk is full"), StorageBusy("the database is locked"))
