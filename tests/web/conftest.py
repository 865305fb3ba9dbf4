"""What the tests of the outside share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.outside import Outside


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    """A fresh server, in this process."""
    server = Outside(tmp_path)
    yield server
    server.close()
