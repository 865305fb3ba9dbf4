"""One worker of several, on a port of its own.

`python -m tests.workers.worker URL [SPEED [tireless]]` prints its port. Who asks is what the bearer
token says, as `therapist:ana`.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.domain.rules import TentRules  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tests.cast import NOON, race  # noqa: E402
from tests.web.outside import Credentials  # noqa: E402

TIRELESS = TentRules(
    break_suggest_minutes=10**6, break_required_minutes=10**6, break_after_treatments=10**6
)


def main(url: str, speed: float = 1.0, tireless: bool = False) -> None:
    """Serve the cast's race, from noon on, until killed; the `tireless` need no breaks."""
    app = create_app(Settings(database=url), ScaledClock(NOON, speed), Credentials())
    app.extensions["tentqueue"].define(race(rules=TIRELESS if tireless else None))
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.0, "tireless" in sys.argv)
