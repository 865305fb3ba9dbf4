"""How often runners may ask, so that a bot can't fill the tent and a whole venue behind one address
still joins. Staff and tokens have their own, generous, limits.

Counted in this process's memory, by fixed windows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from tentqueue.services.asker import Asker, Power
from tentqueue.web.errors import Problem

WINDOW_S = 600


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


class Windows:
    """Counts by key in windows of ten minutes; forgets the window before."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._window = -1
        self._counts: dict[tuple[str, str], int] = {}

    def count(self, kind: str, key: str, budget: int) -> int | None:
        """Count one; return None while within `budget`, else the seconds until the next window."""
        window, into = divmod(self._seconds(), WINDOW_S)
        if window != self._window:
            self._window = int(window)
            self._counts.clear()
        used = self._counts[kind, key] = self._counts.get((kind, key), 0) + 1
        return None if used <= budget else int(WINDOW_S - into) + 1


class Limits:
    """Every budget of the outside, and what the organiser should hear of them."""

    def __init__(self, seconds: Callable[[], float], budgets: Budgets | None = None) -> None:
        self._windows, self.budgets = Windows(seconds), budgets or Budgets()
        self._seconds = seconds
        self._flooded: dict[str, float] = {}

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
        self._spend("find", f"{slug} {bib}", self.budgets.finds_per_bib)
        self._spend("finds", caller.address, self.budgets.finds_per_address)

    def flooded(self, slug: str) -> bool:
        """Whether a budget of joins ran out lately: the organiser is told."""
        return self._seconds() - self._flooded.get(slug, -WINDOW_S) < WINDOW_S

    def _spend(self, kind: str, key: str, budget: int, slug: str | None = None) -> None:
        wait = self._windows.count(kind, key, budget)
        if wait is None:
            return
        if slug is not None:
            self._flooded[slug] = self._seconds()
        raise Problem(
            429,
            "That was very often. Wait a little, or ask at the desk.",
            headers={"Retry-After": str(wait)},
        )
