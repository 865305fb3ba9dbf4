"""What must be true of every history, checked in one place: tests, soaks and `tentqueue doctor`.

Pure: it reads journals and what clients noted, and tells what is broken; it mends nothing.
"""

from __future__ import annotations

from tentqueue.services.invariants.broken import Broken
from tentqueue.services.invariants.clients import Shown, Told, check_clients
from tentqueue.services.invariants.journal import Looked, check_journal
from tentqueue.services.invariants.tent import check_tent

__all__ = [
    "Broken",
    "Looked",
    "Shown",
    "Told",
    "check_clients",
    "check_journal",
    "check_tent",
]
