"""Websocket frames as a server writes them: whole, final and unmasked (RFC 6455, 5.2)."""

from __future__ import annotations

import struct


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
