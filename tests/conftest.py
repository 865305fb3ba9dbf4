"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres import Cluster, cluster_of_tests

# A shared machine may stall any example for a moment; benchmarks say how fast things are.
settings.register_profile("tent", deadline=None)
settings.load_profile("tent")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own."""
    yield from cluster_of_tests()


@pytest.fixture
def postgres_url(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An empty database on it, with a secret of its own."""
    monkeypatch.setenv("TENTQUEUE_KEYS", str(tmp_path / "tent.keys"))
    return cluster.new_url()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tent.db"
    return str(request.getfixturevalue("postgres_url"))
