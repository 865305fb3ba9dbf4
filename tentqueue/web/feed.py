"""The live finish feed of a timing system: many finishes in one request.

Every finish is kept in the roster before anybody is told of it, so one that comes before its
runner's join is found by the join. One that came before changes nothing: sending a batch again is
harmless, and under the same key it is answered the same, after a restart too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gevent.pool
import msgspec
from flask import Blueprint, Response, request

from tentqueue.domain.commands import RecordFinish
from tentqueue.domain.errors import Refusal
from tentqueue.domain.intake import ready_after
from tentqueue.domain.model import Instant
from tentqueue.services.answered import KeyReused
from tentqueue.services.asker import Asker
from tentqueue.services.race_day import RaceDay
from tentqueue.services.roster.listed import LONGEST_BIB, Listed
from tentqueue.web import audience, bodies, origin
from tentqueue.web.asking import instant, text
from tentqueue.web.context import Context
from tentqueue.web.idempotency import digest_of, key_of
from tentqueue.web.reading import LARGEST_FEED, parse, read_bytes
from tentqueue.web.responding import respond

PATH = "/api/v1/events/<slug>/finishers"
WHO = audience.ORGANISERS
AT_ONCE = 32


@dataclass(frozen=True)
class Batch:
    """One request of the feed, admitted and read."""

    slug: str
    day: RaceDay
    asker: Asker
    lines: list[tuple[str, Instant]]


def blueprint(context: Context) -> Blueprint:
    """Make the route of the finish feed."""
    routes = Blueprint("feed", __name__)

    @routes.post(PATH)
    def finishers(slug: str) -> Response:
        raw = read_bytes(request, LARGEST_FEED)
        origin.check(request, context.public_url)
        day = context.tents.of(slug)
        asker = context.auth.asker(request, slug)
        WHO.admit(asker)
        context.limits.ask(asker, context.caller(request))
        key, mark = key_of(request), digest_of(request, raw, (asker.label,))
        if (known := _known(context, slug, key, mark)) is not None:
            return respond(known)
        answer = msgspec.json.encode(_take(context, Batch(slug, day, asker, _lines(raw))))
        if key is not None:
            context.feed_answers.keep(slug, key, mark, answer, context.clock.now())
        return respond(answer)

    return routes


def _known(context: Context, slug: str, key: str | None, mark: bytes) -> bytes | None:
    """The answer given before. Raises: KeyReused for a different batch."""
    kept = context.feed_answers.known(slug, key) if key is not None else None
    if kept is not None and kept[0] != mark:
        raise KeyReused(key)
    return kept[1] if kept else None


def _lines(raw: bytes) -> list[tuple[str, Instant]]:
    """Read the whole batch first: one wrong line, and nothing of it is taken."""
    batch: list[bodies.Finisher] = parse(raw, bodies.Finishers)
    lines = []
    for line in batch:
        bib = text(line.bib, "bib", LONGEST_BIB).upper()
        at = instant(line.finished_at, "finished_at")
        assert at is not None
        lines.append((bib, at))
    return lines


def _take(context: Context, batch: Batch) -> dict[str, Any]:
    usable, refused = _sorted_out(context, batch)
    noted = context.rosters.note(batch.slug, [Listed(bib, finished_at=at) for bib, at in usable])
    told = gevent.pool.Pool(AT_ONCE).map(lambda line: _tell(context, batch, line), usable)
    refused += [answer for answer in told if isinstance(answer, dict)]
    return {
        "received": len(batch.lines),
        "taken": sum(answer is True for answer in told),
        "noted": noted,
        "refused": refused,
        "version": batch.day.tent.version,
    }


def _sorted_out(
    context: Context, batch: Batch
) -> tuple[list[tuple[str, Instant]], list[dict[str, Any]]]:
    """Set aside finishes that can't be: to come, or of another day."""
    usable, refused = [], []
    for bib, at in batch.lines:
        try:
            ready_after(batch.day.tent, at, context.clock.now())
            usable.append((bib, at))
        except Refusal as refusal:
            refused.append(_refused(bib, refusal))
    return usable, refused


def _tell(context: Context, batch: Batch, line: tuple[str, Instant]) -> bool | dict[str, Any]:
    """Hand one finish to the tent: whether a ticket waited for it, or why not."""
    bib, at = line
    command = RecordFinish(context.runners.tag(batch.slug, bib), at)
    try:
        return bool(batch.day.handle(command, batch.asker).events)
    except Refusal as refusal:
        return _refused(bib, refusal)


def _refused(bib: str, refusal: Refusal) -> dict[str, Any]:
    return {"bib": bib, "code": refusal.code, "detail": str(refusal.sentence)}
