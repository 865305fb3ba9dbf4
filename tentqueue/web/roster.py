"""What an organiser does about the staff: badges for devices, who is there, an account's end."""

from __future__ import annotations

from typing import Any

from flask import Response

from tentqueue.domain.said import Said
from tentqueue.services.asker import Power
from tentqueue.web.address import public_address
from tentqueue.web.enrolment import BADGE_FOR
from tentqueue.web.errors import Invalid, Problem
from tentqueue.web.front import Asked, Front, answer
from tentqueue.web.sessions import instant


def badges(front: Front, asked: Asked) -> Response:
    """Make a badge that enrols one more device, once."""
    slug, role, therapist = asked.slug(), asked.body.role, asked.body.therapist
    if (role == Power.THERAPIST) != (therapist is not None):
        raise Invalid({"therapist": Said("belongs to a therapist's badge, and only there")})
    if therapist is not None:
        front.context.tents.of(slug).tent.therapist(therapist)
    path = f"/{slug}/signin#{front.enrolment.new_badge(slug, role, therapist)}"
    expires_at = (front.context.clock.now() + BADGE_FOR).isoformat()
    return answer(
        {
            "path": path,
            "url": f"{public_address(front.context)}{path}",
            "role": role,
            "therapist": therapist,
            "expires_at": expires_at,
        }
    )


def members(front: Front, asked: Asked) -> Response:
    """Everyone with an account, and when they were last seen."""
    return answer({"members": _members(front, asked.slug())})


def revoke(front: Front, asked: Asked) -> Response:
    """End an account and its sessions; its sockets close within two seconds."""
    slug, member_id = asked.slug(), asked.body.staff
    if front.auth.staff.member(slug, member_id) is None:
        raise Problem(404, "Nobody of the staff has this id.", "unknown_staff")
    front.auth.sessions.revoke(slug, member_id)
    return answer({"members": _members(front, slug)})


def _members(front: Front, slug: str) -> list[dict[str, Any]]:
    seen: dict[str, list[int]] = {}
    for session in front.auth.staff.sessions(slug):
        if not front.auth.sessions.is_over(session):
            seen.setdefault(session.staff, []).append(front.auth.sessions.seen(session))
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
        for member in front.auth.staff.members(slug)
    ]
