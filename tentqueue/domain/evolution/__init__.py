"""What each event does to the tent. Total and pure: an event that happened always applies."""

from __future__ import annotations

from tentqueue.domain.evolution import (  # noqa: F401  (they register)
    books,
    calls,
    paper,
    tables,
    tickets,
    whole,
)
from tentqueue.domain.evolution.registry import evolve

__all__ = ["evolve"]
