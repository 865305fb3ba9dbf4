"""The routes of uploaded lists as the OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

from tentqueue.services.roster.list_state import ListState
from tentqueue.services.roster.source import LARGEST_FILE
from tentqueue.web import bodies, lists

KINDS: dict[str, Any] = {"list": bodies.RosterFile, "list state": ListState}
UPLOAD = ("upload-list", lists.FILES, "Upload a start list or results, as a timing system's CSV")
STATE = ("list", lists.FILE, "How it stands with an uploaded list")
ROUTES = (
    ("check-list", lists.CHECK, "Read a list beside, and change nothing"),
    ("take-list", lists.TAKE, "Read a list beside, and take it"),
)
"""Name, path and what it is for; all answer with the list's state."""
FILE: dict[str, Any] = {
    "required": True,
    "content": {"text/csv": {"schema": {"type": "string", "maxLength": LARGEST_FILE}}},
}
KIND: dict[str, Any] = {
    "name": "kind",
    "in": "query",
    "required": True,
    "description": "What the file is.",
    "schema": {"type": "string", "enum": ["starts", "results"]},
}
