"""A laptop with a server on it, that a test may start, load with runners, and kill."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from tentqueue.staff_tokens import new_token
from tentqueue.storage import Storage

SLUG = "riverside-half"


@dataclass
class Laptop:
    """One data folder, and the server on it while it runs."""

    folder: Path
    base: str = ""
    server: subprocess.Popen[str] | None = None
    tickets: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The database."""
        return f"sqlite:///{self.folder / 'tent.db'}"

    def start(self) -> None:
        """Serve; returns once the port is open."""
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "server.log").open("a") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "tests.keeping.server", str(self.folder)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.server.stdout is not None
        self.base = f"http://127.0.0.1:{int(self.server.stdout.readline())}"

    def die(self) -> None:
        """kill -9."""
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None

    def token(self, role: str) -> dict[str, str]:
        """The header of a fresh token, made beside the server."""
        storage = Storage.open(self.url)
        try:
            made = new_token(storage, datetime.now(UTC), SLUG, role)
        finally:
            storage.close()
        return {"Authorization": f"Bearer {made}"}

    def join(self, session: requests.Session, **more: Any) -> dict[str, Any]:
        """A runner joins from a phone of their own."""
        answer = session.post(
            f"{self.base}/api/v1/events/{SLUG}/tickets",
            json={"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
            | more,
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=20,
        )
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket

    def crowd(self, stop: threading.Event, most: int = 400) -> list[threading.Thread]:
        """Four who join without a pause until told to stop; each acknowledged ticket is noted."""

        def run() -> None:
            while not stop.is_set() and len(self.tickets) < most:
                try:
                    self.tickets.append(self.join(requests.Session()))
                except requests.RequestException:
                    return

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        return threads

    def ticket(self, joined: dict[str, Any]) -> requests.Response:
        """Read a ticket with its key."""
        bearer = {"Authorization": f"Bearer {joined['key']}"}
        where = f"{self.base}/api/v1/tickets/{joined['id']}"
        return requests.get(where, headers=bearer, timeout=20)
