"""Everybody who might stand at a door: each role by cookie and by token, here and elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tentqueue.sign_in_links import signed_in_link
from tentqueue.staff_tokens import new_token
from tests.cast import race
from tests.web.inside import SLUG, Browser, Inside

ELSEWHERE = "lakeside-ten"
STAFF = ("board", "kiosk", "desk", "ana", "ben", "organiser")


class Callers:
    """A server with two events, and a caller of every kind, made once and kept."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        inside.house.define(replace(race(), slug=ELSEWHERE, name="Lakeside Ten"))
        self._cookies = {name: self._signed_in(SLUG, name) for name in STAFF}
        self._cookies["owner"] = inside.organiser()
        self._strangers = {name: self._signed_in(ELSEWHERE, name) for name in STAFF}
        self._cookies["nobody"] = inside.browser()
        self._tokens: dict[tuple[str, str], str] = {}
        self.tickets: dict[str, dict[str, Any]] = {}
        for name in ("own", "other"):
            self._cookies[name] = inside.browser()
            self.tickets[name] = inside.join(self._cookies[name])

    def browser(self, name: str) -> Browser:
        """The browser of somebody of this event."""
        return self._cookies[name]

    def stranger(self, name: str) -> Browser:
        """The browser of somebody of the other event."""
        return self._strangers[name]

    def token(self, name: str, slug: str = SLUG) -> dict[str, str]:
        """A program's credential; none for nobody."""
        if name == "nobody":
            return {}
        if name in self.tickets:
            return {"Authorization": f"Bearer {self.tickets[name]['key']}"}
        if (name, slug) not in self._tokens:
            self._tokens[name, slug] = self._made(name, slug)
        return {"Authorization": f"Bearer {self._tokens[name, slug]}"}

    def _made(self, name: str, slug: str) -> str:
        storage, now = self.inside.house.storage, self.inside.clock.now()
        if name == "owner":
            return new_token(storage, now, "", "organiser")
        if name in ("ana", "ben"):
            return new_token(storage, now, slug, "therapist", name)
        return new_token(storage, now, slug, name)

    def _signed_in(self, slug: str, name: str) -> Browser:
        browser = self.inside.browser()
        role = "therapist" if name in ("ana", "ben") else name
        therapist = name if role == "therapist" else None
        code = signed_in_link(self.inside.house, slug, role, therapist).partition("#")[2]
        answer = browser.post("enrol", {"code": code})
        assert answer.status_code == 200, answer.json
        return browser
