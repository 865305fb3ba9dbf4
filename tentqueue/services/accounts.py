"""What is kept of the staff: accounts, sessions, tokens and badges, as rows, and by whom.

Secrets are digests only; instants are microseconds UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

INSTALLATION = ""
"""The event of accounts that hold for every event."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff, and how often their PIN was wrong."""

    event: str
    id: str
    role: str
    name: str
    therapist: str | None = None
    pin_hash: str | None = None
    failures: int = 0
    locked_until: int | None = None
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    sid_hash: bytes
    staff: str
    event: str
    role: str
    therapist: str | None
    created_at: int
    seen_at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token for a program."""

    hash: bytes
    event: str
    role: str
    therapist: str | None
    created_at: int
    revoked_at: int | None = None

    @property
    def label(self) -> str:
        """How it is named where nobody may see it: the journal calls its holder by this, too."""
        return f"token-{self.hash.hex()[:6]}"


@dataclass(frozen=True, slots=True)
class Badge:
    """A single-use code that enrols a device."""

    code_hash: bytes
    event: str
    role: str
    therapist: str | None
    expires_at: int
    used_at: int | None = None


class StaffTable(Protocol):
    """The staff's tables, as storage offers them; a change returns when it is kept."""

    def put(self, row: Member | Session | Token | Badge) -> None: ...
    def member(self, event: str, member_id: str) -> Member | None: ...
    def members(self, event: str) -> list[Member]: ...
    def take_try(
        self, event: str, member_id: str, tries: int, now: int, until: int
    ) -> int | None: ...
    def give_try_back(self, event: str, member_id: str) -> None: ...
    def revoke_member(self, event: str, member_id: str, at: int) -> None: ...
    def session(self, sid_hash: bytes) -> Session | None: ...
    def sessions(self, event: str) -> list[Session]: ...
    def touch_session(self, sid_hash: bytes, at: int) -> None: ...
    def revoke_session(self, sid_hash: bytes, at: int) -> bool: ...
    def token(self, token_hash: bytes) -> Token | None: ...
    def tokens(self, event: str) -> list[Token]: ...
    def revoke_token(self, token_hash: bytes, at: int) -> bool: ...
    def badge(self, code_hash: bytes) -> Badge | None: ...
    def withdraw_badges(self, event: str, mark: bytes) -> int: ...
    def take_badge(self, code_hash: bytes, at: int) -> Badge | None: ...
