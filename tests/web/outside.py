"""A whole server in one process for tests of the outside, at noon of the cast's race day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Request, Response

from tentqueue.app import create_app
from tentqueue.domain.tent import Tent
from tentqueue.house import House
from tentqueue.services.asker import Asker, Power
from tentqueue.settings import Settings
from tentqueue.web.errors import Problem
from tests.cast import NOON, race

EVENT = "/api/v1/events/riverside-half"
JSON = {"Content-Type": "application/json"}


class Credentials:
    """Stands in for sign-in: a token says who it is for, and may be revoked."""

    def __init__(self) -> None:
        self.revoked: set[str] = set()

    def asker(self, request: Request, slug: str) -> Asker:
        """Who sends the request."""
        header = request.headers.get("Authorization")
        return self._of(header.removeprefix("Bearer ")) if header else Asker(Power.RUNNER, "runner")

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Who connects."""
        given = auth.get("token") or auth.get("key")
        return self._of(given) if given else Asker(Power.RUNNER, "runner")

    def runner_may(self, asker: Asker, ticket_id: str) -> bool:
        """Whether the key is this ticket's; staff may."""
        return asker.power is not Power.RUNNER or asker.ticket == ticket_id

    def runner_key(self, ticket_id: str) -> str:
        """The ticket's key."""
        return f"key-{ticket_id}"

    def remember_runner(self, response: Response, ticket_id: str) -> None:
        """Programs keep their keys themselves."""

    def _of(self, token: str) -> Asker:
        if token in self.revoked:
            raise Problem(401, "This credential was revoked.")
        if token.startswith("key-"):
            return Asker(Power.RUNNER, "runner", ticket=token[4:])
        role, _, name = token.partition(":")
        if role not in set(Power) - {Power.SYSTEM}:
            raise Problem(401, "This credential is not one of ours.")
        return Asker(Power(role), name or role, name if role == Power.THERAPIST else None)


class Hands:
    """A clock that only the test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return where the hands stand."""
        return self.at


class Desk:
    """Whoever can post may join runners as the desk does."""

    def post(self, path: str, body: Any = None, who: str | None = None) -> Any:
        """POST JSON."""
        raise NotImplementedError

    def join(self, **more: Any) -> dict[str, Any]:
        """A runner joins recovery, half an hour after the finish."""
        body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"} | more
        answer = self.post("tickets", body, who="desk:Eve")
        assert answer.status_code == 201, answer.json
        joined: dict[str, Any] = answer.json
        return joined


class Outside(Desk):
    """The server as a stranger's program meets it."""

    def __init__(self, folder: Path, at: datetime = NOON, settings: Settings | None = None) -> None:
        self.clock, self.credentials = Hands(at), Credentials()
        given = settings or Settings()
        given = replace(given, database=f"sqlite:///{folder / 'tent.db'}", ticks=False)
        self.app = create_app(given, self.clock, self.credentials)
        self.house: House = self.app.extensions["tentqueue"]
        self.day = self.house.define(race())
        self.client = self.app.test_client()

    @property
    def tent(self) -> Tent:
        """The durable tent."""
        return self.day.tent

    def post(self, path: str, body: Any = None, who: str | None = None, **headers: str) -> Any:
        """POST JSON; `path` within the event unless it starts at the root."""
        given = headers | ({"Authorization": f"Bearer {who}"} if who else {})
        given = {name.replace("_", "-"): value for name, value in given.items()}
        where = path if path.startswith("/") else f"{EVENT}/{path}"
        if isinstance(body, bytes):
            return self.client.post(where, data=body, headers=JSON | given)
        return self.client.post(where, json={} if body is None else body, headers=given)

    def get(self, path: str, who: str | None = None) -> Any:
        """GET; `path` within the event unless it starts at the root."""
        where = path if path.startswith("/") else f"{EVENT}/{path}".rstrip("/")
        return self.client.get(where, headers={"Authorization": f"Bearer {who}"} if who else {})

    def close(self) -> None:
        """Shut the house."""
        self.house.close()
