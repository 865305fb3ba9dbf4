"""The OpenAPI 3.1 document, drawn from the tables that serve it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from tentqueue.domain.model import LaneName
from tentqueue.web import (
    answers,
    bodies,
    feed,
    openapi_staff,
    push,
    receipt,
    roster_answers,
    setup_answers,
)
from tentqueue.web.api import FIND, READS
from tentqueue.web.asking import Route
from tentqueue.web.audience import ANYONE, NEWCOMERS, ORGANISERS, Audience
from tentqueue.web.commands import COMMANDS

_PART = re.compile(r"<(?:any\(([^)]*)\):)?(\w+)>")
_REF = "#/components/schemas/{name}"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key gives the same answer, once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
}
_SINCE = {
    "name": "since",
    "in": "query",
    "required": False,
    "description": "The last entry you have.",
    "schema": {"type": "integer", "minimum": 0, "maximum": 10**15 - 1},
}
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
READ_PROBLEMS = ("401", "403", "404", "422", "503")


@cache
def document() -> dict[str, Any]:
    """Draw the whole document."""
    kinds = _kinds()
    refs, components = msgspec.json.schema_components(list(kinds.values()), ref_template=_REF)
    shapes = dict(zip(kinds, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in COMMANDS:
        paths.setdefault(_path(route.path), {})["post"] = _command(route, shapes)
    paths.setdefault(_path(feed.PATH), {})["post"] = _feed(shapes)
    paths.setdefault(_path(FIND[0]), {})["post"] = _find(shapes)
    for name, (path, who, summary) in READS.items():
        paths.setdefault(_path(path), {})["get"] = _read(name, path, (who, summary), shapes)
    paths.setdefault(_path(push.PATH), {})["post"] = _push(shapes)
    for name, path, summary, shown in setup_answers.ROUTES:
        paths[path] = {"post": _setup(name, path, (ORGANISERS, summary), (shown, shapes))}
    paths.setdefault(_path(setup_answers.FILE[1]), {})["get"] = _event_file(shapes)
    paths.setdefault(_path(receipt.PATH), {})["post"] = _print(shapes)
    for path, method, operation in _lists(shapes):
        paths.setdefault(_path(path), {})[method] = operation
    for one in openapi_staff.operations():
        paths.setdefault(_path(one["path"]), {})[one["method"]] = _staff(one, shapes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tentqueue",
            "version": "1",
            "description": "The queue of a massage tent on race day. Errors are problem+json.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "staff": {"type": "apiKey", "in": "cookie", "name": "staff"},
            },
        },
    }


def _kinds() -> dict[str, Any]:
    kinds: dict[str, Any] = {f"body {route.name}": route.body for route in COMMANDS}
    kinds |= {f"answer {name}": kind for name, kind in answers.SHOWN.items()}
    kinds |= {f"read {name}": kind for name, kind in answers.READ.items()}
    kinds |= openapi_staff.kinds()
    return (
        kinds
        | setup_answers.KINDS
        | roster_answers.KINDS
        | {
            "feed": bodies.Finishers,
            "find": bodies.Find,
            "push": bodies.Push,
            "print": bodies.Print,
            "found": answers.Found,
            "fed": answers.FeedView,
            "problem": answers.Problem,
        }
    )


def _path(rule: str) -> str:
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


def _operation(name: str, rule: str, about: tuple[Audience, str]) -> dict[str, Any]:
    who, summary = about
    open_to_all = who in (ANYONE, NEWCOMERS)
    return {
        "operationId": name,
        "summary": summary,
        "description": f"For {who.words}.",
        "parameters": _parameters(rule),
        "security": [*([{}] if open_to_all else []), {"bearer": []}, {"staff": []}],
    }


def _command(route: Route, shapes: dict[str, Any]) -> dict[str, Any]:
    operation = _operation(route.name, route.path, (route.who, route.summary))
    operation["parameters"].append(_KEY)
    operation["requestBody"] = _body(shapes[f"body {route.name}"], route.body is not bodies.Nothing)
    operation["responses"] = _answers(
        str(route.status), shapes[f"answer {route.shows}"], shapes, PROBLEMS
    )
    return operation


def _feed(shapes: dict[str, Any]) -> dict[str, Any]:
    operation = _operation(
        "finishers", feed.PATH, (feed.WHO, "Live finish feed from a timing system")
    )
    operation["parameters"].append(_KEY)
    operation["requestBody"] = _body(shapes["feed"], True)
    operation["responses"] = _answers("200", shapes["fed"], shapes, PROBLEMS)
    return operation


def _find(shapes: dict[str, Any]) -> dict[str, Any]:
    operation = _operation("find", FIND[0], FIND[1:])
    operation["requestBody"] = _body(shapes["find"], True)
    operation["responses"] = _answers("200", shapes["found"], shapes, PROBLEMS)
    return operation


def _read(
    name: str, path: str, about: tuple[Audience, str], shapes: dict[str, Any]
) -> dict[str, Any]:
    operation = _operation(f"read {name}".replace(" ", "-"), path, about)
    if name == "journal":
        operation["parameters"].append(_SINCE)
    problems = {status: PROBLEMS[status] for status in READ_PROBLEMS}
    operation["responses"] = _answers("200", shapes[f"read {name}"], shapes, problems)
    return operation


def _push(shapes: dict[str, Any]) -> dict[str, Any]:
    about = (push.WHO, "Tell this phone of its call while the page is closed")
    operation = _operation("push", push.PATH, about)
    operation["requestBody"] = _body(shapes["push"], True)
    answers_to = _answers("204", {}, shapes, PROBLEMS)
    operation["responses"] = answers_to | {"204": {"description": "Done"}}
    return operation


def _setup(
    name: str, path: str, about: tuple[Audience, str], shown: tuple[str, dict[str, Any]]
) -> dict[str, Any]:
    answer, shapes = shown
    operation = _operation(name, path, about)
    operation["requestBody"] = _body(shapes["setup"], False)
    operation["responses"] = _answers("200", shapes[answer], shapes, PROBLEMS)
    return operation


def _event_file(shapes: dict[str, Any]) -> dict[str, Any]:
    name, path, summary = setup_answers.FILE
    operation = _operation(name, path, (ORGANISERS, summary))
    problems = {status: PROBLEMS[status] for status in READ_PROBLEMS}
    operation["responses"] = _answers("200", {}, shapes, problems) | setup_answers.TOML
    return operation


def _print(shapes: dict[str, Any]) -> dict[str, Any]:
    operation = _operation("print", receipt.PATH, (receipt.WHO, "A ticket on the tent's printer"))
    operation["requestBody"] = _body(shapes["print"], False)
    answers_to = _answers("204", {}, shapes, PROBLEMS)
    operation["responses"] = answers_to | {"204": {"description": "Printed"}}
    return operation


def _lists(shapes: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """The operations on uploaded lists: path, method and what the document says."""
    state = shapes["list state"]
    name, path, summary = roster_answers.UPLOAD
    upload = _operation(name, path, (ORGANISERS, summary))
    upload["parameters"].append(roster_answers.KIND)
    upload["requestBody"] = roster_answers.FILE
    upload["responses"] = _answers("201", state, shapes, PROBLEMS)
    name, looked, summary = roster_answers.STATE
    look = _operation(name, looked, (ORGANISERS, summary))
    problems = {status: PROBLEMS[status] for status in (*READ_PROBLEMS, "429")}
    look["responses"] = _answers("200", state, shapes, problems)
    found = [(path, "post", upload), (looked, "get", look)]
    for name, path, summary in roster_answers.ROUTES:
        begin = _operation(name, path, (ORGANISERS, summary))
        begin["requestBody"] = _body(shapes["list"], True)
        begin["responses"] = _answers("200", state, shapes, PROBLEMS)
        found.append((path, "post", begin))
    return found


def _staff(one: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    name = one["name"]
    operation = _operation(f"staff-{name}", one["path"], one["about"])
    operation["parameters"] += one["parameters"]
    if one["method"] == "post":
        operation["requestBody"] = _body(shapes[f"staff body {name}"], one["required"])
    problems = PROBLEMS | openapi_staff.GONE
    operation["responses"] = _answers("200", shapes[f"staff {name}"], shapes, problems)
    return operation


def _body(shape: dict[str, Any], required: bool) -> dict[str, Any]:
    return {"required": required, "content": {"application/json": {"schema": shape}}}


def _answers(
    status: str, shape: dict[str, Any], shapes: dict[str, Any], problems: dict[str, str]
) -> dict[str, Any]:
    good = {status: {"description": "Done", "content": {"application/json": {"schema": shape}}}}
    wrong = {
        code: {
            "description": text,
            "content": {"application/problem+json": {"schema": shapes["problem"]}},
        }
        for code, text in problems.items()
    }
    return good | wrong
