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
    """A PostgreSQL server of the tests' own. Tests kill processes and cut lines, never the
    machine's power, so what a commit has handed to the system is kept without a sync."""
    yield from cluster_of_tests("-c", "fsync=off")


@pytest.fixture
def postgres_url(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A database on it without a row, with a secret of its own."""
    monkeypatch.setenv("TENTQUEUE_KEYS", str(tmp_path / "tent.keys"))
    return cluster.new_url()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a row, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tent.db"
    return str(request.getfixturevalue("postgres_url"))
