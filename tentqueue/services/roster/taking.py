"""Taking what a check has set aside. Up to ten thousand lines go in at once, all of them or none;
a larger file goes in pieces between which the tent goes on, and taking it again ends the work.
"""

from __future__ import annotations

from itertools import islice

from tentqueue.services.roster.check import Check, Progress
from tentqueue.services.roster.listed import RosterTable

AT_ONCE = 10_000


def take(
    check: Check, table: RosterTable, slug: str, progress: Progress = lambda lines: None
) -> int:
    """Keep what is new, durably; gives how many lines. Raises: StorageBusy, StorageFull."""
    taken, lines = 0, check.lines()
    while some := list(islice(lines, AT_ONCE)):
        table.put(slug, some)
        taken += len(some)
        progress(taken)
    return taken
