"""How the practice day's people reach the server: over HTTP, as any phone or tablet does.

One request at a time on one kept-alive connection: however fast the day runs, its people never ask
for more than the server gives.
"""

from __future__ import annotations

import http.client
import json
import secrets
from dataclasses import dataclass
from typing import Any

from tentqueue.domain.model import Instant

_LONGEST_WAIT_S = 30
_TRIES = 3


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: Any

    @property
    def good(self) -> bool:
        """Whether it was done."""
        return self.status < 300


class Outside:
    """The server as its people know it: an address, and the event's path."""

    def __init__(self, host: str, port: int, slug: str) -> None:
        self._event = f"/api/v1/events/{slug}"
        self._connection = http.client.HTTPConnection(host, port, timeout=_LONGEST_WAIT_S)

    def tent(self, token: str) -> dict[str, Any] | None:
        """Look at the whole tent, as staff."""
        answer = self._send("GET", f"{self._event}/tent", None, token)
        return answer.body if answer.good else None

    def press(self, path: str, body: Any = None, token: str | None = None) -> Answer:
        """Send a command: of the event, or by its full path of the ticket's holder."""
        where = path if path.startswith("/") else f"{self._event}/{path}"
        return self._send("POST", where, {} if body is None else body, token)

    def _send(self, method: str, path: str, body: Any, token: str | None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        raw = None
        if method == "POST":
            headers |= {
                "Content-Type": "application/json",
                "Idempotency-Key": secrets.token_hex(12),
            }
            raw = json.dumps(body)
        return self._until_answered(method, path, raw, headers)

    def _until_answered(
        self, method: str, path: str, raw: str | None, headers: dict[str, str]
    ) -> Answer:
        """The same key each time: a request whose answer was lost is done once."""
        for left in reversed(range(_TRIES)):
            try:
                self._connection.request(method, path, raw, headers)
                response = self._connection.getresponse()
                text = response.read()
                return Answer(response.status, json.loads(text) if text else None)
            except (OSError, http.client.HTTPException, ValueError):
                self._connection.close()
                if not left:
                    raise
        raise AssertionError("not reached")


def stamp(at: Instant) -> str:
    """An instant as the outside writes it."""
    return at.isoformat()
