"""The staff's own calls and the runner's key, as the OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

from tentqueue.web import front, staff, staff_answers, staff_bodies
from tentqueue.web.bodies import Nothing

KEY = "key"
_EVENT = {
    "name": "event",
    "in": "query",
    "required": False,
    "description": "The event's slug; the browser's own when it is not named.",
    "schema": {"type": "string"},
}
GONE = {"410": "The badge was used or is too old"}


def kinds() -> dict[str, Any]:
    """Every body and answer by its name in the document."""
    bodies = {f"staff body {call.name}": call.body for call in staff.CALLS if call.body is not None}
    shown = {f"staff {call.name}": _shown(call)[0] for call in staff.CALLS}
    own = {"staff body key": staff_bodies.Key, "staff key": staff_answers.KeyTaken}
    return bodies | shown | own


def _shown(call: front.StaffCall) -> tuple[Any, str]:
    """What a call answers with, and what it is for: by its own words where no shape is kept."""
    words = (call.do.__doc__ or call.name).strip().split("\n")[0].rstrip(".")
    return staff_answers.SHOWN.get(call.name, (dict[str, Any], words))


def operations() -> list[dict[str, Any]]:
    """Each call: its name, path, method, audience, what it is for, and whether its body may be
    left out."""
    calls = [
        {
            "name": call.name,
            "path": call.path,
            "method": "get" if call.body is None else "post",
            "about": (call.who, _shown(call)[1]),
            "parameters": [_EVENT] if call.body is None else [],
            "required": call.body not in (None, Nothing),
        }
        for call in staff.CALLS
    ]
    path, who = staff.KEY
    about = (who, "Give the browser a ticket's cookie, by the key of its link")
    key = {"name": KEY, "path": path, "method": "post", "about": about, "required": True}
    return [*calls, key | {"parameters": []}]
