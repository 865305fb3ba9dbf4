"""A real server with nothing on it, and a clock that a test moves: `python -m tests.weekend.server
FOLDER INSTANT`.

It prints its set-up link and its port. Each line it reads is an instant: the clock jumps there and
goes on as clocks do, and `moved` is printed.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from datetime import datetime  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402
from gevent.fileobject import FileObjectThread  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.logs import begin_log, log_answer  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tentqueue.sign_in_links import setup_link  # noqa: E402


class MovedClock(ScaledClock):
    """Goes as fast as any clock, from wherever it was moved to last."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(starts_at, 1.0)

    def move(self, to: datetime) -> None:
        """Jump ahead; tents never go back."""
        assert to > self.now(), f"{to} is past"
        super().__init__(to, 1.0)


def _obey(clock: MovedClock) -> None:
    for line in FileObjectThread(sys.stdin):
        clock.move(datetime.fromisoformat(line.strip()))
        print("moved", flush=True)


def main(folder: Path, starts_at: datetime) -> None:
    """Serve until killed."""
    begin_log("debug")
    clock = MovedClock(starts_at)
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, clock)
    print(setup_link(app.extensions["tentqueue"]))
    gevent.spawn(_obey, clock)
    serve(app, port=0, access_log=log_answer, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
