"""Where the OpenAPI document is served, and its readable page."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, render_template


def document() -> dict[str, Any]:
    """The document; what it is drawn by is loaded when somebody asks for it."""
    from tentqueue.web import openapi

    return openapi.document()


def blueprint() -> Blueprint:
    """Make the routes of the document and its page."""
    routes = Blueprint("openapi", __name__)

    @routes.get("/api/openapi.json")
    def openapi() -> Response:
        return Response(msgspec.json.encode(document()), mimetype="application/json")

    @routes.get("/api/docs")
    def docs() -> str:
        return render_template("docs.html", operations=_operations(), info=document()["info"])

    return routes


def _operations() -> list[dict[str, Any]]:
    """The operations as the page shows them, in the order of the table."""
    schemas = document()["components"]["schemas"]
    return [
        {
            "method": method.upper(),
            "path": path,
            **operation,
            "fields": _fields(operation.get("requestBody"), schemas),
        }
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def _fields(body: dict[str, Any] | None, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    sent = body["content"].get("application/json") if body else None
    if sent is None:
        return []
    schema = _resolved(sent["schema"], schemas)
    schema = _resolved(schema.get("items", schema), schemas)
    needed = schema.get("required", [])
    return [
        {"name": name, "required": name in needed, "type": _type_words(about, schemas)}
        for name, about in schema.get("properties", {}).items()
    ]


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    found: dict[str, Any] = schemas[reference.rsplit("/", 1)[1]] if reference else schema
    return found


def _type_words(about: dict[str, Any], schemas: dict[str, Any]) -> str:
    about = _resolved(about, schemas)
    if "anyOf" in about:
        return " or ".join(_type_words(one, schemas) for one in about["anyOf"])
    if "enum" in about:
        return ", ".join(map(str, about["enum"]))
    if about.get("type") == "array" and "items" in about:
        return f"list of {_type_words(about['items'], schemas)}"
    return str(about.get("format", about.get("type", "any")))
