"""How a device comes to belong to the staff: a badge used once, a name, a PIN, a mark it carries.

Only an enrolled device is asked for PINs, so nobody guesses them from outside.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import Request

from tentqueue.domain.tent import Tent
from tentqueue.services.accounts import INSTALLATION, Badge, Member
from tentqueue.services.asker import STAFF
from tentqueue.services.badge_sheets import digest_of, is_printed
from tentqueue.services.clock import micros
from tentqueue.services.secret import digest
from tentqueue.web.auth import Auth
from tentqueue.web.errors import Problem
from tentqueue.web.pins import STRANGERS_TRIES, Pins, new_pin

MARK = "enrolled-"
MARK_KEPT_S = 4 * 24 * 3600
"""A race weekend, with the day before and the day after."""
BADGE_FOR = timedelta(minutes=10)
ORGANISER = "organiser"
SETUP = "setup:"
"""Set before a set-up code when it is digested, so that no badge can stand in for one."""


@dataclass(frozen=True)
class Enrolled:
    """A new account or an old one anew; the PIN is shown once and kept nowhere."""

    member: Member
    pin: str | None
    beside: bool
    """Whether it may stand beside the browser's other sessions: the practice day's badges."""


class Enrolment:
    """Takes badges and set-up codes, and knows enrolled browsers again."""

    def __init__(self, auth: Auth, pins: Pins) -> None:
        self._auth, self._pins = auth, pins

    def new_badge(self, event: str, role: str, therapist: str | None) -> str:
        """Make a badge good for ten minutes and one device; return its code."""
        code = secrets.token_urlsafe(24)
        expires_at = micros(self._auth.clock.now() + BADGE_FOR)
        self._auth.staff.put(Badge(digest(code), event, role, therapist, expires_at))
        return code

    def take(self, code: str) -> Badge:
        """Use a badge or set-up code up. Raises: Problem 410 when it is not good any more."""
        now = micros(self._auth.clock.now())
        badge = self._auth.staff.take_badge(digest(code), now)
        badge = badge or self._auth.staff.take_badge(digest_of(code), now)
        if badge is None:
            raise Problem(
                410, "This badge was used or is too old. Ask the organiser for one.", "badge_used"
            )
        return badge

    def enrol(self, badge: Badge, tent: Tent, name: str | None) -> Enrolled:
        """Make the account of a badge that was taken. Screens nobody types on get no PIN."""
        member = self._member(badge, tent, name)
        left = badge.expires_at - micros(self._auth.clock.now())
        lasting = left > BADGE_FOR // _MICROSECOND and not is_printed(badge)
        pin = new_pin() if badge.role in STAFF and not lasting else None
        member = self._pins.sealed(member, pin) if pin else member
        self._auth.staff.put(member)
        return Enrolled(member, pin, lasting)

    def organiser(self, passphrase: str, name: str) -> Member:
        """Make the installation's organiser, whose passphrase opens every event.

        One that was there has forgotten theirs, or fears that somebody knows it: what they were
        signed in to ends.
        """
        member = Member(INSTALLATION, ORGANISER, ORGANISER, name)
        member = self._pins.sealed(member, passphrase)
        self._auth.sessions.revoke(INSTALLATION, ORGANISER)
        self._auth.staff.put(member)
        return member

    def organiser_again(self, code: str, passphrase: str) -> Member | None:
        """Return the organiser that a set-up code made, to whoever chose the passphrase then: its
        answer was lost on the way. None for a code never taken, or another passphrase."""
        badge = self._auth.staff.badge(digest(SETUP + code))
        member = self._auth.staff.member(INSTALLATION, ORGANISER)
        if badge is None or badge.used_at is None or member is None:
            return None
        try:
            self._pins.check(member, passphrase, STRANGERS_TRIES)
        except Problem:
            return None
        return member

    def mark(self, member: Member) -> str:
        """What an enrolled browser carries: whose badge it was, when, and a seal."""
        worth = f"{member.id}.{micros(self._auth.clock.now())}"
        return f"{worth}.{self._seal(member.event, worth)}"

    def is_enrolled(self, request: Request, event: str) -> bool:
        """Whether the browser was enrolled for an event, and whoever did it was not revoked."""
        worth, _, seal = request.cookies.get(MARK + event, "").rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(event, worth).encode()):
            return False
        member_id, _, issued = worth.rpartition(".")
        age = micros(self._auth.clock.now()) - int(issued)
        member = self._auth.staff.member(event, member_id)
        good = member is not None and member.revoked_at is None
        return good and age < MARK_KEPT_S * 1_000_000

    def _seal(self, event: str, worth: str) -> str:
        key = self._auth.keys.derive("enrolled", event)
        return hmac.new(key, worth.encode(), sha256).hexdigest()

    def _member(self, badge: Badge, tent: Tent, name: str | None) -> Member:
        if badge.therapist is not None:
            therapist = tent.therapist(badge.therapist)
            member_id = f"therapist-{digest(therapist.id).hex()[:12]}"
            return Member(badge.event, member_id, badge.role, therapist.name, therapist.id)
        taken = {m.name.casefold() for m in self._auth.staff.members(badge.event)}
        chosen = _unlike(name or badge.role.capitalize(), taken)
        return Member(badge.event, f"{badge.role}-{secrets.token_hex(6)}", badge.role, chosen)


_MICROSECOND = timedelta(microseconds=1)


def _unlike(name: str, taken: set[str]) -> str:
    """A name nobody has yet: a second Eve is Eve 2."""
    if name.casefold() not in taken:
        return name
    number = 2
    while f"{name} {number}".casefold() in taken:
        number += 1
    return f"{name} {number}"
