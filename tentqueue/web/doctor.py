"""What to mend before the day, for organisers: the doctor's looks as a page. Mends nothing."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import gevent
from flask import Blueprint, url_for
from gevent.lock import BoundedSemaphore
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.said import Said
from tentqueue.screens.readiness import Finding, Urgency, by_urgency
from tentqueue.services.asker import Asker
from tentqueue.web import organisers
from tentqueue.web.context import Context
from tentqueue.web.language import tell

PATH = "/<slug>/doctor"
MENDED_AT = {
    "medical": ("event_setup.change", Said("Open the medical rules")),
    "people": ("event_setup.change", Said("Open the therapists")),
}
"""The screens where findings are mended; their parts have the findings' own names."""


def blueprint(context: Context) -> Blueprint:
    """The page; each time it is opened everything is looked over anew."""
    routes = Blueprint("doctor", __name__)
    one_at_a_time = BoundedSemaphore()

    def look(event: RaceEvent, _: Asker) -> dict[str, Any]:
        with one_at_a_time:
            # In a thread of its own: a long journal must not keep the tablets waiting.
            found = gevent.get_hub().threadpool.apply(context.look_over, (event.slug,))
        at = context.clock.now().astimezone(ZoneInfo(event.timezone))
        return {"looked_at": at, **_shown(event.slug, found)}

    @routes.get(PATH)
    def page(slug: str) -> BaseResponse:
        return organisers.page(context, slug, "doctor.html", look)

    return routes


def _shown(slug: str, found: list[Finding]) -> dict[str, Any]:
    """The findings in the reader's words: what to mend by its urgency, then what is well."""
    troubles = [_trouble(slug, number, one) for number, one in enumerate(by_urgency(found), 1)]
    kinds = {urgency.name.lower(): urgency for urgency in Urgency}
    return {
        "groups": [
            (name, of)
            for name, urgency in kinds.items()
            if (of := [one for one in troubles if one["urgency"] == urgency])
        ],
        "count": len(troubles),
        "of_event": [(one.what, tell(one.seen)) for one in found if one.well and one.event],
        "of_server": [(one.what, tell(one.seen)) for one in found if one.well and not one.event],
    }


def _trouble(slug: str, number: int, finding: Finding) -> dict[str, Any]:
    screen, words = MENDED_AT.get(finding.mend, ("", Said("")))
    return {
        "number": number,
        "urgency": finding.urgency,
        "seen": tell(finding.seen),
        "advice": tell(finding.advice),
        "command": finding.command,
        "href": url_for(screen, slug=slug, _anchor=finding.mend) if screen else "",
        "words": tell(words) if screen else "",
    }
