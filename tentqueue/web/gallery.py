"""Every component in each state, and every screen of each event, on one page for who builds them.

Only where `settings.gallery` is on: `make gallery` plays the scenes, one event each, on a server of
its own. Nothing here is for a race day, and nothing here lets anybody in: staff's screens are
framed as the browser is signed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

from flask import Blueprint, Response, render_template, request

from tentqueue.domain.model import TicketState
from tentqueue.domain.tent import Tent
from tentqueue.web.context import Context
from tentqueue.web.headers import POLICY

ALONE, FRAMED = "frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'"
"""A page may stand in the gallery's frames, and in nobody else's."""
DARK = "offline"
"""The scene whose pages lose the network once they are drawn."""


@dataclass(frozen=True)
class Shown:
    """A screen as it stands in the gallery: `size` is a class of `gallery.css`, `clicks` what is
    pressed once it is drawn, `scene` the only one it is shown in where it never changes."""

    name: str
    template: str
    path: str
    size: str
    clicks: tuple[str, ...] = ()
    scene: str = ""


_DUTY = ("#open-people", "[data-part=duty]")
SCREENS = (
    Shown("join", "join.html", "/{slug}", "phone"),
    Shown("ticket, held or in line", "ticket.html", "/t/{waiting}", "phone"),
    Shown("ticket, called", "ticket.html", "/t/{called}", "phone"),
    Shown("ticket, on the table", "ticket.html", "/t/{in_treatment}", "phone"),
    Shown("ticket, done: times of the next day", "ticket.html", "/t/{done}", "phone"),
    Shown("board", "board.html", "/{slug}/board", "tv"),
    Shown("board, at night", "board.html", "/{slug}/board?theme=night", "tv"),
    Shown("board, upright", "board.html", "/{slug}/board", "upright"),
    Shown("tablet", "tablet.html", "/{slug}/tablet", "tablet", (".strip__one",)),
    Shown("desk", "desk.html", "/{slug}/desk", "desk"),
    Shown("desk, a ticket", "desk.html", "/{slug}/desk", "desk", ("#recent .match",)),
    Shown("desk, typing paper in", "desk.html", "/{slug}/desk", "desk", ("#type-sheet",)),
    Shown("organiser", "organiser.html", "/{slug}/organiser", "desk"),
    Shown("organiser, shift and table", "organiser.html", "/{slug}/organiser", "desk", _DUTY),
    Shown("kiosk", "kiosk.html", "/{slug}/kiosk", "tablet"),
    Shown("scan, by staff", "desk.html", "/s/{waiting}", "desk"),
    Shown("scan, by anybody else", "presented.html", "/gallery/presented/{slug}", "phone"),
    Shown("report", "report.html", "/{slug}/report", "desk"),
    Shown("records", "records.html", "/{slug}/records", "desk"),
    Shown("access", "access.html", "/{slug}/access", "desk"),
    Shown("webhooks", "webhooks.html", "/{slug}/webhooks", "desk", scene="steady"),
    Shown("before the day", "doctor.html", "/{slug}/doctor", "desk", scene="steady"),
    Shown("lists", "roster.html", "/{slug}/roster", "desk", scene="steady"),
    Shown("set-up of the event", "event.html", "/{slug}/setup", "desk", scene="steady"),
    Shown("first set-up", "setup.html", "/setup", "tablet", scene="steady"),
    Shown("sign-in", "signin.html", "/{slug}/signin", "tablet", scene="steady"),
    Shown("poster", "poster.html", "/{slug}/poster", "desk", scene="steady"),
    Shown("privacy", "privacy.html", "/{slug}/privacy", "phone", scene="steady"),
    Shown("events", "home.html", "/", "phone", scene="steady"),
    Shown("nothing there", "lost.html", "/{slug}/nowhere", "phone", scene="steady"),
    Shown("programs' page", "docs.html", "/api/docs", "desk", scene="steady"),
)


def blueprint(context: Context) -> Blueprint:
    """The gallery's own pages."""
    routes = Blueprint("gallery", __name__)

    @routes.get("/gallery")
    def gallery() -> str:
        scenes = context.tents.slugs()
        scene = request.args.get("scene") or next(iter(scenes), "")
        frames = list(_frames(context.tents.of(scene).tent)) if scene else []
        return render_template(
            "gallery.html", scenes=scenes, scene=scene, frames=frames, dark=scene == DARK
        )

    @routes.get("/gallery/presented/<slug>")
    def presented(slug: str) -> str:
        """What a scanned ticket opens for somebody who is not staff, here for a browser that is."""
        event = context.tents.of(slug).tent.event
        return render_template("presented.html", event=event, timezone=event.timezone)

    @routes.after_app_request
    def frame(response: Response) -> Response:
        policy = response.headers.get("Content-Security-Policy", POLICY)
        response.headers["Content-Security-Policy"] = policy.replace(ALONE, FRAMED)
        return response

    return routes


def _frames(tent: Tent) -> Iterator[tuple[Shown, str]]:
    """Each screen with its address; a ticket in a state that nobody is in just now is left out."""
    slug = tent.event.slug
    known = {"slug": slug} | _tickets(tent)
    for shown in SCREENS:
        gaps = {gap for _, gap, _, _ in Formatter().parse(shown.path) if gap}
        if gaps <= known.keys() and shown.scene in ("", slug):
            yield shown, shown.path.format(**known)


def _tickets(tent: Tent) -> dict[str, str]:
    """The id of one ticket for each state somebody is in; who is held stands in for who waits."""
    tickets = (*tent.closed.values(), *tent.open.values())
    ids = {str(ticket.state): ticket.id for ticket in tickets}
    held = ids.get(TicketState.HELD)
    return {"waiting": held} | ids if held else ids
