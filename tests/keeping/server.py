"""A real server at the cast's noon: `python -m tests.keeping.server FOLDER`. It prints its port."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.logs import begin_log, log_answer  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tests.cast import NOON, mins, race  # noqa: E402


def main(folder: Path) -> None:
    """Serve the cast's race, from a little after noon on, until killed."""
    begin_log("debug")
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, ScaledClock(NOON + mins(1), 1.0))
    house = app.extensions["tentqueue"]
    if not house.tents.slugs():
        house.define(race())
    serve(app, port=0, access_log=log_answer, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
