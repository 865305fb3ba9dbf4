"""The whole server with the real sign-in, for tests of who is who."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tentqueue.app import create_app
from tentqueue.house import House
from tentqueue.services.clock import Clock
from tentqueue.settings import Settings
from tentqueue.sign_in_links import setup_link, signed_in_link
from tentqueue.staff_tokens import new_token
from tentqueue.web.auth import Auth
from tests.cast import NOON, race
from tests.web.outside import Hands

SLUG = "riverside-half"
EVENT = f"/api/v1/events/{SLUG}"
STAFF = "/api/v1/staff"
PASSPHRASE = "a herd of slow zebras"


class Browser:
    """One browser with its own cookies; what it asks comes from the server's own pages."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON; `path` below the staff's calls unless it starts at the root."""
        given = {"Sec-Fetch-Site": "same-origin"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.client.post(_at(path), json={} if body is None else body, headers=given)

    def get(self, path: str, **headers: str) -> Any:
        """GET; `path` below the staff's calls unless it starts at the root."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(_at(path), headers=given)

    def cookie(self, name: str) -> str:
        """The value of a cookie it carries; empty without it."""
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def set_cookie(self, name: str, value: str) -> None:
        """Plant a cookie."""
        self.client.set_cookie(name, value)


class Inside:
    """A tent whose door is kept by the real sign-in; time passes only by the test's hand."""

    def __init__(
        self, folder: Path, public_url: str | None = None, database: str | None = None
    ) -> None:
        self.clock, self.idle = Hands(NOON), 0.0
        settings = Settings(
            database=database or f"sqlite:///{folder / 'tent.db'}",
            ticks=False,
            public_url=public_url,
        )
        self.app = create_app(settings, self.clock, auth=None)
        self.house: House = self.app.extensions["tentqueue"]
        self.day = self.house.define(race())
        self._hold_seconds(self.clock)

    def _hold_seconds(self, clock: Clock) -> None:
        """Let what is idle or stale be decided by the test, not by the machine."""
        self.auth.sessions._seconds = self.auth._tokens._seconds = lambda: self.idle

    @property
    def auth(self) -> Auth:
        """The real one."""
        auth = self.house.context.auth
        assert isinstance(auth, Auth)
        return auth

    def browser(self) -> Browser:
        """A browser nobody used yet."""
        return Browser(self.app.test_client())

    def badge(self, role: str, therapist: str | None = None, lasting: bool = False) -> str:
        """The code of a fresh badge."""
        return signed_in_link(self.house, SLUG, role, therapist, lasting).partition("#")[2]

    def signed_in(self, role: str, therapist: str | None = None) -> tuple[Browser, dict[str, Any]]:
        """A browser that took a badge, and what it was told: the PIN among it."""
        browser = self.browser()
        answer = browser.post("enrol", {"code": self.badge(role, therapist)})
        assert answer.status_code == 200, answer.json
        return browser, answer.json

    def organiser(self) -> Browser:
        """A browser that went through the set-up."""
        browser = self.browser()
        code = (setup_link(self.house) or "").partition("#")[2]
        answer = browser.post("passphrase", {"code": code, "passphrase": PASSPHRASE})
        assert answer.status_code == 200, answer.json
        return browser

    def token(self, role: str, therapist: str | None = None, slug: str = SLUG) -> dict[str, str]:
        """The header of a fresh token."""
        made = new_token(self.house.storage, self.clock.now(), slug, role, therapist)
        return {"Authorization": f"Bearer {made}"}

    def join(self, browser: Browser, **more: Any) -> dict[str, Any]:
        """A runner joins on their phone."""
        body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
        answer = browser.post(f"{EVENT}/tickets", body | more)
        assert answer.status_code == 201, answer.json
        joined: dict[str, Any] = answer.json
        return joined

    def close(self) -> None:
        """Shut the house."""
        self.house.close()


def _at(path: str) -> str:
    return path if path.startswith("/") else f"{STAFF}/{path}"
