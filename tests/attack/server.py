"""The real server for a siege: `python -m tests.attack.server FOLDER`.

It prints its port and an organiser's token, and serves the cast's race from noon on, until killed.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tentqueue.staff_tokens import new_token  # noqa: E402
from tests.cast import NOON, race  # noqa: E402


def main(folder: Path) -> None:
    """Serve until killed."""
    settings = Settings.from_environment().with_options(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, ScaledClock(NOON, 1.0))
    house = app.extensions["tentqueue"]
    house.define(race())
    token = new_token(house.storage, NOON, "riverside-half", "organiser")
    serve(app, port=0, on_ready=lambda port: print(port, token, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
