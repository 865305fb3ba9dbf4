"""Whether a server has this database open: what only a stopped one may meet asks here."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

from tentqueue.storage.errors import JournalUnavailable
from tentqueue.storage.turnstile import Turnstile


class Presence:
    """A lock that a server holds while it runs; the system lets go of it when the process dies."""

    def __init__(self, database: Path) -> None:
        self._turnstile = Turnstile(database.with_name(f"{database.name}.serving"), patience_s=0)
        self._held = ExitStack()

    def hold(self) -> None:
        """Says that a server is here; a second worker of it need not say it again."""
        with suppress(JournalUnavailable):
            self._held.enter_context(self._turnstile.pass_through())

    def somebody_is_here(self) -> bool:
        """Whether a server holds it."""
        try:
            with self._turnstile.pass_through():
                return False
        except JournalUnavailable:
            return True

    def leave(self) -> None:
        """Says that the server is gone."""
        self._held.close()

    def close(self) -> None:
        """Leaves, and lets go of the file."""
        self.leave()
        self._turnstile.close()
