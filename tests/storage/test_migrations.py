"""The tables are made step by step, and taken back as they came, in each kind of database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from tentqueue.storage import Storage, migrate
from tentqueue.storage.database import database_at
from tentqueue.storage.schema import metadata
from tests.storage.conftest import row

STEPS = sorted(
    path.name[:4]
    for path in (Path(migrate.__file__).parent / "migrations" / "versions").glob("[0-9]*.py")
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without any table."""
    monkeypatch.setenv("TENTQUEUE_KEYS", str(tmp_path / "tent.keys"))
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tent.db'}"
    return str(request.getfixturevalue("cluster").bare_url())


def tables(url: str) -> set[str]:
    """The tables of a database, without the migrations' own."""
    with create_engine(url).connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(url: str) -> list[object]:
    """What the tables lack, or have too much, beside the schema."""
    with create_engine(url).connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_the_migrations_make_exactly_the_tables_of_the_schema(bare: str) -> None:
    database_at(bare).migrate()
    assert differences(bare) == []


def test_every_step_goes_back_and_forward_again(bare: str) -> None:
    database = database_at(bare)
    database.migrate()
    before = tables(bare)
    for step in reversed(STEPS[:-1]):
        database.migrate(step)
        assert tables(bare) < before
        before = tables(bare)
    database.migrate()
    assert differences(bare) == []


def test_a_day_outlives_the_way_back_to_the_step_before_and_forward(bare: str) -> None:
    with closing(Storage.open(bare)) as storage:
        storage.journal.create_event("riverside", b"{}", at=1)
        storage.journal.submit("riverside", row(1)).wait()
    database_at(bare).migrate(STEPS[-2])
    with closing(Storage.open(bare)) as storage:
        assert [kept.number for kept in storage.journal.read("riverside")] == [1]
