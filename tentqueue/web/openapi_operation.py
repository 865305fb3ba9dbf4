"""The parts of one route in the OpenAPI document: address, whom it is for, bodies, answers.

It knows no route by name.
"""

from __future__ import annotations

import re
from typing import Any

from tentqueue.domain.model import LaneName
from tentqueue.web.audience import ANYONE, NEWCOMERS, Audience

_PART = re.compile(r"<(?:any\(([^)]*)\):)?(\w+)>")
PROBLEMS = {
    "400": "Not JSON, or a bad key",
    "401": "Sign in first",
    "403": "Not for you",
    "404": "Not here",
    "409": "Refused; `code` and `detail` say why",
    "413": "Too large",
    "415": "JSON only",
    "422": "Invalid; `fields` says which and why",
    "429": "Too often",
    "503": "Busy, try again",
    "507": "The disk is full",
}
READ_PROBLEMS = {status: PROBLEMS[status] for status in ("401", "403", "404", "422", "503")}


def path_of(rule: str) -> str:
    """A route's address as the document writes it."""
    return _PART.sub(lambda match: "{" + match[2] + "}", rule)


def _parameters(rule: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _part(name, choices)}
        for choices, name in _PART.findall(rule)
    ]


def _part(name: str, choices: str) -> dict[str, Any]:
    if name == "lane" or choices:
        return {"type": "string", "enum": [lane.value for lane in LaneName]}
    return {"type": "string", "minLength": 1}


def operation_of(name: str, rule: str, about: tuple[Audience, str]) -> dict[str, Any]:
    """Begin a route: its name, whom it is for, what it does and the gaps in its address."""
    who, summary = about
    open_to_all = who in (ANYONE, NEWCOMERS)
    return {
        "operationId": name,
        "summary": summary,
        "description": f"For {who.words}.",
        "parameters": _parameters(rule),
        "security": [*([{}] if open_to_all else []), {"bearer": []}, {"staff": []}],
    }


def body_of(shape: dict[str, Any], required: bool) -> dict[str, Any]:
    """What is sent to a route."""
    return {"required": required, "content": {"application/json": {"schema": shape}}}


def answers_of(
    status: str, shape: dict[str, Any], shapes: dict[str, Any], problems: dict[str, str]
) -> dict[str, Any]:
    """What comes back: the shape with its status, or a problem by its own."""
    good = {status: {"description": "Done", "content": {"application/json": {"schema": shape}}}}
    wrong = {
        code: {
            "description": text,
            "content": {"application/problem+json": {"schema": shapes["problem"]}},
        }
        for code, text in problems.items()
    }
    return good | wrong
