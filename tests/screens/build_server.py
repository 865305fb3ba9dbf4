"""A live server of one build: `python -m tests.screens.build_server FOLDER PORT BUILD NAME`.

PORT 0 is any; it prints its port, and knows who asks as the staff screens' server does; NAME is the
event's. Two of them, one after the other on one port, are an upgrade.
"""

from __future__ import annotations

from tests.screens.staff_server import ByCookie  # isort: skip  # It patches; nothing may come first.

import sys
from dataclasses import replace
from pathlib import Path

from tentqueue import app, assets
from tentqueue.server import serve
from tentqueue.services.clock import ScaledClock
from tentqueue.settings import Settings
from tests.cast import NOON, race


def main(folder: Path, port: int, build: str, name: str) -> None:
    """Serve the cast's race, from noon on, until killed."""
    assets.build_id = lambda *_: build
    app.CACHE = folder / "cache"
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}")
    made = app.create_app(settings, ScaledClock(NOON, 1.0), ByCookie())
    made.extensions["tentqueue"].define(replace(race(), name=name))
    serve(made, port=port, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
