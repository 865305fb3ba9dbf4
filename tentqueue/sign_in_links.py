"""Links that sign a browser in once: to a screen of the practice day, and to the first set-up."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from tentqueue.house import House
from tentqueue.services.accounts import INSTALLATION, Badge
from tentqueue.services.secret import digest
from tentqueue.staff_tokens import new_badge
from tentqueue.storage import Storage
from tentqueue.storage.entries import micros
from tentqueue.web.enrolment import BADGE_FOR, ORGANISER, SETUP
from tentqueue.web.sessions import LONGEST

SETUP_FOR = timedelta(days=1)


def signed_in_link(
    house: House, slug: str, role: str, therapist: str | None = None, lasting: bool = False
) -> str:
    """Return the path that signs one browser in, once, within ten minutes.

    A `lasting` one is the practice day's: good for 14 hours, without a PIN, and beside others in
    one browser.
    """
    expires_at = house.clock.now() + (LONGEST if lasting else BADGE_FOR)
    return f"/{slug}/signin#{new_badge(house.storage, expires_at, slug, role, therapist)}"


def setup_link(house: House) -> str | None:
    """Return the path of the one-time set-up, good for a day; None once there is an organiser."""
    member = house.storage.staff.member(INSTALLATION, ORGANISER)
    if member is not None and member.revoked_at is None:
        return None
    return new_setup_link(house.storage, house.clock.now())


def new_setup_link(storage: Storage, now: datetime) -> str:
    """Return the path of a set-up that whoever opens it first within a day may take: it makes the
    organiser, or gives them a new passphrase."""
    code = secrets.token_urlsafe(24)
    expires_at = micros(now + SETUP_FOR)
    storage.staff.put(Badge(digest(SETUP + code), INSTALLATION, ORGANISER, None, expires_at))
    return f"/setup#{code}"
