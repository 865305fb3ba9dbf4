"""What an organiser does about the staff: badges for devices, who is there, the end of an
account or of a program's token."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response

from tentqueue.domain.said import Said
from tentqueue.services.asker import Power
from tentqueue.services.clock import micros
from tentqueue.web.address import public_address
from tentqueue.web.auth import Auth
from tentqueue.web.enrolment import BADGE_FOR
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.front import Asked, Front, answer
from tentqueue.web.qr import drawn_path
from tentqueue.web.sessions import instant

log = structlog.get_logger(__name__)


def badges(front: Front, asked: Asked) -> Response:
    """Make a badge that enrols one more device, once."""
    slug, role, therapist = asked.slug(), asked.body.role, asked.body.therapist
    if (role == Power.THERAPIST) != (therapist is not None):
        raise Invalid({"therapist": Said("belongs to a therapist's badge, and only there")})
    if therapist is not None:
        front.context.tents.of(slug).tent.therapist(therapist)
    path = f"/{slug}/signin#{front.enrolment.new_badge(slug, role, therapist)}"
    expires_at = (front.context.clock.now() + BADGE_FOR).isoformat()
    url = f"{public_address(front.context)}{path}"
    side, drawn = drawn_path(url)
    return answer(
        {
            "path": path,
            "url": url,
            "qr": {"side": side, "path": drawn},
            "role": role,
            "therapist": therapist,
            "expires_at": expires_at,
        }
    )


def members(front: Front, asked: Asked) -> Response:
    """Everyone with an account, and when they were last seen."""
    return answer({"members": members_of(front.auth, asked.slug())})


def revoke(front: Front, asked: Asked) -> Response:
    """End an account and its sessions; its sockets close within two seconds."""
    slug, member_id = asked.slug(), asked.body.staff
    if front.auth.staff.member(slug, member_id) is None:
        raise Problem(404, "Nobody of the staff has this id.", "unknown_staff")
    front.auth.sessions.revoke(slug, member_id)
    log.info("account_ended", staff=member_id, of=slug)
    return answer({"members": members_of(front.auth, slug)})


def tokens(front: Front, asked: Asked) -> Response:
    """The event's tokens for programs: whose, since when, whether ended; never the secret."""
    return answer({"tokens": tokens_of(front.auth, asked.slug())})


def end_token(front: Front, asked: Asked) -> Response:
    """End a token; what it holds open closes within two seconds."""
    slug, label = asked.slug(), asked.body.token
    named = [token for token in front.auth.staff.tokens(slug) if token.label == label]
    if not named:
        raise Problem(404, "No token has this name. Look at the list.", "unknown_token")
    log.info("token_ended", token=label, of=slug)
    for token in named:
        front.auth.staff.revoke_token(token.hash, micros(front.context.clock.now()))
    return answer({"tokens": tokens_of(front.auth, slug)})


def tokens_of(auth: Auth, slug: str) -> list[dict[str, Any]]:
    """The tokens of an event's programs, the oldest first."""
    return [
        {
            "token": token.label,
            "role": token.role,
            "therapist": token.therapist,
            "made_at": instant(token.created_at),
            "revoked": token.revoked_at is not None,
        }
        for token in auth.staff.tokens(slug)
    ]


def members_of(auth: Auth, slug: str) -> list[dict[str, Any]]:
    """An event's accounts by name, how many devices each has open, and when it was last seen."""
    seen: dict[str, list[int]] = {}
    for session in auth.staff.sessions(slug):
        if not auth.sessions.is_over(session):
            seen.setdefault(session.staff, []).append(auth.sessions.seen(session))
    return [
        {
            "staff": member.id,
            "name": member.name,
            "role": member.role,
            "therapist": member.therapist,
            "devices": len(seen.get(member.id, ())),
            "last_seen": instant(max(seen[member.id])) if member.id in seen else None,
            "revoked": member.revoked_at is not None,
        }
        for member in auth.staff.members(slug)
    ]
