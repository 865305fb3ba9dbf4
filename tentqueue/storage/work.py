"""What is handed to the writer: pieces of a transaction, and errands outside any. They do nothing
by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from tentqueue.storage.pending import Pending
from tentqueue.storage.transaction import Transaction

T = TypeVar("T")

Together = Callable[[list[Any], Transaction], list[Any] | None]
"""Does pieces of work at once and gives their results; None when they must go one by one, and
nothing is changed then."""


class Work(Generic[T]):
    """One submission: all of it is kept, or nothing."""

    __slots__ = ("do", "on_error", "pending", "together")

    def __init__(
        self,
        do: Callable[[Transaction], T],
        pending: Pending[T],
        on_error: Callable[[], None] | None,
        together: Together | None,
    ) -> None:
        self.do = do
        self.pending = pending
        self.on_error = on_error
        self.together = together

    def lose(self) -> None:
        """The whole group was lost: the caller's own bookkeeping, before anyone is told."""
        if self.on_error is not None:
            self.on_error()


class Errand(Generic[T]):
    """Something the writer's connection does alone, outside any transaction."""

    __slots__ = ("do", "pending")

    def __init__(self, do: Callable[[Any], T], pending: Pending[T]) -> None:
        self.do = do
        self.pending = pending
