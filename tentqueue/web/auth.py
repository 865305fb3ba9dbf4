"""Who asks: bearer tokens of programs, sessions of staff browsers, keys of runners' tickets.

Decides who somebody is, never what they may do: `audience.py` does. A credential that is given and
not good is refused; it never turns into nobody's.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from flask import Request, Response

from tentqueue.services.accounts import StaffTable, Token
from tentqueue.services.asker import Asker, Power
from tentqueue.services.clock import Clock
from tentqueue.services.secret import Secrets, digest
from tentqueue.settings import Settings
from tentqueue.web.errors import Problem
from tentqueue.web.sessions import FRESH_S, MOST_KNOWN, Sessions, Sitting

SCREEN = "Tentqueue-Screen"
"""The header by which a page says which screen it is: it picks among the browser's sessions."""
RUNNERS_OWN = frozenset({"join", "ticket"})
"""Screens on which a signed-in volunteer is a runner like any other."""
TICKET_COOKIE = "ticket-"
TICKET_KEPT_S = 2 * 24 * 3600
KEY_BYTES = 20
_KEY = re.compile(r"[0-9a-f]{40}")
_TICKET = re.compile(r"[a-z2-7]{26}")
_MARK = "tentqueue.session"
NOBODY = Asker(Power.RUNNER, "runner")


class Tokens:
    """Bearer tokens: a new one is noticed at once, a revoked one within half a second."""

    def __init__(self, staff: StaffTable, seconds: Callable[[], float]) -> None:
        self._staff, self._seconds = staff, seconds
        self._known: dict[bytes, tuple[Token, float]] = {}

    def asker(self, secret: str, slug: str) -> Asker:
        """Return whose token it is. Raises: Problem 401 for none of ours, 403 for another event."""
        token = self._find(digest(secret))
        if token is None:
            raise Problem(401, "This token is not one of ours. Make one with `tentqueue token`.")
        if token.revoked_at is not None:
            raise Problem(401, "This token was revoked.")
        if token.event not in ("", slug):
            raise Problem(403, "This token is for another event.")
        name = token.therapist or token.label
        return Asker(Power(token.role), name, token.therapist)

    def _find(self, token_hash: bytes) -> Token | None:
        now = self._seconds()
        known = self._known.get(token_hash)
        if known is not None and now - known[1] < FRESH_S:
            return known[0]
        token = self._staff.token(token_hash)
        if token is None:
            self._known.pop(token_hash, None)
            return None
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[token_hash] = token, now
        return token


class Auth:
    """Tells who asks, from what they show. `seconds` is a clock that never jumps."""

    def __init__(
        self,
        staff: StaffTable,
        keys: Secrets,
        clock: Clock,
        settings: Settings,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.staff, self.keys, self.clock = staff, keys, clock
        self.secure = (settings.public_url or "").startswith("https://")
        self.sessions = Sessions(staff, clock, seconds)
        self._tokens = Tokens(staff, seconds)

    def asker(self, request: Request, slug: str) -> Asker:
        """Return who sends `request` about an event.

        Raises: Problem 401 for a credential that is not good or a locked screen, 403 for another
        event's token.
        """
        ticket: str | None = (request.view_args or {}).get("ticket")
        header = request.headers.get("Authorization")
        if header is not None:
            return self._bearer(header, slug, ticket)
        if "HTTP_COOKIE" not in request.environ:
            return NOBODY
        sitting = self.sitting(request, slug)
        if sitting is not None and not sitting.locked:
            if is_touch(request):
                self.sessions.used(sitting)
            return sitting.asker
        return self._without_session(dict(request.cookies), ticket, sitting)

    def sitting(self, request: Request, slug: str | None) -> Sitting | None:
        """Return the browser's session for an event, locked or not; None without one."""
        screen = request.headers.get(SCREEN) or request.path.rsplit("/", 1)[-1]
        return self._pick(request.cookies, slug, screen)

    def _pick(self, cookies: Mapping[str, str], slug: str | None, screen: Any) -> Sitting | None:
        if screen in RUNNERS_OWN:
            return None
        return self.sessions.pick(cookies, slug, screen)

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Return who connects a socket, or who still holds it: never counts as a touch.

        Raises: Problem as for a request.
        """
        slug, ticket = str(auth.get("event")), auth.get("ticket")
        if token := auth.get("token"):
            return self._given(str(token), slug, ticket)
        if key := auth.get("key"):
            return self._holder(str(key), ticket)
        cookies = _cookies(environ.get("HTTP_COOKIE", ""))
        sitting = self._pick(cookies, slug, str(auth.get("screen")))
        if sitting is not None and self._may_look(sitting, environ):
            return sitting.asker
        return self._without_session(cookies, ticket, sitting)

    def runner_may(self, asker: Asker, ticket_id: str) -> bool:
        """Whether `asker` holds the ticket's key, or is staff."""
        if asker.power is Power.RUNNER:
            return asker.ticket == ticket_id
        return asker.power in (Power.DESK, Power.THERAPIST, Power.ORGANISER)

    def runner_key(self, ticket_id: str) -> str:
        """Return the key of a ticket: 160 bits in hexadecimal, the same each time."""
        return self.keys.derive("runner", ticket_id)[:KEY_BYTES].hex()

    def remember_runner(self, response: Response, ticket_id: str) -> None:
        """Give the browser the ticket's cookie, which no script can read."""
        name = TICKET_COOKIE + ticket_id
        self.set_cookie(response, name, self.runner_key(ticket_id), TICKET_KEPT_S)

    def set_cookie(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Set a cookie that no script can read and no other site's form can send."""
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="Lax", secure=self.secure
        )

    def _bearer(self, header: str, slug: str, ticket: str | None) -> Asker:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Problem(401, "Send the credential as Authorization: Bearer.")
        return self._given(secret.strip(), slug, ticket)

    def _given(self, secret: str, slug: str, ticket: Any) -> Asker:
        if _KEY.fullmatch(secret):
            return self._holder(secret, ticket)
        return self._tokens.asker(secret, slug)

    def _holder(self, key: str, ticket: Any) -> Asker:
        """Return a ticket's runner; with another ticket's key nobody's, who may do nothing."""
        if not isinstance(ticket, str) or not _KEY.fullmatch(key):
            raise Problem(401, "This key opens nothing here. It belongs to one ticket.")
        good = hmac.compare_digest(key, self.runner_key(ticket))
        return Asker(Power.RUNNER, "runner", ticket=ticket if good else "")

    def _without_session(
        self, cookies: dict[str, str], ticket: Any, sitting: Sitting | None
    ) -> Asker:
        if isinstance(ticket, str) and _TICKET.fullmatch(ticket):
            key = cookies.get(TICKET_COOKIE + ticket, "")
            if hmac.compare_digest(key.encode(), self.runner_key(ticket).encode()):
                return Asker(Power.RUNNER, "runner", ticket=ticket)
        if sitting is not None:
            raise Problem(401, "This screen is locked. Type your PIN.", "locked")
        return NOBODY

    @staticmethod
    def _may_look(sitting: Sitting, environ: dict[str, Any]) -> bool:
        """A locked session opens no socket, but keeps the one it has: calls must still sound."""
        if not sitting.locked:
            environ[_MARK] = sitting.session.sid_hash
            return True
        return bool(environ.get(_MARK) == sitting.session.sid_hash)


def is_touch(request: Request) -> bool:
    """Whether somebody's finger is behind a request; pages fetch views by themselves."""
    return request.method == "POST" or not request.path.startswith("/api/")


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
