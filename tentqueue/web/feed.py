"""The live finish feed of a timing system: many finishes in one request, each one command.

A finish that came before is ignored by the tent, so sending a batch again is harmless.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import gevent.pool
import msgspec
from flask import Blueprint, Response, request

from tentqueue.domain.commands import RecordFinish
from tentqueue.domain.errors import Refusal
from tentqueue.services.asker import Asker
from tentqueue.services.race_day import KeyReused, RaceDay
from tentqueue.web import audience, bodies, origin
from tentqueue.web.asking import instant, text
from tentqueue.web.calls import digest, idempotency_key, respond
from tentqueue.web.context import Context
from tentqueue.web.reading import LARGEST_FEED, parse, read_bytes

PATH = "/api/v1/events/<slug>/finishers"
WHO = audience.ORGANISERS
AT_ONCE = 32
ANSWERS_KEPT = 256


class Answers:
    """The last batches' answers by idempotency key: the effect needs none, the answer does."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()

    def known(self, slug: str, key: str | None, mark: bytes) -> bytes | None:
        """Return the answer given before. Raises: KeyReused for a different batch."""
        kept = self._kept.get((slug, key or ""))
        if kept is not None and kept[0] != mark:
            raise KeyReused(key)
        return kept[1] if kept else None

    def keep(self, slug: str, key: str | None, mark: bytes, answer: bytes) -> None:
        """Remember an answer for a while."""
        if key is not None:
            self._kept[slug, key] = (mark, answer)
            while len(self._kept) > ANSWERS_KEPT:
                self._kept.popitem(last=False)


def blueprint(context: Context) -> Blueprint:
    """Make the route of the finish feed."""
    routes, answers = Blueprint("feed", __name__), Answers()

    @routes.post(PATH)
    def finishers(slug: str) -> Response:
        raw = read_bytes(request, LARGEST_FEED)
        origin.check(request, context.public_url)
        day = context.tents.of(slug)
        asker = context.auth.asker(request, slug)
        WHO.admit(asker)
        context.limits.ask(asker, context.caller(request))
        key, mark = idempotency_key(request), digest(request, raw, (asker.label,))
        known = answers.known(slug, key, mark)
        if known is None:
            known = msgspec.json.encode(
                _take(context, (slug, day, asker), _commands(context, slug, raw))
            )
            answers.keep(slug, key, mark, known)
        return respond(known)

    return routes


def _commands(context: Context, slug: str, raw: bytes) -> list[tuple[str, RecordFinish]]:
    """Read the whole batch first: one wrong line, and nothing of it is taken."""
    batch: list[bodies.Finisher] = parse(raw, bodies.Finishers)
    lines = []
    for line in batch:
        bib = text(line.bib, "bib", 16).upper()
        at = instant(line.finished_at, "finished_at")
        assert at is not None
        lines.append((bib, RecordFinish(context.runners.tag(slug, bib), at)))
    return lines


def _take(
    context: Context, where: tuple[str, RaceDay, Asker], lines: list[tuple[str, RecordFinish]]
) -> dict[str, Any]:
    _, day, asker = where

    def one(line: tuple[str, RecordFinish]) -> dict[str, Any] | None:
        bib, command = line
        try:
            return {"bib": bib, "taken": bool(day.handle(command, asker).events)}
        except Refusal as refusal:
            return {"bib": bib, "code": refusal.code, "detail": str(refusal.sentence)}

    results = gevent.pool.Pool(AT_ONCE).map(one, lines)
    refused = [r for r in results if "code" in r]
    return {
        "received": len(lines),
        "taken": sum(r.get("taken", False) for r in results),
        "refused": refused,
        "version": day.tent.version,
    }
