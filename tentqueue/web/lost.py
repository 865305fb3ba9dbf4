"""What people see at an address that leads nowhere, or when the server can't: words, in the house's
look. Programs get the same as problem+json.
"""

from __future__ import annotations

import traceback

import structlog
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from tentqueue.domain.errors import UnknownTicket
from tentqueue.services.ledger import StorageBusy
from tentqueue.services.tents import UnknownEvent
from tentqueue.web import errors

log = structlog.get_logger(__name__)
STATUS = {"event": 404, "ticket": 404, "page": 404, "busy": 503, "trouble": 500}


def install(pages: Blueprint) -> None:
    """Answer with a page whatever goes wrong behind a page, and addresses nobody knows."""
    pages.register_error_handler(UnknownEvent, lambda _: lost("event"))
    pages.register_error_handler(UnknownTicket, lambda _: lost("ticket"))
    pages.register_error_handler(StorageBusy, lambda _: lost("busy"))
    pages.register_error_handler(HTTPException, errors.http_answer)
    pages.register_error_handler(Exception, _bug)
    pages.app_errorhandler(404)(_nowhere)


def lost(what: str) -> Response:
    """Make the page; `what` is a key of STATUS."""
    # Browsers ask for an icon by themselves: a page in its place is weight that nobody reads.
    if request.headers.get("Accept", "").startswith("image/"):
        return make_response("", STATUS[what])
    page = make_response(render_template("lost.html", what=what), STATUS[what])
    if what == "busy":
        page.headers["Retry-After"] = "2"
    return page


def _nowhere(error: HTTPException) -> Response:
    wants = request.accept_mimetypes.best_match(["application/json", "text/html"])
    if wants == "text/html" and not request.path.startswith("/api/"):
        return lost("page")
    return errors.answer(errors.of_http(error))


def _bug(error: Exception) -> Response:
    log.error("bug", path=request.path, method=request.method, trace=traceback.format_exc())
    return lost("trouble")
