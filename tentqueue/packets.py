"""Engine.IO's packets as the wire meets them: its queue, and one that only keeps a place in it.

Nothing here is ever sent.
"""

from __future__ import annotations

from typing import Any, Protocol


class Queue(Protocol):
    """What is used of Engine.IO's queue of packets."""

    def put(self, item: Any) -> None:
        """Adds a packet for the connection's own writer."""


class Waiting:
    """A packet that says: now send what waits at the wire itself. Its place in the queue is what
    keeps the order."""

    def encode(self) -> Waiting:
        """Engine.IO encodes each packet before it hands it to the wire."""
        return self


WAITING = Waiting()
