"""Setting an event up in the browser: the event file as a page. Decides nothing about the tent.

The page and the file are one: what the page sends is the file's tables, checked by the file's own
reader, so a problem has the same words in both.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import msgspec
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.languages import LANGUAGES
from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.rules import LANE_DEFAULTS, MEDICAL, LaneRules, TentRules, specs
from tentqueue.domain.said import Said
from tentqueue.services.asker import Asker
from tentqueue.services.event_file import Problem as FileProblem
from tentqueue.services.event_file import write_event
from tentqueue.services.event_file.draft import Checked, check_draft, check_text, copied, draft_of
from tentqueue.web import audience, bodies, origin
from tentqueue.web.asking import EVENT
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.language import tell
from tentqueue.web.reading import LARGEST_FEED, parse, read_bytes
from tentqueue.web.responding import download, respond

WHO = audience.ORGANISERS
CHECK, SAVE, FILE = "/api/v1/setup/check", "/api/v1/setup", f"{EVENT}/file"
NEW = "new"
"""Stands for an event that is not there yet."""


def blueprint(context: Context) -> Blueprint:
    """Make the page and its routes."""
    routes = Blueprint("event_setup", __name__)
    routes.add_url_rule("/setup/event", "page", lambda: _page(context, None))
    routes.add_url_rule("/<slug>/setup", "change", lambda slug: _page(context, slug))
    routes.add_url_rule(FILE, "file", lambda slug: _file(context, slug))
    routes.add_url_rule(CHECK, "check", lambda: _check(context), methods=["POST"])
    routes.add_url_rule(SAVE, "save", lambda: _save(context), methods=["POST"])
    return routes


def _page(context: Context, slug: str | None) -> BaseResponse:
    event = context.tents.of(slug).tent.event if slug else None
    try:
        admit(context, slug)
    except Problem:
        at = slug or next(iter(context.tents.slugs()), None)
        return redirect(url_for("pages.signin", slug=at, to="setup") if at else "/setup", 303)
    draft = draft_of(event) if event else _copy(context) or _blank()
    return make_response(
        render_template(
            "event.html",
            event=event,
            draft=msgspec.json.encode(draft).decode(),
            events=[context.tents.of(known).tent.event for known in context.tents.slugs()],
            zones=_zones(),
            spoken=LANGUAGES,
            lanes=[_lane_form(name) for name in LaneName],
            rules=rule_forms(),
        )
    )


def _copy(context: Context) -> dict[str, Any] | None:
    """The draft of `?copy=SLUG`: last year's event with its day to be named."""
    wanted = request.args.get("copy")
    if wanted is None:
        return None
    admit(context, wanted)
    event = context.tents.of(wanted).tent.event
    day = date.fromisoformat(event.date)
    draft = copied(event, "", day.replace(year=day.year + 1, day=min(day.day, 28)))
    del draft["event"]["date"]
    # Last year's lead has confirmed last year's rules.
    draft.pop("medical", None)
    return draft


def _blank() -> dict[str, Any]:
    return {"event": {"tables": 4}, "contest": [{"wave": [{}]}], "lane": {}, "therapist": []}


def admit(context: Context, slug: str | None) -> Asker:
    """Let organisers pass; a new event needs one of the whole server. Raises: Problem."""
    asker = context.auth.asker(request, slug or NEW)
    WHO.admit(asker)
    return asker


def _file(context: Context, slug: str) -> Response:
    event = context.tents.of(slug).tent.event
    admit(context, slug)
    return download(write_event(event).encode(), "application/toml", f"{slug}.toml")


def _read(context: Context) -> tuple[bodies.Setup, Asker, Checked]:
    raw = read_bytes(request, LARGEST_FEED)
    origin.check(request, context.public_url)
    body = parse(raw, bodies.Setup)
    asker = admit(context, body.event)
    context.limits.ask(asker, context.caller(request))
    return body, asker, check_draft(body.file) if body.toml is None else check_text(body.toml)


def _check(context: Context) -> Response:
    body, _, checked = _read(context)
    problems = [*checked.problems, *_clash(context, body.event, checked.event)]
    return respond(
        msgspec.json.encode(
            {
                "file": checked.draft,
                "toml": checked.toml,
                "problems": [_shape(one) for one in problems],
                "warnings": [_shape(one) for one in checked.warnings],
            }
        )
    )


def _save(context: Context) -> Response:
    body, asker, checked = _read(context)
    problems = [*checked.problems, *_clash(context, body.event, checked.event)]
    if problems or checked.event is None:
        fields = {one.field: one.what for one in problems}
        raise Problem(
            422, "Something is missing still. Mend what is marked.", "invalid", fields=fields
        )
    event = checked.event
    day = context.define(event, asker)
    return respond(
        msgspec.json.encode(
            {
                "slug": event.slug,
                "version": day.tent.version,
                "to": url_for("pages.staff", slug=event.slug, screen="organiser"),
            }
        )
    )


def _clash(context: Context, slug: str | None, event: RaceEvent | None) -> list[FileProblem]:
    """A slug is an address: it never changes, and a new event never takes another's."""
    if event is None:
        return []
    if slug is None and event.slug in set(context.tents.slugs()):
        what = Said("is another event's already; choose another")
        return [FileProblem("", 0, "event.slug", what)]
    if slug is not None and event.slug != slug:
        what = Said(
            "must stay {slug}: it is on posters; copy the event to give it another", slug=slug
        )
        return [FileProblem("", 0, "event.slug", what)]
    return []


def _shape(problem: FileProblem) -> dict[str, Any]:
    return {"field": problem.field, "what": tell(problem.what), "line": problem.line}


@cache
def _zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone)


def _lane_form(name: LaneName) -> dict[str, Any]:
    given = LANE_DEFAULTS[name]
    numbers = [
        _form(key, spec.metadata, getattr(given, key), spec.type == "int")
        for key, spec in specs(LaneRules).items()
    ]
    return {"name": name.value, "numbers": numbers}


def rule_forms() -> list[dict[str, Any]]:
    """The tent's rules in the order of the domain page, those of the medical lead marked."""
    return [
        _form(key, spec.metadata, spec.default, spec.type == "int")
        for key, spec in specs(TentRules).items()
    ]


def _form(key: str, about: Any, default: Any, whole: bool) -> dict[str, Any]:
    return {
        "key": key,
        "why": about["why"],
        "unit": about["unit"],
        "default": default,
        "low": about.get("low"),
        "high": about.get("high"),
        "step": 1 if whole else "any",
        "switch": about["unit"] == "yes/no",
        "medical": about["rule"] in MEDICAL,
    }
