"""Keys derived from the installation's one secret, and the digests that are kept of others.

Never holds it: storage does.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Protocol


class Secrets(Protocol):
    """Keys derived from the installation's secret, one for each purpose."""

    def derive(self, purpose: str, *parts: str) -> bytes: ...
    def bib_tag(self, event: str, bib: str) -> bytes: ...


def digest(secret: str) -> bytes:
    """What is kept of a token, badge or session: those are random enough not to be guessed."""
    return sha256(secret.encode()).digest()
