"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# A shared machine may stall any example for a moment; benchmarks say how fast things are.
settings.register_profile("tent", deadline=None)
settings.load_profile("tent")
