"""Instants as the tent's clock shows them, on pages that organisers read. Never changes one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def by_tent_clock(instant: str | None, zone: ZoneInfo) -> str | None:
    """An ISO instant as day and minute in the event's own zone; nothing for nothing."""
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}" if instant else None
