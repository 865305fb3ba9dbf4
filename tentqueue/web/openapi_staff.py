"""The staff's own routes and the runner's key, as the OpenAPI document tells them."""

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
    asking = [route for route in staff.ROUTES if route.body is not None]
    bodies = {f"staff body {route.name}": route.body for route in asking}
    shown = {f"staff {route.name}": _shown(route)[0] for route in staff.ROUTES}
    own = {"staff body key": staff_bodies.Key, "staff key": staff_answers.KeyTaken}
    return bodies | shown | own


def _shown(route: front.StaffRoute) -> tuple[Any, str]:
    """What a route answers with, and what it is for: by its own words where no shape is kept."""
    words = (route.do.__doc__ or route.name).strip().split("\n")[0].rstrip(".")
    return staff_answers.SHOWN.get(route.name, (dict[str, Any], words))


def operations() -> list[dict[str, Any]]:
    """Each route: its name, path, method, audience, what it is for, and whether its body may be
    left out."""
    drawn = [
        {
            "name": route.name,
            "path": route.path,
            "method": "get" if route.body is None else "post",
            "about": (route.who, _shown(route)[1]),
            "parameters": [_EVENT] if route.body is None else [],
            "required": route.body not in (None, Nothing),
        }
        for route in staff.ROUTES
    ]
    path, who = staff.KEY
    about = (who, "Give the browser a ticket's cookie, by the key of its link")
    key = {"name": KEY, "path": path, "method": "post", "about": about, "required": True}
    return [*drawn, key | {"parameters": []}]
