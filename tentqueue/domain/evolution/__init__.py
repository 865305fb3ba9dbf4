"""What each event does to the tent. Total and pure: an event that happened always applies."""

from __future__ import annotations

from tentqueue.domain.evolution import calls, tables, tickets, whole  # noqa: F401  (they register)
from tentqueue.domain.evolution.registry import evolve

__all__ = ["evolve"]
