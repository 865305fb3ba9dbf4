"""Journal entries as JSON and back: each event is `[kind, fields]`, the kind its class name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from tentqueue.domain import events as happened
from tentqueue.domain.events import Event
from tentqueue.domain.tent import Entry

_KINDS: dict[str, type[Event]] = {
    name: kind
    for name, kind in vars(happened).items()
    if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ != Event.__module__
}
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in _KINDS.items()}
_PAIRS: msgspec.json.Decoder[list[tuple[str, msgspec.Raw]]] = msgspec.json.Decoder(
    list[tuple[str, msgspec.Raw]]
)
_ENCODER = msgspec.json.Encoder()


def encode_events(events: tuple[Event, ...]) -> bytes:
    """Write events as a JSON array."""
    pairs: list[tuple[str, Any]] = [(type(event).__name__, event) for event in events]
    return _ENCODER.encode(pairs)


def decode_events(text: bytes) -> tuple[Event, ...]:
    """Read events as written by `encode_events`.

    Raises: msgspec.ValidationError, KeyError for what no version of tentqueue wrote.
    """
    return tuple(_DECODERS[kind].decode(fields) for kind, fields in _PAIRS.decode(text))


def micros(at: datetime) -> int:
    """An instant as whole microseconds since the epoch."""
    return round(at.timestamp() * 1_000_000)


def entry_of(number: int, at: int, actor: str, events: bytes) -> Entry:
    """Rebuild an entry from its row."""
    when = datetime.fromtimestamp(at / 1_000_000, UTC)
    return Entry(number, when, actor, decode_events(events))
