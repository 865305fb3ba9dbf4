"""The line to PostgreSQL is cut right when a commit is sent: nobody knows whether it was kept."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy.engine import make_url

from tests.workers.crew import Crew, Worker, until

pytestmark = pytest.mark.postgres


class Scissors:
    """A TCP proxy that hangs up on one commit: before the server sees it, or after."""

    def __init__(self, to: int) -> None:
        self._to, self._door = to, socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.cut: str | None = None
        """`before` or `after`: what to do at the next commit; None does nothing."""
        self.cuts = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for one, other, asks in ((near, far, True), (far, near, False)):
                    threading.Thread(
                        target=self._carry, args=(one, other, asks), daemon=True
                    ).start()

    def _carry(self, one: socket.socket, other: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                cut = self.cut if asks and b"COMMIT" in data else None
                if cut:
                    self.cut, self.cuts = None, self.cuts + 1
                if cut != "before":
                    other.sendall(data)
                if cut == "after":
                    # The server answers into the void: the commit is kept, and nobody hears.
                    one.shutdown(socket.SHUT_RDWR)
                    other.recv(1)
                if cut:
                    break
        for line in (one, other):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def kept(worker: Worker, key: str) -> bool:
    """Whether a join under this key is acknowledged now."""
    return bool(worker.join(key=key).status_code == 201)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_retry_under_the_same_key_is_one_ticket(postgres_url: str, moment: str) -> None:
    url = make_url(postgres_url)
    assert url.port is not None
    scissors = Scissors(url.port)
    crew = Crew(url.set(port=scissors.port).render_as_string(hide_password=False))
    try:
        worker = crew.start()
        assert worker.join(key="first").status_code == 201
        for number in range(5):
            scissors.cut = moment
            key = f"key-{number}"
            assert worker.join(key=key).status_code in (201, 503)
            until(partial(kept, worker, key), 10)
            first, again = worker.join(key=key), worker.join(key=key)
            assert first.json()["id"] == again.json()["id"]
        assert scissors.cuts == 5
        codes = [ticket["code"] for ticket in worker.get("tent")["tickets"]]
        assert codes == sorted(set(codes))
        assert len(codes) == 6
    finally:
        crew.close()
