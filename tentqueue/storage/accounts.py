"""What is kept of the staff: accounts, sessions, tokens and badges, as rows.

Secrets are digests only; instants are microseconds UTC; an empty event is the whole installation.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff, and how often in a row their PIN was wrong."""

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


@dataclass(frozen=True, slots=True)
class Badge:
    """A single-use code that enrols a device."""

    code_hash: bytes
    event: str
    role: str
    therapist: str | None
    expires_at: int
    used_at: int | None = None
