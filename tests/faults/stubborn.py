"""Commits on a disk with troubles: `python -m tests.faults.stubborn FOLDER COUNT`.

It begins with the first line on its standard input, says each number that was acknowledged and each
that was not, and goes on after a trouble as a server would.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tentqueue.storage import JournalFull, JournalUnavailable, Record, Storage
from tests.faults.written import SLUG

_EVENTS = b'[["RunnerCalled",{"code":"R217","table":4,"therapist":"ana"}]]' * 60
_PATIENCE_S = 20.0


def main(folder: Path, count: int) -> None:
    """Commit so many rows, however often it takes."""
    storage = Storage.open(f"sqlite:///{folder}/tent.db")
    if storage.journal.get_event(SLUG) is None:
        storage.journal.create_event(SLUG, b"{}", at=1)
    print("open", flush=True)
    sys.stdin.readline()
    number, deadline = storage.journal.last_number(SLUG) + 1, time.monotonic() + _PATIENCE_S
    while number <= count and time.monotonic() < deadline:
        record = Record(number, number, _EVENTS, "Ana", f"key-{number}", b"d" * 16, b"{}")
        try:
            storage.journal.submit(SLUG, record).wait()
        except (JournalFull, JournalUnavailable) as trouble:
            print("not", number, type(trouble).__name__, flush=True)
            time.sleep(0.05)
            storage.journal.reopen(SLUG)
            number = storage.journal.last_number(SLUG) + 1
        else:
            print("kept", number, flush=True)
            number += 1
    storage.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
