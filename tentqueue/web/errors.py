"""Every answer that is not a yes, as `application/problem+json` (RFC 9457).

Refusals of the tent and errors of the border get one shape: `type`, `title`, `status`, `detail`,
`code`, and `fields` for invalid input. Bugs become a plain 500 that tells nothing.
"""

from __future__ import annotations

import traceback
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from tentqueue.domain.errors import Refusal
from tentqueue.domain.said import Said
from tentqueue.services.answered import KeyReused
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.services.tents import UnknownEvent
from tentqueue.web.language import tell

log = structlog.get_logger(__name__)

NOT_FOUND = {"unknown_ticket", "unknown_therapist", "unknown_lane"}
INVALID = {
    "unknown_wave",
    "wave_needed",
    "consent_needed",
    "finish_out_of_range",
    "minutes_out_of_range",
    "reason_needed",
    "text_too_long",
    "wrong_time",
    "table_needed",
}
CODES = {
    400: "bad_request",
    401: "sign_in_needed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "json_only",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "busy",
    507: "storage_full",
}
SENTENCES = {
    404: Said("There is nothing at this address."),
    405: Said("This address does not take that method."),
    413: Said("The body is too large."),
    415: Said("Send JSON, with Content-Type: application/json."),
    500: Said("Something went wrong here. Nothing was changed. Try again, or ask at the desk."),
}


class Problem(Exception):
    """A request the border turns away; it never reached the tent. `detail` is told in the reader's
    language; one with gaps comes as `Said`."""

    def __init__(self, status: int, detail: str, code: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code or CODES[status]
        self.headers: dict[str, str] = extra.pop("headers", {})
        self.extra = extra


class Invalid(Problem):
    """Input that can't be taken; `fields` says which and why."""

    def __init__(self, fields: dict[str, str]) -> None:
        wrong = [Said("{field} {why}", field=name, why=why) for name, why in fields.items()]
        what = Said("Please correct: {what}.", what=Said.chain(wrong))
        super().__init__(422, what, fields=fields)


def answer(problem: Problem, title: str | None = None) -> Response:
    """Shape a problem as an HTTP answer."""
    extra = dict(problem.extra)
    if "fields" in extra:
        extra["fields"] = {name: tell(why) for name, why in extra["fields"].items()}
    g.problem = problem.code
    body = {
        "type": f"urn:tentqueue:{problem.code}",
        "title": title or HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": tell(problem.detail),
        "code": problem.code,
        **extra,
    }
    shaped = Response(
        msgspec.json.encode(body), problem.status, mimetype="application/problem+json"
    )
    shaped.headers.update(problem.headers)
    shaped.headers["Cache-Control"] = "no-store"
    if problem.status == 401:
        shaped.headers["WWW-Authenticate"] = "Bearer"
    return shaped


def of_refusal(refusal: Refusal) -> Problem:
    """Give a refusal of the tent its status: 404 for who is not there, 422 for input, else 409."""
    status = 404 if refusal.code in NOT_FOUND else 422 if refusal.code in INVALID else 409
    facts = {
        k: v
        for k, v in refusal.facts.items()
        if k not in ("field", "status", "code", "title", "detail", "type")
    }
    field = refusal.facts.get("field")
    if status == 422:
        facts["fields"] = {field or "consent": refusal.sentence}
    return Problem(status, refusal.sentence, refusal.code, **facts)


def of_http(error: HTTPException) -> Problem:
    """Word an error of the web framework."""
    status = error.code or 500
    extra: dict[str, Any] = {}
    allow = getattr(error, "valid_methods", None)
    if allow:
        extra["headers"] = {"Allow": ", ".join(sorted(allow))}
    code = CODES.get(status, "bad_request" if status < 500 else "internal_error")
    return Problem(
        status, SENTENCES.get(status, error.description or "Not possible."), code, **extra
    )


def http_answer(error: HTTPException) -> Response:
    """Answer an error of the web framework; redirects and ready answers stay as they are."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]
    return answer(of_http(error))


EXPECTED: dict[type[Exception], Problem] = {
    UnknownEvent: Problem(404, "There is no such event here.", "unknown_event"),
    KeyReused: Problem(
        409,
        "This Idempotency-Key was used for another request. Use a new one.",
        "idempotency_key_reused",
    ),
    StorageFull: Problem(
        507,
        "The disk is full. Nothing was changed. Free some space, then try again.",
        headers={"Retry-After": "10"},
    ),
    StorageBusy: Problem(
        503,
        "The database is busy. Nothing was changed. Try again in a moment.",
        headers={"Retry-After": "1"},
    ),
}
"""What can go wrong inside without being a refusal or a bug."""


def _expected(problem: Problem, _: Exception) -> Response:
    return answer(problem)


def install(app: Flask) -> None:
    """Answer every error of `app` in this shape."""

    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        return answer(problem)

    @app.errorhandler(Refusal)
    def _refusal(refusal: Refusal) -> Response:
        return answer(of_refusal(refusal), refusal.title)

    for kind, problem in EXPECTED.items():
        app.register_error_handler(kind, partial(_expected, problem))

    app.register_error_handler(HTTPException, http_answer)

    @app.errorhandler(Exception)
    def _bug(error: Exception) -> Response:
        # The plain trace, without the values of variables: those may be keys or names.
        facts = {"route": str(request.url_rule), "method": request.method}
        log.error("bug", **facts, trace=traceback.format_exc())
        return answer(Problem(500, SENTENCES[500]))
