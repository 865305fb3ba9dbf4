"""Workers for tests that need several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workers.crew import Crew


@pytest.fixture
def crew(postgres_url: str) -> Iterator[Crew]:
    """Nobody yet, on an empty database."""
    made = Crew(postgres_url)
    yield made
    made.close()
