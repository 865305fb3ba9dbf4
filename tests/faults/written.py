"""Commits under watch: `python -m tests.faults.written FOLDER LEVEL COUNT`.

After each commit that the storage acknowledged, its number is written to the file `acknowledged`: a
watcher sees in which order things reached the kernel, and which of them were synced. The level
`hasty` is a storage at FULL that acknowledges before it commits.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tentqueue.storage import Record, Storage
from tentqueue.storage.consents import PutConsent

SLUG = "riverside-half"
_EVENTS = b'[["RunnerCalled",{"code":"R217","table":4,"therapist":"ana"}]]' * 12
_PAGES = 60
"""Of the log before it is copied into the file, so that a short day has many copies."""


def main(folder: Path, level: str, count: int) -> None:
    """Commit so many rows, one after the other."""
    storage = Storage.open(f"sqlite:///{folder}/tent.db")
    storage.journal.create_event(SLUG, b"{}", at=1)
    connection = storage._writer._connection
    hasty = level == "hasty"
    connection.execute(f"PRAGMA synchronous={'FULL' if hasty else level}")
    connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES}")
    with (folder / "acknowledged").open("wb", buffering=0) as told:
        for number in range(1, count + 1):
            record = Record(number, number, _EVENTS, "Ana", f"key-{number}", b"d" * 16, b"{}")
            agreed = PutConsent(SLUG, f"ticket-{number}", "1", number, "runner")
            pending = storage.journal.submit(SLUG, record, [agreed])
            if hasty:
                told.write(b"%d\n" % number)
            pending.wait()
            if not hasty:
                told.write(b"%d\n" % number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
