"""Websocket frames as a server writes them: whole, final and unmasked (RFC 6455, 5.2)."""

from __future__ import annotations

import struct
from functools import lru_cache

_NEVER_SENT = frozenset({1004, 1005, 1006, 1015})
"""What a library reports of a goodbye without a code, and others that may not be in a frame."""


def text_frame(*parts: bytes) -> bytes:
    """A text message, from its parts."""
    body = b"".join(parts)
    # Copied twice, which for a kilobyte is quicker than asking each part for its length.
    return _head(0x81, len(body)) + body


def text_in(frame: bytes) -> bytes:
    """The text of a frame of ours."""
    return frame[{126: 4, 127: 10}.get(frame[1], 2) :]


def frame_of(head: int, body: bytes) -> bytes:
    """A frame with its first byte given: the final bit and the opcode."""
    return _head(head, len(body)) + body


@lru_cache(maxsize=4096)
def _head(first: int, size: int) -> bytes:
    """What stands before a body of so many bytes: the views of thousands are of a few lengths."""
    if size < 126:
        return bytes((first, size))
    if size < 65536:
        return struct.pack("!BBH", first, 126, size)
    return struct.pack("!BBQ", first, 127, size)


def answer_to(goodbye: int) -> int:
    """The code that answers a client's goodbye: its own where that may be sent (RFC 6455, 7.4)."""
    if goodbye in _NEVER_SENT:
        return 1000
    return goodbye if 1000 <= goodbye <= 1014 or 3000 <= goodbye < 5000 else 1002
