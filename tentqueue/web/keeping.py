"""What an organiser sees and does about the event's records: the wipe, its proof, the backups; and
the notice that tells runners what is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.asker import Asker
from tentqueue.services.privacy import Keeping, NotClean
from tentqueue.web import organisers
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.front import Asked, Front, answer
from tentqueue.web.tent_clock import by_tent_clock

PATH = "/<slug>/records"
NOTICE = "/<slug>/privacy"


def blueprint(context: Context) -> Blueprint:
    """The page of the records, for organisers, and the notice, for anyone."""
    routes = Blueprint("keeping", __name__)

    @routes.get(PATH)
    def records(slug: str) -> BaseResponse:
        return organisers.page(
            context, slug, "records.html", lambda event, asker: _shown(context, event, asker)
        )

    @routes.get(NOTICE)
    def privacy(slug: str) -> str:
        tent = context.tents.of(slug).tent
        return render_template(
            "privacy.html",
            event=tent.event,
            timezone=tent.event.timezone,
            hours=tent.rules.data_kept_hours,
        )

    return routes


def _shown(context: Context, event: RaceEvent, asker: Asker) -> dict[str, Any]:
    return {
        "staff": {"role": str(asker.power), "name": asker.name, "therapist": asker.therapist},
        "keeping": shape(context, event.slug),
        "at": partial(by_tent_clock, zone=ZoneInfo(event.timezone)),
    }


def look(front: Front, asked: Asked) -> Response:
    """How it stands with the event's records."""
    return answer(shape(front.context, asked.slug()))


def wipe(front: Front, asked: Asked) -> Response:
    """Make the records anonymous now. Raises: Problem 503 while the proof has to wait."""
    privacy = front.context.privacy
    assert privacy is not None
    try:
        privacy.wipe(asked.slug(), asked.asker, "button", asked.body.staff_too or None)
    except NotClean:
        raise Problem(
            503,
            "The records are wiped; the proof follows within a minute. Open this page again then.",
            "not_proven_yet",
            headers={"Retry-After": "10"},
        ) from None
    return answer(shape(front.context, asked.slug()))


def shape(context: Context, slug: str) -> dict[str, Any]:
    """How it stands, as JSON and for the page."""
    assert context.privacy is not None
    keeping = context.privacy.keeping(slug)
    tent = context.tents.of(slug).tent
    return {
        "event": slug,
        "due_at": keeping.due_at.isoformat() if keeping.due_at else None,
        "hours": tent.rules.data_kept_hours,
        "open_tickets": len(tent.open),
        "people": keeping.people,
        "backups": [{"path": path, "made_at": _iso(at)} for path, at in keeping.backups],
        "consents": [
            {"wording": wording, "by": by, "given": given, "withdrawn": withdrawn}
            for wording, by, given, withdrawn in keeping.consents
        ],
        "wipe": _wipe(keeping),
    }


def _wipe(keeping: Keeping) -> dict[str, Any] | None:
    if keeping.wipe is None:
        return None
    proven = keeping.wipe.proven_at
    return {
        "at": keeping.wipe.wiped_at.isoformat(),
        "why": keeping.wipe.why,
        "staff_too": keeping.wipe.staff_too,
        "proven_at": proven.isoformat() if proven else None,
        "counts": keeping.wipe.counts,
    }


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1e6, UTC).isoformat(timespec="seconds")
