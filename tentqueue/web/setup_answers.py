"""The shapes of the set-up's answers, and its routes as the OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

from tentqueue.web import bodies, event_setup
from tentqueue.web.tent_answers import Answer


class FileProblem(Answer, frozen=True, kw_only=True):
    """What is to be mended, as the event file's reader says it."""

    field: str
    what: str
    line: int


class Checked(Answer, frozen=True, kw_only=True):
    """A draft, as a file, and what is wrong with it."""

    file: dict[str, Any]
    toml: str
    problems: list[FileProblem]
    warnings: list[FileProblem]


class Saved(Answer, frozen=True, kw_only=True):
    """An event that was made or changed, and its screen."""

    slug: str
    version: int
    to: str


KINDS: dict[str, Any] = {
    "setup": bodies.Setup,
    "setup checked": Checked,
    "setup saved": Saved,
}
ROUTES = (
    ("check-event", event_setup.CHECK, "Look an event's draft over", "setup checked"),
    ("save-event", event_setup.SAVE, "Make an event, or change it", "setup saved"),
)
"""Name, path, what it is for, and the answer."""
FILE = ("event-file", event_setup.FILE, "The event as its file")
TOML = {"200": {"description": "The file", "content": {"application/toml": {}}}}
