"""The sheet of staff badges: single-use codes that live as long as paper must, and no longer.

A code is derived from the sheet's number, so that the sheet can be drawn twice but only its digests
are kept. A new sheet ends the unused codes of the one before it: a lost sheet is printed again.
"""

from __future__ import annotations

import base64
import secrets as chance
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol

from tentqueue.domain.model import Instant, LaneName
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.therapist import Role
from tentqueue.services.accounts import Badge
from tentqueue.services.secret import Secrets

PRINTED = b"printed:"
"""Begins the digest of a printed code: it gives a PIN like any badge, however long it lives."""
LONGEST = timedelta(hours=72)
SHORTEST = timedelta(hours=12)
DESKS = 2
_CODE_LENGTH = 32


class BadgeTable(Protocol):
    """Where badges are kept, as storage offers it."""

    def put(self, row: Badge) -> None: ...
    def withdraw_badges(self, event: str, mark: bytes) -> int: ...
    def badge(self, code_hash: bytes) -> Badge | None: ...


@dataclass(frozen=True)
class Holder:
    """Whom a badge is for: a therapist, by id, or a desk."""

    id: str
    role: str
    who: str
    what: str
    therapist: str | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet of badges: its number, and until when its codes are good."""

    number: str
    expires_at: Instant


def holders(event: RaceEvent) -> list[Holder]:
    """Everyone who gets a badge: the therapists by table, then the desk's devices."""
    staff = sorted(event.therapists, key=lambda t: (t.table, t.name))
    kinds = {Role.LICENSED: "Therapist", Role.STUDENT: "Student"}
    people = [
        Holder(t.id, "therapist", t.name, f"{kinds[t.role]}, table {t.table}", t.id) for t in staff
    ]
    desks = [Holder(f"desk-{n}", "desk", "Desk", f"Device {n}") for n in range(1, DESKS + 1)]
    return people + desks


def code_of(secrets: Secrets, event: str, number: str, holder: Holder) -> str:
    """The code of one badge of a sheet."""
    worth = secrets.derive("badge sheet", event, number, holder.role, holder.id)
    return base64.urlsafe_b64encode(worth).decode()[:_CODE_LENGTH]


def digest_of(code: str) -> bytes:
    """What is kept of a printed code."""
    return PRINTED + sha256(code.encode()).digest()


def is_printed(badge: Badge) -> bool:
    """Whether a badge is one of a printed sheet."""
    return badge.code_hash.startswith(PRINTED)


def issue(table: BadgeTable, secrets: Secrets, event: RaceEvent, now: datetime) -> Sheet:
    """Make the codes of a new sheet, and end those of older ones that nobody used."""
    sheet = Sheet(chance.token_hex(8), _until(event, now))
    table.withdraw_badges(event.slug, PRINTED)
    expires_at = round(sheet.expires_at.timestamp() * 1_000_000)
    for holder in holders(event):
        code_hash = digest_of(code_of(secrets, event.slug, sheet.number, holder))
        table.put(Badge(code_hash, event.slug, holder.role, holder.therapist, expires_at))
    return sheet


def too_early(event: RaceEvent, sheet: Sheet) -> bool:
    """Whether a sheet ends before the first lane opens: it was printed too long before the day."""
    return sheet.expires_at < min(
        (plan.opens_at for plan in event.lanes.values()), default=sheet.expires_at
    )


def ends(table: BadgeTable, secrets: Secrets, event: RaceEvent, number: str) -> Instant | None:
    """Until when a sheet is good; None for one that a newer sheet has ended, or nobody issued."""
    for holder in holders(event):
        badge = table.badge(digest_of(code_of(secrets, event.slug, number, holder)))
        if badge is not None and badge.used_at is None:
            return datetime.fromtimestamp(badge.expires_at / 1_000_000, UTC)
    return None


def _until(event: RaceEvent, now: datetime) -> Instant:
    """Until the day's last lane closes; never under 12 hours or over three days from printing."""
    today = [plan.closes_at for name, plan in event.lanes.items() if name is not LaneName.NEXTDAY]
    closes_at = max(today, default=now)
    return min(max(closes_at, now + SHORTEST), now + LONGEST)
