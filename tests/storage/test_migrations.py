"""The tables are made step by step, and taken back as they came, in each kind of database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy import text as sql

from tentqueue.storage import JournalConflict, Storage, migrate
from tentqueue.storage.database import database_at
from tentqueue.storage.people import Person, PutPerson
from tentqueue.storage.schema import metadata
from tests.storage.conftest import row

STEPS = sorted(
    path.name[:4]
    for path in (Path(migrate.__file__).parent / "migrations" / "versions").glob("[0-9]*.py")
)
MIA = Person("riverside", "t1", "B77", b"tag", "Mia", "word")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without any table."""
    monkeypatch.setenv("TENTQUEUE_KEYS", str(tmp_path / "tent.keys"))
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tent.db'}"
    return str(request.getfixturevalue("cluster").bare_url())


def columns(url: str) -> set[tuple[str, str]]:
    """Each column of each table of a database, without the migrations' own."""
    with create_engine(url).connect() as connection:
        looked = inspect(connection)
        return {
            (table, column["name"])
            for table in looked.get_table_names()
            if table != "alembic_version"
            for column in looked.get_columns(table)
        }


def indices(url: str) -> set[str]:
    """How each index of the journal and the people table is made, in the database's own words."""
    kind = url.partition(":")[0]
    asked = (
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if kind == "sqlite"
        else "SELECT indexdef FROM pg_indexes WHERE tablename IN ('journal', 'people')"
    )
    with create_engine(url).connect() as connection:
        return {" ".join(str(row[0]).split()) for row in connection.execute(sql(asked))}


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
    every, before = columns(bare), columns(bare)
    for step in reversed(STEPS[:-1]):
        database.migrate(step)
        assert columns(bare) != before, f"the way back to {step} changed nothing"
        before = columns(bare)
    database.migrate()
    assert differences(bare) == []
    assert columns(bare) == every


def test_a_table_without_what_nothing_filled_keeps_its_indices(bare: str) -> None:
    database = database_at(bare)
    database.migrate()
    database.migrate("0006")
    before = indices(bare)
    assert any("journal_key" in index and "WHERE" in index for index in before)
    database.migrate()
    assert {_plain(index) for index in indices(bare)} == {_plain(index) for index in before}


def _plain(index: str) -> str:
    return index.replace('"', "").replace("(key IS NOT NULL)", "key IS NOT NULL")


@pytest.mark.parametrize("step", STEPS[-2:-4:-1])
def test_a_day_outlives_the_way_back_a_step_or_two_and_forward(bare: str, step: str) -> None:
    with closing(Storage.open(bare)) as storage:
        storage.journal.create_event("riverside", b"{}", at=1)
        storage.journal.submit("riverside", row(1, "one"), [PutPerson(MIA)]).wait()
    database_at(bare).migrate(step)
    with closing(Storage.open(bare)) as storage:
        assert [kept.number for kept in storage.journal.read("riverside")] == [1]
        assert storage.people.of_event("riverside") == [MIA]
        with pytest.raises(JournalConflict):
            storage.journal.submit("riverside", row(2, "one")).wait()
