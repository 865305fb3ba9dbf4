"""Websocket frames as a server writes them: whole, final and unmasked (RFC 6455, 5.2)."""

from __future__ import annotations

import struct

_NEVER_SENT = frozenset({1004, 1005, 1006, 1015})
"""What a library reports of a goodbye without a code, and others that may not be in a frame."""


def text_frame(text: bytes) -> bytes:
    """A text message."""
    return frame_of(0x81, text)


def frame_of(head: int, body: bytes) -> bytes:
    """A frame with its first byte given: the final bit and the opcode."""
    size = len(body)
    if size < 126:
        return bytes((head, size)) + body
    if size < 65536:
        return struct.pack("!BBH", head, 126, size) + body
    return struct.pack("!BBQ", head, 127, size) + body


def answer_to(goodbye: int) -> int:
    """The code that answers a client's goodbye: its own where that may be sent (RFC 6455, 7.4)."""
    if goodbye in _NEVER_SENT:
        return 1000
    return goodbye if 1000 <= goodbye <= 1014 or 3000 <= goodbye < 5000 else 1002
