"""Signed-in browsers: which session a cookie means, whether it is still good, when it locks.

Kept in memory for half a second at a time, so that a revoked session is out within two, whoever
revoked it. An idle session locks: its open sockets go on showing, but nothing new opens.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from tentqueue.services.accounts import Member, Session, StaffTable
from tentqueue.services.asker import Asker, Power
from tentqueue.services.clock import EPOCH, Clock, micros
from tentqueue.services.secret import digest

COOKIE = "staff"
LONGEST = timedelta(hours=14)
IDLE_S = 300.0
"""After so long without a touch a screen asks for its PIN again."""
FRESH_S = 0.5
"""How old what is known of a session or token may be."""
KEEP_S = 60.0
"""How often the last use is written down: what a restart may forget of it."""
MOST_KNOWN = 4096
_SECOND = timedelta(seconds=1)
_SCREENS = {
    "tablet": Power.THERAPIST,
    "desk": Power.DESK,
    "organiser": Power.ORGANISER,
    "kiosk": Power.KIOSK,
}
_STRENGTH = (Power.ORGANISER, Power.DESK, Power.THERAPIST, Power.KIOSK, Power.BOARD)
BESIDE = tuple(f"{COOKIE}-{power.value}" for power in _STRENGTH)
"""A cookie a role, for sessions that stand side by side: signed in to at the same moment, none
takes the other's away."""


def instant(at: int) -> str:
    """Such microseconds as ISO 8601."""
    return (EPOCH + timedelta(microseconds=at)).isoformat(timespec="seconds")


@dataclass
class Sitting:
    """A session that is good, and who sits there."""

    session: Session
    member: Member
    read_at: float
    used_at: float
    kept_at: float
    locked: bool = False
    told_at: int | None = None
    """What this worker wrote last of when it was used; another value is another worker's word."""

    @property
    def asker(self) -> Asker:
        """Who sits there."""
        return Asker(Power(self.session.role), self.member.name, self.session.therapist)


class Sessions:
    """Every signed-in browser. `seconds` is a clock that never jumps."""

    def __init__(self, staff: StaffTable, clock: Clock, seconds: Callable[[], float]) -> None:
        self._staff, self._clock, self._seconds = staff, clock, seconds
        self._known: dict[bytes, Sitting] = {}

    def start(self, member: Member) -> str:
        """Sign `member` in and return the new session's id, known to nobody before."""
        sid = secrets.token_urlsafe(32)
        now = micros(self._clock.now())
        role, therapist = member.role, member.therapist
        row = Session(digest(sid), member.id, member.event, role, therapist, now, now)
        self._staff.put(row)
        just_now = self._seconds()
        self._note(Sitting(row, member, just_now, just_now, just_now))
        return sid

    def sittings(self, cookies: Mapping[str, str]) -> list[Sitting]:
        """Every good session a browser's cookies name; the practice day's name several."""
        named = (cookies[name] for name in (COOKIE, *BESIDE) if name in cookies)
        found = (self._sitting(digest(sid)) for sid in named)
        return [sitting for sitting in found if sitting is not None]

    def pick(
        self, cookies: Mapping[str, str], slug: str | None, screen: str | None = None
    ) -> Sitting | None:
        """Return the session that counts for an event: the screen's own role, else the strongest.

        Without `slug` for any event. It may be locked.
        """
        good = [s for s in self.sittings(cookies) if slug is None or s.session.event in ("", slug)]
        if not good:
            return None
        wanted = _SCREENS.get(screen or "")
        return min(good, key=lambda s: (s.session.role != wanted, _rank(s.session.role)))

    def used(self, sitting: Sitting) -> None:
        """Note a touch, and write it down now and then."""
        now = self._seconds()
        sitting.used_at = now
        if now - sitting.kept_at < KEEP_S:
            return
        sitting.kept_at = now
        # A disk that is full or busy must not stop the command that came with the touch.
        with suppress(Exception):
            sitting.told_at = micros(self._clock.now())
            self._staff.touch_session(sitting.session.sid_hash, sitting.told_at)

    def lock(self, sitting: Sitting) -> None:
        """Ask for the PIN before anything else; a restart does not forget it."""
        sitting.used_at = self._seconds() - IDLE_S
        sitting.locked = True
        long_ago = micros(self._clock.now() - _SECOND * IDLE_S)
        sitting.told_at = long_ago
        self._staff.touch_session(sitting.session.sid_hash, long_ago)

    def unlock(self, sitting: Sitting) -> None:
        """The PIN was right: go on where the screen was."""
        sitting.locked = False
        sitting.kept_at = float("-inf")
        self.used(sitting)

    def end(self, cookies: Mapping[str, str]) -> None:
        """Sign a browser out of all it is signed in to."""
        for sitting in self.sittings(cookies):
            self._staff.revoke_session(sitting.session.sid_hash, micros(self._clock.now()))
            self._known.pop(sitting.session.sid_hash, None)

    def revoke(self, event: str, member_id: str) -> None:
        """End an account and every session of it, from this request on."""
        self._staff.revoke_member(event, member_id, micros(self._clock.now()))
        for sid_hash, sitting in list(self._known.items()):
            if (sitting.session.event, sitting.session.staff) == (event, member_id):
                del self._known[sid_hash]

    def seen(self, session: Session) -> int:
        """When a session was last used, microseconds since 1970 UTC."""
        sitting = self._known.get(session.sid_hash)
        if sitting is None:
            return session.seen_at
        idle = timedelta(seconds=self._seconds() - sitting.used_at)
        return max(session.seen_at, micros(self._clock.now() - idle))

    def _sitting(self, sid_hash: bytes) -> Sitting | None:
        now = self._seconds()
        sitting = self._known.get(sid_hash)
        if sitting is None or now - sitting.read_at >= FRESH_S:
            sitting = self._read(sid_hash, sitting, now)
        if sitting is None or self.is_over(sitting.session):
            self._known.pop(sid_hash, None)
            return None
        # Who has no PIN could never come back: the practice day's screens stay open.
        if sitting.member.pin_hash is not None and now - sitting.used_at >= IDLE_S:
            sitting.locked = True
        return sitting

    def _read(self, sid_hash: bytes, before: Sitting | None, now: float) -> Sitting | None:
        session = self._staff.session(sid_hash)
        if session is None:
            return None
        member = self._staff.member(session.event, session.staff)
        if member is None:
            return None
        used_at = now - max((micros(self._clock.now()) - session.seen_at) / 1e6, 0.0)
        if before is None:
            return self._note(Sitting(session, member, now, used_at, now))
        if session.seen_at not in (before.session.seen_at, before.told_at):
            # Another worker saw it used, locked or unlocked.
            before.used_at, before.locked = used_at, False
        before.session, before.member, before.read_at = session, member, now
        return before

    def _note(self, sitting: Sitting) -> Sitting:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[sitting.session.sid_hash] = sitting
        return sitting

    def is_over(self, session: Session) -> bool:
        """Whether a session was ended, or is older than any may be."""
        ends_at = session.created_at + LONGEST // timedelta(microseconds=1)
        return session.revoked_at is not None or micros(self._clock.now()) >= ends_at


def _rank(role: str) -> int:
    return _STRENGTH.index(Power(role))
