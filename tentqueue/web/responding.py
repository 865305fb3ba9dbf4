"""Answers that no cache may keep: what the tent tells is old in a second, and often somebody's.

Never decides what is told.
"""

from __future__ import annotations

from flask import Response


def respond(body: bytes, status: int = 200) -> Response:
    """Answer with JSON."""
    return unkept(Response(body, status, mimetype="application/json"))


def download(body: bytes, mimetype: str, name: str) -> Response:
    """Answer with a file that the browser keeps under `name`."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return unkept(response)


def unkept(response: Response) -> Response:
    """Let no cache keep an answer."""
    response.headers["Cache-Control"] = "no-store"
    return response
