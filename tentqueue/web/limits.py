"""How often runners may ask, so that a bot can't fill the tent and a whole venue behind one address
still joins. Staff and tokens have their own, generous, limits.

Counted in this process's memory, by fixed windows. Where there are several workers each tells the
others every second what it has counted, in steps of a fiftieth of the budget; what guesses could
live on is counted together at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tentqueue.services.asker import Asker, Power
from tentqueue.web.errors import Problem

WINDOW_S = 600
STEPS = 50
"""A count is told to other workers when it has grown by this part of its budget."""


@dataclass(frozen=True)
class Budgets:
    """How many in ten minutes."""

    joins_per_device: int = 12
    joins_per_address: int = 2000
    joins_without_device: int = 3000
    joins_with_device: int = 6000
    asks_per_device: int = 600
    asks_per_address: int = 60_000
    staff_asks: int = 60_000
    finds_per_bib: int = 10
    finds_per_address: int = 300


class Caller(NamedTuple):
    """From where a request comes: the address, and the mark of the browser if it has one."""

    address: str
    device: str | None


class Shared(Protocol):
    """Counts that all workers add to."""

    def add(self, span: int, counted: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        """Add to a span's counts; return them as they are then."""

    def of(self, span: int, kind: str, whom: str) -> int:
        """Return one count."""


class Windows:
    """Counts by key in windows of ten minutes; forgets the window before."""

    def __init__(self, seconds: Callable[[], float], shared: Shared | None = None) -> None:
        self._seconds, self._shared = seconds, shared
        self.window = -1
        self._counts: dict[tuple[str, str], int] = {}
        self._untold: dict[tuple[str, str], int] = {}
        self._due: set[tuple[str, str]] = set()

    def count(self, kind: str, key: str, budget: int, together: bool = False) -> int | None:
        """Count one; return None while within `budget`, else the seconds until the next window.
        `together` counts with all other workers before it answers."""
        window, into = divmod(self._seconds(), WINDOW_S)
        if window != self.window:
            self.window = int(window)
            for forgotten in (self._counts, self._untold, self._due):
                forgotten.clear()
        counted = kind, key
        self._counts[counted] = self._counts.get(counted, 0) + 1
        if self._shared is not None:
            untold = self._untold[counted] = self._untold.get(counted, 0) + 1
            if untold * STEPS >= budget:
                self._due.add(counted)
            if together:
                self._exchange({counted})
        return None if self._counts.get(counted, 0) <= budget else int(WINDOW_S - into) + 1

    def exchange(self) -> None:
        """Tell the other workers what was counted here, and take in theirs."""
        if self._due:
            due, self._due = self._due, set()
            self._exchange(due)

    def shared(self, kind: str, key: str) -> int:
        """Return what all workers have counted."""
        span = int(self._seconds() // WINDOW_S)
        return 0 if self._shared is None else self._shared.of(span, kind, key)

    def _exchange(self, due: set[tuple[str, str]]) -> None:
        assert self._shared is not None
        window, told = self.window, {}
        for counted in due & self._untold.keys():
            told[counted] = self._untold.pop(counted)
        totals = self._shared.add(window, told)
        if window != self.window:
            return
        # Others may have been counted while the database was asked.
        fresh = {counted: n + self._untold.get(counted, 0) for counted, n in totals.items()}
        self._counts |= fresh


class Limits:
    """Every budget of the outside, and what the organiser should hear of them."""

    def __init__(
        self,
        seconds: Callable[[], float],
        budgets: Budgets | None = None,
        shared: Shared | None = None,
    ) -> None:
        self._windows, self.budgets = Windows(seconds, shared), budgets or Budgets()
        self._seconds = seconds
        self._flooded: dict[str, float] = {}
        self._told: dict[str, int] = {}

    def ask(self, asker: Asker, caller: Caller) -> None:
        """Count one command that is no join. Raises: Problem 429."""
        if asker.power is not Power.RUNNER:
            self._spend("staff", asker.name or caller.address, self.budgets.staff_asks)
            return
        self._spend("address", caller.address, self.budgets.asks_per_address)
        self._spend(
            "device", asker.ticket or caller.device or caller.address, self.budgets.asks_per_device
        )

    def join(self, slug: str, asker: Asker, caller: Caller) -> None:
        """Count one join: runners' browsers by device, others by address, and all of them together.

        A budget of its own for those without a device keeps a script from locking out phones that
        share its address. Raises: Problem 429.
        """
        if asker.power is not Power.RUNNER:
            self._spend("staff", asker.name or caller.address, self.budgets.staff_asks)
        elif caller.device is not None:
            self._spend("joins", caller.device, self.budgets.joins_per_device)
            self._spend("all joins", f"{slug} devices", self.budgets.joins_with_device, slug)
        else:
            self._spend("joins", caller.address, self.budgets.joins_per_address, slug)
            self._spend("all joins", slug, self.budgets.joins_without_device, slug)

    def find(self, slug: str, bib: str, caller: Caller) -> None:
        """Count one try to find a ticket by bib and word. Raises: Problem 429."""
        self._spend("find", f"{slug} {bib}", self.budgets.finds_per_bib, together=True)
        self._spend("finds", caller.address, self.budgets.finds_per_address)

    def exchange(self, slugs: Iterable[str]) -> None:
        """Every second, where there are several workers: tell each other what was counted, and
        which events' budgets ran out."""
        self._windows.exchange()
        for slug in slugs:
            told = self._windows.shared("flooded", slug)
            if told > self._told.get(slug, 0):
                self._flooded[slug] = self._seconds()
            self._told[slug] = told

    def flooded(self, slug: str) -> bool:
        """Whether a budget of joins ran out lately: the organiser is told."""
        return self._seconds() - self._flooded.get(slug, -WINDOW_S) < WINDOW_S

    def _spend(
        self, kind: str, key: str, budget: int, slug: str | None = None, together: bool = False
    ) -> None:
        wait = self._windows.count(kind, key, budget, together)
        if wait is None:
            return
        if slug is not None:
            self._flooded[slug] = self._seconds()
            self._windows.count("flooded", slug, 1)
        raise Problem(
            429,
            "That was very often. Wait a little, or ask at the desk.",
            headers={"Retry-After": str(wait)},
        )
