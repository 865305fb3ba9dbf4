"""What the greenlets of one event loop submit, laid together until the loop has nothing else to do.

It writes nothing and wakes nobody: all it holds goes to the writer at once.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

LATEST_S = 0.02
"""A loop that always has something else to do hands its work over after this long."""


class Tray:
    """The work of one event loop on its way to the writer's thread.

    Handed over one by one, each piece wakes that thread, which takes the interpreter from the
    loop: with 32 joins at once twice a join. The loop is idle when every one of them waits for the
    disk; nobody is answered sooner by waking the writer before. A lone piece goes at once.
    """

    def __init__(self, hub: Any, put: Callable[[Any], None]) -> None:
        self._put = put
        self._pieces: list[Any] = []
        self._since = 0.0
        self._idle = hub.loop.idle()
        # Not a timer: setting one for each group costs as much as a tenth of its joins.
        self._each_round = hub.loop.check()

    def lay(self, piece: Any) -> None:
        """One more piece; in the loop's own thread."""
        if not self._pieces:
            self._since = monotonic()
            self._idle.start(self.empty)
            self._each_round.start(self._look)
        self._pieces.append(piece)

    def _look(self) -> None:
        if monotonic() - self._since > LATEST_S:
            self.empty()

    def empty(self) -> None:
        """Hand everything over, in the order in which it came."""
        self._idle.stop()
        self._each_round.stop()
        pieces, self._pieces = self._pieces, []
        for piece in pieces:
            self._put(piece)

    def close(self) -> None:
        """Take the tray off its loop; what lies on it is handed over."""
        self.empty()
        self._idle.close()
        self._each_round.close()
