"""The OpenAPI 3.1 document, drawn from the tables that serve it."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

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
from tentqueue.web.audience import ORGANISERS, Audience
from tentqueue.web.commands import COMMANDS
from tentqueue.web.openapi_operation import (
    PROBLEMS,
    READ_PROBLEMS,
    answers_of,
    body_of,
    operation_of,
    path_of,
)

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


@cache
def document() -> dict[str, Any]:
    """Draw the whole document."""
    kinds = _kinds()
    refs, components = msgspec.json.schema_components(list(kinds.values()), ref_template=_REF)
    shapes = dict(zip(kinds, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in COMMANDS:
        paths.setdefault(path_of(route.path), {})["post"] = _command(route, shapes)
    paths.setdefault(path_of(feed.PATH), {})["post"] = _feed(shapes)
    paths.setdefault(path_of(FIND[0]), {})["post"] = _find(shapes)
    for name, (path, who, summary) in READS.items():
        paths.setdefault(path_of(path), {})["get"] = _read(name, path, (who, summary), shapes)
    paths.setdefault(path_of(push.PATH), {})["post"] = _push(shapes)
    for name, path, summary, shown in setup_answers.ROUTES:
        paths[path] = {"post": _setup(name, path, (ORGANISERS, summary), (shown, shapes))}
    paths.setdefault(path_of(setup_answers.FILE[1]), {})["get"] = _event_file(shapes)
    paths.setdefault(path_of(receipt.PATH), {})["post"] = _print(shapes)
    for path, method, operation in _lists(shapes):
        paths.setdefault(path_of(path), {})[method] = operation
    for one in openapi_staff.operations():
        paths.setdefault(path_of(one["path"]), {})[one["method"]] = _staff(one, shapes)
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


def _command(route: Route, shapes: dict[str, Any]) -> dict[str, Any]:
    operation = operation_of(route.name, route.path, (route.who, route.summary))
    operation["parameters"].append(_KEY)
    operation["requestBody"] = body_of(
        shapes[f"body {route.name}"], route.body is not bodies.Nothing
    )
    shown = shapes[f"answer {route.shows}"]
    operation["responses"] = answers_of(str(route.status), shown, shapes, PROBLEMS)
    return operation


def _feed(shapes: dict[str, Any]) -> dict[str, Any]:
    operation = operation_of(
        "finishers", feed.PATH, (feed.WHO, "Live finish feed from a timing system")
    )
    operation["parameters"].append(_KEY)
    operation["requestBody"] = body_of(shapes["feed"], True)
    operation["responses"] = answers_of("200", shapes["fed"], shapes, PROBLEMS)
    return operation


def _find(shapes: dict[str, Any]) -> dict[str, Any]:
    operation = operation_of("find", FIND[0], FIND[1:])
    operation["requestBody"] = body_of(shapes["find"], True)
    operation["responses"] = answers_of("200", shapes["found"], shapes, PROBLEMS)
    return operation


def _read(
    name: str, path: str, about: tuple[Audience, str], shapes: dict[str, Any]
) -> dict[str, Any]:
    operation = operation_of(f"read {name}".replace(" ", "-"), path, about)
    if name == "journal":
        operation["parameters"].append(_SINCE)
    operation["responses"] = answers_of("200", shapes[f"read {name}"], shapes, READ_PROBLEMS)
    return operation


def _push(shapes: dict[str, Any]) -> dict[str, Any]:
    about = (push.WHO, "Tell this phone of its call while the page is closed")
    operation = operation_of("push", push.PATH, about)
    operation["requestBody"] = body_of(shapes["push"], True)
    answers_to = answers_of("204", {}, shapes, PROBLEMS)
    operation["responses"] = answers_to | {"204": {"description": "Done"}}
    return operation


def _setup(
    name: str, path: str, about: tuple[Audience, str], shown: tuple[str, dict[str, Any]]
) -> dict[str, Any]:
    answer, shapes = shown
    operation = operation_of(name, path, about)
    operation["requestBody"] = body_of(shapes["setup"], False)
    operation["responses"] = answers_of("200", shapes[answer], shapes, PROBLEMS)
    return operation


def _event_file(shapes: dict[str, Any]) -> dict[str, Any]:
    name, path, summary = setup_answers.FILE
    operation = operation_of(name, path, (ORGANISERS, summary))
    operation["responses"] = answers_of("200", {}, shapes, READ_PROBLEMS) | setup_answers.TOML
    return operation


def _print(shapes: dict[str, Any]) -> dict[str, Any]:
    operation = operation_of("print", receipt.PATH, (receipt.WHO, "A ticket on the tent's printer"))
    operation["requestBody"] = body_of(shapes["print"], False)
    answers_to = answers_of("204", {}, shapes, PROBLEMS)
    operation["responses"] = answers_to | {"204": {"description": "Printed"}}
    return operation


def _lists(shapes: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """The operations on uploaded lists: path, method and what the document says."""
    state = shapes["list state"]
    name, path, summary = roster_answers.UPLOAD
    upload = operation_of(name, path, (ORGANISERS, summary))
    upload["parameters"].append(roster_answers.KIND)
    upload["requestBody"] = roster_answers.FILE
    upload["responses"] = answers_of("201", state, shapes, PROBLEMS)
    name, looked, summary = roster_answers.STATE
    look = operation_of(name, looked, (ORGANISERS, summary))
    problems = READ_PROBLEMS | {"429": PROBLEMS["429"]}
    look["responses"] = answers_of("200", state, shapes, problems)
    found = [(path, "post", upload), (looked, "get", look)]
    for name, path, summary in roster_answers.ROUTES:
        begin = operation_of(name, path, (ORGANISERS, summary))
        begin["requestBody"] = body_of(shapes["list"], True)
        begin["responses"] = answers_of("200", state, shapes, PROBLEMS)
        found.append((path, "post", begin))
    return found


def _staff(one: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    name = one["name"]
    operation = operation_of(f"staff-{name}", one["path"], one["about"])
    operation["parameters"] += one["parameters"]
    if one["method"] == "post":
        operation["requestBody"] = body_of(shapes[f"staff body {name}"], one["required"])
    problems = PROBLEMS | openapi_staff.GONE
    operation["responses"] = answers_of("200", shapes[f"staff {name}"], shapes, problems)
    return operation
