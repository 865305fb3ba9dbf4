"""What is kept and what goes, on PostgreSQL as on a file: wipe, erasure, lists, doctor, backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tentqueue.domain.keeping import wipe_due_at
from tests.cast import race
from tests.keeping.test_wipe import CANARIES, a_day, bytes_with, check_journal
from tests.roster.test_import_command import SLUG, STARTS, listed
from tests.test_cli import Console
from tests.web.inside import Inside

pytestmark = pytest.mark.postgres


@pytest.fixture
def inside(postgres_url: str, tmp_path: Path) -> Iterator[Inside]:
    """A server on an empty database."""
    opened = Inside(tmp_path, database=postgres_url)
    yield opened
    opened.close()


def rows_with(url: str, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Which of the words stand in which tables."""
    found: dict[str, list[str]] = {}
    plain = urlsplit(url)._replace(scheme="postgresql").geturl()
    with psycopg.connect(plain) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            text = " ".join(
                bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                for row in rows
                for cell in row
            )
            if hits := [word for word in words if word in text]:
                found[table] = hits
    return found


def test_records_go_at_their_hour_from_every_table_and_backup(
    inside: Inside, postgres_url: str, tmp_path: Path
) -> None:
    ticket = a_day(inside, tmp_path)
    assert rows_with(postgres_url, CANARIES)
    due = wipe_due_at(race())
    assert due is not None
    inside.clock.at = due
    for _ in range(2):
        inside.house.tents.tick()
        inside.house.privacy.tick()
    wipe = inside.day.tent.wipe
    assert wipe is not None
    assert wipe.proven_at is not None
    assert (wipe.counts["people"], wipe.counts["backups"], wipe.counts["left"]) == (1, 2, 0)
    assert rows_with(postgres_url, (*CANARIES, ticket["id"])) == {}
    assert bytes_with(tmp_path, CANARIES) == {}
    check_journal(inside)


def test_who_asks_to_be_erased_stands_in_no_table(
    inside: Inside, postgres_url: str, tmp_path: Path
) -> None:
    ticket = a_day(inside, tmp_path)
    bearer = {"Authorization": f"Bearer {ticket['key']}"}
    erased = inside.browser().post(f"/api/v1/tickets/{ticket['id']}/erase", **bearer)
    assert erased.status_code == 200
    assert rows_with(postgres_url, CANARIES[:3]) == {}


def test_lists_are_imported_looked_over_and_backed_up_from_the_terminal(
    postgres_url: str, tmp_path: Path
) -> None:
    console = Console(tmp_path)
    console.url = postgres_url
    console.told(0, "event", "create", "race.toml")
    (tmp_path / "s.csv").write_text(STARTS)
    assert "2 new, 0 changed" in console.told(0, "import", SLUG, "starts", "s.csv")
    assert listed(console) == 2
    console.told(0, "backup", SLUG, "b.zip")
    assert (tmp_path / "b.zip").stat().st_size > 500
    looked = console.run("doctor")
    assert "Traceback" not in looked.stderr
    assert looked.returncode == 0, looked.stdout
