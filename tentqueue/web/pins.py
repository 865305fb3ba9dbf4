"""PINs and passphrases: how they are made, kept and tried. Thirty wrong ones a day, no more."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import TypeVar

import gevent
import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tentqueue.services.accounts import Member, StaffTable
from tentqueue.services.clock import Clock, micros
from tentqueue.services.secret import Secrets
from tentqueue.web.errors import Problem

log = structlog.get_logger(__name__)
T = TypeVar("T")
TRIES_A_DAY = 30
STRANGERS_TRIES = 20
"""Of those thirty, how many from unknown devices: strangers must not lock the organiser out."""
SHORTEST_PASSPHRASE = 15
LONGEST_PASSPHRASE = 200
_DAY = timedelta(days=1) // timedelta(microseconds=1)
# The smallest setting OWASP advises for argon2id: 19 MiB, two passes.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def new_pin() -> str:
    """Make six digits that nobody chose."""
    return f"{secrets.randbelow(10**6):06d}"


class Pins:
    """Hashes and tries. A try is counted before it is looked at, so that thirty are thirty however
    they come and to whichever worker; one hash at a time, since each takes 19 MiB."""

    def __init__(self, staff: StaffTable, keys: Secrets, clock: Clock) -> None:
        self._staff, self._keys, self._clock = staff, keys, clock
        self._turn = Lock()

    def sealed(self, member: Member, secret: str) -> Member:
        """Return the account with `secret` as its PIN or passphrase, and no wrong tries."""
        worth = self._peppered(member, secret)
        kept = aside(lambda: _hasher.hash(worth))
        return replace(member, pin_hash=kept, failures=0, locked_until=None, revoked_at=None)

    def check(self, member: Member, given: str, tries: int = TRIES_A_DAY) -> None:
        """Let a right PIN pass. Raises: Problem 403 for a wrong one, 429 after `tries` in a day."""
        with self._turn:
            tried, now = self._of_now(member), micros(self._clock.now())
            count = self._staff.take_try(member.event, member.id, tries, now, now + _DAY)
            if count is None:
                wait = ((tried.locked_until or now) - now) // 1_000_000 + 1
                raise Problem(
                    429,
                    "Too many wrong tries today. Ask the organiser for a new badge.",
                    "too_many_tries",
                    headers={"Retry-After": str(wait)},
                )
            if self._is_right(tried, given):
                self._staff.give_try_back(member.event, member.id)
                return
            # At most thirty lines a day for an account: no stranger fills the disk with them.
            log.warning("wrong_pin", staff=member.id, of=member.event, tries_today=count)
            raise wrong_pin()

    def _of_now(self, member: Member) -> Member:
        """The account as it is now."""
        tried = self._staff.member(member.event, member.id)
        if tried is None or tried.revoked_at is not None:
            raise wrong_pin()
        return tried

    def _is_right(self, member: Member, given: str) -> bool:
        kept, worth = member.pin_hash, self._peppered(member, given)
        if kept is None:
            return False
        return aside(lambda: _matches(kept, worth))

    def _peppered(self, member: Member, secret: str) -> str:
        # A million PINs are soon tried on a stolen table, but not without the installation's key.
        return self._keys.derive("pin", member.event, member.id, secret).hex()


def wrong_pin() -> Problem:
    """The one answer to a wrong name, PIN or passphrase."""
    # 403: a 401 would tell the page that its session has ended.
    return Problem(403, "That is not right. Try again.", "wrong_pin")


def aside(work: Callable[[], T]) -> T:
    """Do slow sums in a native thread, so that nobody else's request waits for them."""
    result: T = gevent.get_hub().threadpool.apply(work)
    return result


def _matches(kept: str, worth: str) -> bool:
    try:
        return _hasher.verify(kept, worth)
    except (VerificationError, InvalidHashError):
        return False
