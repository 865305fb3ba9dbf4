"""What the staff's own routes work with, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import Response

from tentqueue.domain.said import Said
from tentqueue.services.asker import Asker, Power
from tentqueue.web.audience import Audience
from tentqueue.web.auth import Auth
from tentqueue.web.context import Context
from tentqueue.web.enrolment import Enrolment
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.pins import Pins
from tentqueue.web.responding import respond
from tentqueue.web.sessions import Sitting

BASE = "/api/v1/staff"
SCREENS: dict[str, str] = {
    Power.THERAPIST: "/tablet",
    Power.DESK: "/desk",
    Power.ORGANISER: "/organiser",
    Power.BOARD: "/board",
    Power.KIOSK: "/kiosk",
}
"""What a role opens after signing in, below the event's own page."""


@dataclass(frozen=True)
class Front:
    """The parts that sign-in is made of."""

    context: Context
    auth: Auth
    pins: Pins
    enrolment: Enrolment


@dataclass(frozen=True)
class Asked:
    """One request, admitted: its body, the event it names or the browser's own, and who asks."""

    body: Any
    event: str
    asker: Asker
    sitting: Sitting | None

    @property
    def place(self) -> Sitting:
        """The browser's session. Raises: Problem 401 without one."""
        if self.sitting is None:
            raise Problem(401, "Sign in first.")
        return self.sitting

    def slug(self) -> str:
        """The event. Raises: Invalid when neither the request nor the session names one."""
        if not self.event:
            raise Invalid({"event": Said("is missing")})
        return self.event


@dataclass(frozen=True)
class StaffRoute:
    """One route of the staff: its body, who may, and what is done. Without a body it is a GET."""

    name: str
    body: Any
    who: Audience
    do: Callable[[Front, Asked], Response]

    @property
    def path(self) -> str:
        """Its address."""
        return f"{BASE}/{self.name}"


def answer(body: dict[str, Any]) -> Response:
    """Answer with JSON that no cache may keep."""
    return respond(msgspec.json.encode(body))
