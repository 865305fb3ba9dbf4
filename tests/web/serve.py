"""A live server for the journeys: `python -m tests.web.serve FOLDER`. It prints its port.

Tokens named in FOLDER/revoked are revoked, from the moment the file says so.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from tentqueue.app import create_app  # noqa: E402
from tentqueue.server import serve  # noqa: E402
from tentqueue.services.asker import Asker  # noqa: E402
from tentqueue.services.clock import ScaledClock  # noqa: E402
from tentqueue.settings import Settings  # noqa: E402
from tests.cast import NOON, race  # noqa: E402
from tests.web.outside import Credentials  # noqa: E402


class FromFile(Credentials):
    """Credentials that another process can revoke."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def _of(self, token: str) -> Asker:
        self.revoked = set(self._file.read_text().split()) if self._file.exists() else set()
        return super()._of(token)


def main(folder: Path) -> None:
    """Serve the cast's race, from noon on, until killed."""
    settings = Settings(database=f"sqlite:///{folder / 'tent.db'}")
    app = create_app(settings, ScaledClock(NOON, 1.0), FromFile(folder / "revoked"))
    app.extensions["tentqueue"].define(race())
    serve(app, port=0, on_ready=lambda port: print(port, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
