"""Signing in and out: badge, name and PIN, passphrase; locking a screen and opening it again."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, request, url_for

from tentqueue.domain.said import Said
from tentqueue.services.accounts import INSTALLATION, Member
from tentqueue.services.asker import STAFF
from tentqueue.web import staff_bodies as bodies
from tentqueue.web.asking import text
from tentqueue.web.enrolment import MARK, MARK_KEPT_S, ORGANISER, SETUP
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.front import SCREENS, Asked, Front, answer
from tentqueue.web.passphrases import is_first_tried
from tentqueue.web.pins import STRANGERS_TRIES, TRIES_A_DAY, wrong_pin
from tentqueue.web.sessions import BESIDE, COOKIE, LONGEST

log = structlog.get_logger(__name__)
LONGEST_NAME = 24
FIRST_TRIED = Said("is made of words everybody here would try first; add one or two others")


def enrol(front: Front, asked: Asked) -> Response:
    """Make this browser one of the staff's, by a badge. Raises: Problem 410 for a used one."""
    body: bodies.Enrol = asked.body
    name = text(body.name, "name", LONGEST_NAME) if body.name else None
    badge = front.enrolment.take(body.code)
    enrolled = front.enrolment.enrol(badge, front.context.tents.of(badge.event).tent, name)
    member = enrolled.member
    response = answer(_told(member, badge.event) | {"pin": enrolled.pin})
    _open(front, response, member, beside=enrolled.beside)
    if member.role in STAFF:
        _know(front, response, member)
    return response


def passphrase(front: Front, asked: Asked) -> Response:
    """Make the installation's organiser, by the one-time set-up link."""
    body: bodies.Passphrase = asked.body
    name = text(body.name, "name", LONGEST_NAME) or "Organiser"
    tents = front.context.tents
    events = [tents.of(slug).tent.event.name for slug in tents.slugs()]
    if is_first_tried(body.passphrase, [name, *events]):
        raise Invalid({"passphrase": FIRST_TRIED})
    # An answer lost on the way must not burn the link for whoever used it: the same words again
    # are a sign-in.
    member = front.enrolment.organiser_again(body.code, body.passphrase)
    if member is None:
        front.enrolment.take(SETUP + body.code)
        member = front.enrolment.organiser(body.passphrase, name)
    slugs = tents.slugs()
    told = _told(member, slugs[0] if len(slugs) == 1 else "")
    # Without an event the next step is to make one.
    response = answer(told if slugs else told | {"to": url_for("event_setup.page")})
    _open(front, response, member)
    _know(front, response, member)
    return response


def signin(front: Front, asked: Asked) -> Response:
    """A name and its PIN, on an enrolled device; the organiser's passphrase on any."""
    body: bodies.SignIn = asked.body
    front.context.tents.of(body.event)
    member = _named(front, body)
    if member is None or member.event != INSTALLATION:
        _need_enrolment(front, body.event)
    if member is None:
        raise wrong_pin()
    front.pins.check(member, body.pin, _tries(front, body.event))
    response = answer(_told(member, body.event))
    _open(front, response, member)
    _know(front, response, member)
    return response


def signout(front: Front, asked: Asked) -> Response:
    """End the browser's session; doing it twice does no harm."""
    front.auth.sessions.end(request.cookies)
    response = answer({})
    _drop(front, response, COOKIE, *BESIDE)
    return response


def lock(front: Front, asked: Asked) -> Response:
    """Ask for the PIN before anything else."""
    if asked.place.member.pin_hash is None:
        raise Problem(409, "This screen has no PIN: it could not be opened again.", "no_pin")
    front.auth.sessions.lock(asked.place)
    return answer({"locked": True})


def unlock(front: Front, asked: Asked) -> Response:
    """The PIN again; the screen goes on where it was."""
    front.pins.check(asked.place.member, asked.body.pin)
    front.auth.sessions.unlock(asked.place)
    return answer({"locked": False})


def stay(front: Front, asked: Asked) -> Response:
    """Somebody touches the screen without commanding anything."""
    if asked.place.locked:
        raise Problem(401, "This screen is locked. Type your PIN.", "locked")
    front.auth.sessions.used(asked.place)
    return answer({"locked": False})


def me(front: Front, asked: Asked) -> Response:
    """Who sits at this screen; looking is no touch."""
    place = asked.place
    told = _told(place.member, place.session.event or asked.event)
    return answer(told | {"locked": place.locked, "has_pin": place.member.pin_hash is not None})


def names(front: Front, asked: Asked) -> Response:
    """Whose PIN this device may ask for. Raises: Problem 401 for a device nobody enrolled."""
    slug = asked.slug()
    front.context.tents.of(slug)
    _need_enrolment(front, slug)
    found = [m for m in front.auth.staff.members(slug) if m.pin_hash and m.revoked_at is None]
    return answer({"names": [{"staff": m.id, "name": m.name, "role": m.role} for m in found]})


def _named(front: Front, body: bodies.SignIn) -> Member | None:
    if body.staff == ORGANISER:
        return front.auth.staff.member(INSTALLATION, ORGANISER)
    if body.staff is not None:
        return front.auth.staff.member(body.event, body.staff)
    wanted = (body.name or "").casefold()
    members = front.auth.staff.members(body.event)
    return next((m for m in members if m.name.casefold() == wanted and m.pin_hash), None)


def _need_enrolment(front: Front, event: str) -> None:
    if not front.enrolment.is_enrolled(request, event):
        raise Problem(
            401, "This device is not known here. Scan a badge of the organiser's.", "not_enrolled"
        )


def _know(front: Front, response: Response, member: Member) -> None:
    """Mark the browser as one of the staff's."""
    mark = front.enrolment.mark(member)
    front.auth.set_cookie(response, MARK + member.event, mark, MARK_KEPT_S)


def _tries(front: Front, event: str) -> int:
    known = (front.enrolment.is_enrolled(request, where) for where in (event, INSTALLATION))
    return TRIES_A_DAY if any(known) else STRANGERS_TRIES


def _open(front: Front, response: Response, member: Member, beside: bool = False) -> None:
    """Start a session under a new id; the browser's others end, or stand beside it."""
    sessions = front.auth.sessions
    if not beside:
        sessions.end(request.cookies)
        _drop(front, response, *BESIDE)
    sid, name = sessions.start(member), f"{COOKIE}-{member.role}" if beside else COOKIE
    log.info("signed_in", by=request.path, staff=member.id, role=member.role, of=member.event)
    front.auth.set_cookie(response, name, sid, int(LONGEST.total_seconds()))


def _drop(front: Front, response: Response, *names: str) -> None:
    """Take those of these cookies away which the browser has."""
    for name in names:
        if name in request.cookies:
            response.delete_cookie(name, httponly=True, samesite="Lax", secure=front.auth.secure)


def _told(member: Member, event: str) -> dict[str, Any]:
    to = f"/{event}{SCREENS[member.role]}" if event else "/"
    return {
        "staff": member.id,
        "name": member.name,
        "role": member.role,
        "therapist": member.therapist,
        "event": event or None,
        "to": to,
    }
