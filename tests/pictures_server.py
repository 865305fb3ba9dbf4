"""The staff screens' server with a clock that can be put forward: FOLDER/minutes says how far."""

from __future__ import annotations

from tests.screens.staff_server import ByCookie  # isort: skip  # It patches; nothing may come first.

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tentqueue.app import create_app
from tentqueue.server import serve
from tentqueue.services.clock import ScaledClock
from tentqueue.settings import Settings
from tests.cast import NOON, mins, race
from tests.screens.staff_pages import SLUGS


class Forward(ScaledClock):
    """The practice day's clock, put forward by another process."""

    def __init__(self, file: Path) -> None:
        super().__init__(NOON, 1.0)
        self._file = file

    def now(self) -> datetime:
        """Return the instant of the day."""
        ahead = self._file.read_text() if self._file.exists() else ""
        return super().now() + mins(float(ahead or 0))


def main(folder: Path) -> None:
    """Serve until killed."""
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, Forward(folder / "minutes"), ByCookie())
    for slug in SLUGS[:5]:
        app.extensions["tentqueue"].define(replace(race(), slug=slug, confirmed_by="Dr Maya Lee"))
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
