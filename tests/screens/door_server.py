"""A live server with the real sign-in: `python -m tests.screens.door_server FOLDER`.

It prints a set-up link, badges for a desk and for Ana, three of the practice day, and its port.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.domain.rules import TentRules  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tentqueue.sign_in_links import setup_link, signed_in_link  # noqa: E402
from tests.cast import NOON, race  # noqa: E402


def main(folder: Path, rules: TentRules | None = None) -> None:
    """Serve the cast's race, from noon on, until killed."""
    settings = Settings.from_environment().with_options(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, ScaledClock(NOON, 1.0))
    house = app.extensions["tentqueue"]
    slug = house.define(race(rules=rules)).tent.event.slug
    print(setup_link(house))
    print(signed_in_link(house, slug, "desk"))
    print(signed_in_link(house, slug, "therapist", "ana"))
    for role, therapist in (("organiser", None), ("therapist", "ben"), ("desk", None)):
        print(signed_in_link(house, slug, role, therapist, lasting=True))
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
