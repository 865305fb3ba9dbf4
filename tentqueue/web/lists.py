"""Start lists and results uploaded by organisers: the page, the file, its reading and its taking.

The file streams to the disk; reading and taking go on beside, and the page asks how far they are.
"""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.said import Said
from tentqueue.services.roster.check import Choices
from tentqueue.services.roster.columns import SENTENCES
from tentqueue.services.roster.list_state import ListState
from tentqueue.services.roster.lists import Lists, TooLarge, UnknownList, in_chunks
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.source import DELIMITERS, ENCODINGS, LARGEST_FILE
from tentqueue.web import audience, bodies, organisers, origin
from tentqueue.web.asking import EVENT
from tentqueue.web.context import Context
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.language import language_of, tell, teller
from tentqueue.web.reading import LARGEST_BODY, parse, read_bytes
from tentqueue.web.responding import respond

PAGE = "/<slug>/roster"
FILES = f"{EVENT}/roster/files"
FILE, CHECK, TAKE = f"{FILES}/<file>", f"{FILES}/<file>/check", f"{FILES}/<file>/take"
WHO = audience.ORGANISERS
TYPES = ("text/csv", "application/octet-stream")


def blueprint(context: Context) -> Blueprint:
    """Make the page and its routes."""
    routes = Blueprint("lists", __name__)
    routes.add_url_rule(PAGE, "page", lambda slug: _page(context, slug))
    routes.add_url_rule(FILES, "upload", lambda slug: _upload(context, slug), methods=["POST"])
    routes.add_url_rule(FILE, "state", lambda slug, file: _state(context, slug, file))
    for path, name in ((CHECK, "check"), (TAKE, "take")):
        routes.add_url_rule(path, name, _beginning(context, name == "take"), methods=["POST"])
    return routes


def _page(context: Context, slug: str) -> BaseResponse:
    return organisers.page(
        context,
        slug,
        "roster.html",
        lambda *_: {
            "count": context.rosters.table.count(slug),
            "meanings": {str(meaning): tell(words) for meaning, words in SENTENCES.items()},
            "encodings": ENCODINGS,
            "delimiters": DELIMITERS,
            "most_mb": LARGEST_FILE // 1_048_576,
        },
    )


def _upload(context: Context, slug: str) -> Response:
    # Before a byte of it is read: who may not upload must not fill the disk.
    origin.check(request, context.public_url)
    _admit(context, slug)
    kind = request.args.get("kind", "")
    if kind not in list(Kind):
        raise Invalid({"kind": Said("must be starts or results")})
    if request.mimetype not in TYPES:
        raise Problem(415, "Send the file itself, with Content-Type: text/csv.")
    if (request.content_length or 0) > LARGEST_FILE:
        raise _too_large()
    request.max_content_length = LARGEST_FILE + 1
    try:
        state = _lists(context).receive(slug, Kind(kind), in_chunks(request.stream.read))
    except TooLarge:
        raise _too_large() from None
    return _shown(state, 201)


def _state(context: Context, slug: str, file: str) -> Response:
    _admit(context, slug)
    return _shown(_found(context, slug, file))


def _beginning(context: Context, taking: bool) -> Any:
    def begin(slug: str, file: str) -> Response:
        raw = read_bytes(request, LARGEST_BODY)
        origin.check(request, context.public_url)
        _admit(context, slug)
        body = parse(raw, bodies.RosterFile)
        _found(context, slug, file)
        columns = {str(means): str(n) if n else "" for means, n in body.columns.items()}
        choices = Choices(body.kind, columns, body.encoding, body.delimiter)
        say = teller(language_of(request))
        return _shown(_lists(context).begin(slug, file, choices, taking, say))

    return begin


def _admit(context: Context, slug: str) -> None:
    context.tents.of(slug)
    asker = context.auth.asker(request, slug)
    WHO.admit(asker)
    context.limits.ask(asker, context.caller(request))


def _lists(context: Context) -> Lists:
    assert context.lists is not None
    return context.lists


def _found(context: Context, slug: str, file: str) -> ListState:
    try:
        return _lists(context).state(slug, file)
    except UnknownList:
        raise Problem(404, "This list is gone. Choose its file again.", "unknown_list") from None


def _too_large() -> Problem:
    return Problem(
        413,
        Said(
            "The file is over {mb} MB. Leave columns out, or split it by contest.",
            mb=LARGEST_FILE // 1_048_576,
        ),
    )


def _shown(state: ListState, status: int = 200) -> Response:
    return respond(msgspec.json.encode(state), status)
