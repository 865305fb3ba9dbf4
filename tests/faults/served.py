"""A whole server to be killed: `python -m tests.faults.served URL [ORDER]` prints its port.

The order is JSON: `step` and `times` say where it falls by its own hand, as in `killed`; `"hasty":
true` is a server that answers before it has written, on a disk that takes its time.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from gevent.monkey import get_original  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tentqueue.storage.ledger import Committing  # noqa: E402
from tests.cast import NOON, race  # noqa: E402
from tests.faults.killed import PATIENT, Axe  # noqa: E402
from tests.web.outside import Credentials  # noqa: E402

SPEED = 20.0
SLOW_S = 0.5


class SlowDisk(Axe):
    """Takes half a second to every commit, in the writer's own thread."""

    def at(self, step: str) -> None:
        """Wait, before a commit."""
        if step == "before COMMIT":
            get_original("time", "sleep")(SLOW_S)


def main(url: str, order: dict[str, Any]) -> None:
    """Serve the cast's race, from noon on, until killed."""
    axe = (SlowDisk if order.get("hasty") else Axe)(None, order.get("times", 1))
    axe.sharpen()
    app = create_app(Settings(database=url), ScaledClock(NOON, SPEED), Credentials())
    app.extensions["tentqueue"].define(race(rules=PATIENT))
    if order.get("hasty"):
        Committing.wait = lambda waiting: None  # type: ignore[method-assign]
    # Only now: the opening is not what is cut here.
    axe.step = order.get("step")
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]) if len(sys.argv) > 2 else {})
