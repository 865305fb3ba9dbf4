"""Tools that look at the source: left out where somebody has not installed them, never in CI."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def tool(name: str) -> str:
    """Where a tool of the `test` extra is; without it the test is skipped, in CI it fails."""
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        left_out(f"{name} is not here: make .venv/testable")
    return str(found)


def left_out(why: str) -> None:
    """Skip the test, or fail it in CI."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
