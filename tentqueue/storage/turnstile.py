"""One writer at a time, across processes too.

SQLite 3.7.0 to 3.51.2 can lose rows when two connections write or checkpoint a WAL database at the
same moment. The server and a command such as `tentqueue event create` may both write, so each
holds this lock, a side file next to the database, for as long as it writes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gevent import monkey

from tentqueue.storage.errors import BEING_MOVED, SOMEBODY_WRITES, JournalUnavailable, StorageError

# The lock is taken on a native thread, where gevent's own sleep would start a second event loop.
_sleep = monkey.get_original("time", "sleep")
_monotonic = monkey.get_original("time", "monotonic")


class Turnstile:
    """A lock file that one writer at a time passes; let go by the system when a process dies."""

    def __init__(
        self, database: Path, open_with: Shared | None = None, patience_s: float = 5.0
    ) -> None:
        self._patience_s, self._open_with = patience_s, open_with
        path = database.with_name(database.name + ".lock")
        self._handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)

    @contextmanager
    def pass_through(self) -> Iterator[None]:
        """Holds the lock inside the block.

        Raises: JournalUnavailable when another process keeps it for longer than the patience.
        """
        give_up_at = _monotonic() + self._patience_s
        while not _try_lock(self._handle):
            if _monotonic() >= give_up_at:
                raise JournalUnavailable("another program is writing to the database")
            _sleep(0.002)
        try:
            yield
        finally:
            _unlock(self._handle)

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._handle)
        if self._open_with is not None:
            self._open_with.close()


def moving_lock(database: Path) -> Path:
    """The side file that everybody who writes shares, and a move has alone."""
    return database.with_name(database.name + ".moving")


class Shared:
    """A lock file that any number share, or one has alone. On Windows it is only asked whether
    somebody has it alone: there a server is known by its presence."""

    def __init__(self, path: Path, alone: bool = False) -> None:
        self._handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        if not _try_share(self._handle, alone):
            os.close(self._handle)
            raise StorageError(SOMEBODY_WRITES) if alone else JournalUnavailable(BEING_MOVED)

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

    def _try_share(handle: int, alone: bool) -> bool:
        got = _try_lock(handle)
        if got and not alone:
            _unlock(handle)
        return got

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    def _try_share(handle: int, alone: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
