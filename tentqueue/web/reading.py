"""From the bytes of a request to a typed body, or to a clear 4xx that names every wrong field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

import gevent
import msgspec
from flask import Request

from tentqueue.domain.said import Said
from tentqueue.head import BODY_CAME
from tentqueue.web.errors import Invalid, Problem

T = TypeVar("T")
LARGEST_BODY = 16 * 1024
LARGEST_FEED = 256 * 1024
BODY_WITHIN_S = 60.0
"""How long a body may take: the largest feed needs 33 s at 64 kbit/s."""


@lru_cache(maxsize=64)
def decoder_of(kind: Any) -> msgspec.json.Decoder[Any]:
    """The decoder of a body type, built once."""
    return msgspec.json.Decoder(kind)


def read_bytes(request: Request, largest: int) -> bytes:
    """Return the body's bytes. Raises: Problem 413 over `largest`, 415 for anything but JSON."""
    length = request.content_length
    if (length or 0) > largest:
        raise _too_large(largest)
    if length is not None and BODY_CAME in request.environ:
        raw = _exactly(request, length)
    else:
        with _patience():
            raw = _chunked(request, largest) if length is None else _exactly(request, length)
    declared = request.content_type
    if declared is None and not raw:
        return b"{}"
    if declared != "application/json" and request.mimetype != "application/json":
        raise Problem(415, "Send JSON, with Content-Type: application/json.")
    return raw or b"{}"


@contextmanager
def _patience() -> Iterator[None]:
    """Wait for a body for as long as it may take. Raises: Problem 408, 400 when it ends early."""
    try:
        with gevent.Timeout(BODY_WITHIN_S, TimeoutError):
            yield
    except TimeoutError:
        raise Problem(408, "The body took too long. Send it again.") from None
    except OSError:
        raise _ended_early() from None


def _exactly(request: Request, length: int) -> bytes:
    raw: bytes = request.environ["wsgi.input"].read(length)
    if len(raw) < length:
        raise _ended_early()
    return raw


def _ended_early() -> Problem:
    return Problem(400, "The body ended early. Send it again.")


def _chunked(request: Request, largest: int) -> bytes:
    request.max_content_length = largest
    raw = request.get_data(cache=True)
    if len(raw) > largest:
        raise _too_large(largest)
    return raw


def _too_large(largest: int) -> Problem:
    return Problem(413, Said("The body is too large: at most {kb} kB.", kb=largest // 1024))


def parse(raw: bytes, kind: type[T]) -> T:
    """Return `raw` as a `kind`. Raises: Problem 400 for what is not JSON, Invalid (422)."""
    try:
        body: T = decoder_of(kind).decode(raw)  # type: ignore[arg-type]
        return body
    except msgspec.ValidationError as error:
        raise Invalid(problems_of(raw, kind, error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(400, "The body is not valid JSON.", "malformed_json") from None


def problems_of(raw: bytes, kind: Any, first: msgspec.ValidationError) -> dict[str, str]:
    """Say what is wrong with each field of `raw` as a `kind`."""
    try:
        document = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(400, "The body is not valid JSON.", "malformed_json") from None
    if not isinstance(document, dict) or not isinstance(kind, type):
        return {_place(first): _worded(first)}
    found: dict[str, str] = {}
    known = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in known.items():
        if name not in document:
            if field.required:
                found[name] = "is missing"
            continue
        if wrong := _wrong(document[name], field.type):
            found[name] = wrong
    found |= {
        _short(name): "is not a field of this command" for name in document if name not in known
    }
    return found or {_place(first): _worded(first)}


def _wrong(value: Any, kind: Any) -> str | None:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return _worded(error)
    return None


def _worded(error: msgspec.ValidationError) -> str:
    """msgspec's sentence without its path: `Expected int, got str`."""
    text = str(error).split(" - at ")[0].replace("`", "")
    return text[:1].lower() + text[1:200]


def _place(error: msgspec.ValidationError) -> str:
    path = str(error).rsplit(" - at ", 1)
    return path[1].strip("`").removeprefix("$") or "body" if len(path) == 2 else "body"


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:40] + "…"
