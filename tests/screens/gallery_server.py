"""A server of the gallery's scenes, an event each: `python -m tests.screens.gallery_server FOLDER`.

It begins as long ago as the longest scene takes, and its time stands in FOLDER/began; nothing
happens there by itself, so that a scene stays as it was played.
"""

from __future__ import annotations

from tests.screens.staff_server import ByCookie  # isort: skip  # It patches; nothing may come first.

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Request

from tentqueue.app import create_app
from tentqueue.domain.race_event import RaceEvent
from tentqueue.server import serve
from tentqueue.services.asker import Asker
from tentqueue.services.clock import SystemClock
from tentqueue.settings import Settings
from tests.cast import NOON, mins, race
from tests.screens.scenes import SCENES, TAKES


class AsEve(ByCookie):
    """Whoever comes with no credential of another is the organiser Eve."""

    def asker(self, request: Request, slug: str) -> Asker:
        """Who sends the request."""
        if "Authorization" in request.headers:
            return super().asker(request, slug)
        return self._of("organiser:Eve")

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Who connects."""
        return self._of("organiser:Eve")


class Forward(SystemClock):
    """The real time, less what is still to be played."""

    def __init__(self, folder: Path) -> None:
        self._minutes = folder / "minutes"

    def now(self) -> datetime:
        """Return the instant of the scenes."""
        ahead = float(self._minutes.read_text()) if self._minutes.exists() else 0.0
        return super().now() - mins(max(TAKES.values()) - ahead)


def event(slug: str, noon: datetime) -> RaceEvent:
    """The cast's race, at its noon when the scenes begin."""
    made, by = race(), noon - NOON
    lanes = {
        name: replace(plan, opens_at=plan.opens_at + by, closes_at=plan.closes_at + by)
        for name, plan in made.lanes.items()
    }
    waves = tuple(replace(wave, starts_at=wave.starts_at + by) for wave in made.waves)
    day = noon.date().isoformat()
    return replace(made, slug=slug, date=day, lanes=lanes, waves=waves, confirmed_by="Dr Maya Lee")


def main(folder: Path) -> None:
    """Serve until killed."""
    noon = datetime.now(UTC) - mins(max(TAKES.values()))
    (folder / "began").write_text(noon.isoformat())
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}", gallery=True, ticks=False)
    app = create_app(settings, Forward(folder), AsEve())
    for scene in SCENES:
        app.extensions["tentqueue"].define(event(scene, noon))
    port = int(os.environ.get("GALLERY_PORT", "0"))
    serve(app, port=port, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
