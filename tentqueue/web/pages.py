"""Which page stands at which path, and who may open it. Pages hold no data of runners."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.tent import Tent
from tentqueue.services.asker import STAFF, Asker, Power
from tentqueue.web import lost
from tentqueue.web.address import public_address
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.home_screen import ticket_page
from tentqueue.web.language import language_of
from tentqueue.web.presented import Blank, blank_of

STAFF_SCREENS = {
    "tablet": {Power.THERAPIST, Power.DESK, Power.ORGANISER},
    "desk": {Power.DESK, Power.ORGANISER},
    "organiser": {Power.ORGANISER},
}
AT_THE_KIOSK = frozenset({Power.KIOSK, Power.DESK, Power.ORGANISER})
THEMES = ("day", "night", "sunlight")
NOBODY = Asker(Power.RUNNER, "runner")


def blueprint(context: Context) -> Blueprint:
    """The pages."""
    routes = Blueprint("pages", __name__)
    _public(routes, context)
    _of_tickets(routes, context)
    _of_staff(routes, context)
    lost.install(routes)
    return routes


def _public(routes: Blueprint, context: Context) -> None:
    @routes.get("/")
    def home() -> str:
        tents = [context.tents.of(slug).tent for slug in context.tents.slugs()]
        return render_template("home.html", events=[tent.event for tent in tents])

    @routes.get("/setup")
    def setup() -> str:
        return render_template("setup.html")

    @routes.get("/<slug>", strict_slashes=False)
    def join(slug: str) -> str:
        return render_template("join.html", **_about(context, slug))

    @routes.get("/<slug>/board")
    def board(slug: str) -> str:
        theme = request.args.get("theme")
        fixed = {"theme_fixed": theme} if theme in THEMES else {}
        about = _about(context, slug)
        languages = context.tents.of(slug).tent.event.languages or (language_of(request),)
        with force_locale(languages[0]):
            return render_template("board.html", languages=languages, **about, **fixed)

    @routes.get("/<slug>/poster")
    def poster(slug: str) -> str:
        return render_template("poster.html", **_about(context, slug))

    @routes.get("/<slug>/signin")
    def signin(slug: str) -> str:
        about = _about(context, slug)
        tent = context.tents.of(slug).tent
        return render_template("signin.html", therapists=_therapists(tent), **about)


def _of_tickets(routes: Blueprint, context: Context) -> None:
    @routes.get("/t/<ticket>")
    def ticket(ticket: str) -> BaseResponse:
        slug, _, _ = context.ticket(ticket)
        about = _about(context, slug)
        return ticket_page(ticket_id=ticket, push_key=context.push_key, **about)

    @routes.get("/s/<ticket>")
    @routes.get("/S/<ticket>")
    def presented(ticket: str) -> BaseResponse:
        """What a scanned ticket opens: staff get its next step, anyone else a neutral page.

        The picture's link is all in capitals; ids have none, so nothing is lost with them.
        """
        wanted = ticket.lower()
        blank = blank_of(context, wanted)
        if blank and wanted not in context.tents.of(blank.slug).tent.ids:
            return _blank(context, blank, wanted)
        slug, _, found = context.ticket(wanted)
        power = _asker(context, slug).power
        if power is Power.THERAPIST:
            return redirect(f"{url_for('pages.staff', slug=slug, screen='tablet')}#{found.code}")
        if power in (Power.DESK, Power.ORGANISER):
            return redirect(f"{url_for('pages.staff', slug=slug, screen='desk')}#{found.code}")
        return make_response(render_template("presented.html", **_about(context, slug)))


def _blank(context: Context, blank: Blank, ticket: str) -> BaseResponse:
    """A printed ticket nobody holds: the desk joins its runner, anybody else may join with it."""
    if _asker(context, blank.slug).power in (Power.DESK, Power.ORGANISER):
        desk = url_for("pages.staff", slug=blank.slug, screen="desk")
        return redirect(f"{desk}#{blank.code}")
    join = url_for("pages.join", slug=blank.slug, paper=ticket, lane=blank.lane)
    about = _about(context, blank.slug)
    return make_response(render_template("presented.html", code=blank.code, join=join, **about))


def _of_staff(routes: Blueprint, context: Context) -> None:
    @routes.get("/<slug>/<any(tablet, desk, organiser):screen>")
    def staff(slug: str, screen: str) -> BaseResponse:
        about = _about(context, slug)
        asker = _asker(context, slug)
        if asker.power not in STAFF_SCREENS[screen]:
            return redirect(url_for("pages.signin", slug=slug, to=screen), 303)
        given = {"role": str(asker.power), "name": asker.name, "therapist": asker.therapist}
        return make_response(render_template(f"{screen}.html", staff=given, slug=slug, **about))

    @routes.get("/<slug>/kiosk")
    def kiosk(slug: str) -> BaseResponse:
        about = _about(context, slug)
        if _asker(context, slug, AT_THE_KIOSK).power not in AT_THE_KIOSK:
            return redirect(url_for("pages.signin", slug=slug, to="kiosk"), 303)
        return make_response(render_template("kiosk.html", **about))


def _asker(context: Context, slug: str, among: frozenset[Power] = STAFF) -> Asker:
    """Who opens the page; a credential that is not good any more is nobody's."""
    try:
        asker = context.auth.asker(request, slug)
    except Problem:
        return NOBODY
    return asker if asker.power in among else NOBODY


def _about(context: Context, slug: str) -> dict[str, object]:
    """What a page knows of its event. Raises: UnknownEvent."""
    event = context.tents.of(slug).tent.event
    base = public_address(context)
    address = urlsplit(base).netloc + url_for("pages.join", slug=slug)
    return {
        "event": event,
        "timezone": event.timezone,
        "public_url": base,
        "printer": context.printer is not None,
        "join_address": address,
    }


def _therapists(tent: Tent) -> list[dict[str, str]]:
    return [{"id": t.id, "name": t.name} for t in tent.therapists.values()]
