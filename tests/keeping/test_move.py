"""An event moves between databases with everything that hangs on it, and back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tentqueue.app import create_app
from tentqueue.second_machine import move
from tentqueue.settings import Settings
from tentqueue.storage import Storage, StorageError
from tests.cast import NOON, race
from tests.web.inside import EVENT, SLUG, Inside
from tests.web.outside import Hands
from tests.web.test_auth import _recovery

pytestmark = pytest.mark.postgres


def rows(url: str) -> list[object]:
    """The whole journal, and who is behind the tickets."""
    with closing(Storage.open(url)) as storage:
        return [*storage.journal.read(SLUG), *storage.people.of_event(SLUG)]


def test_from_a_file_to_postgresql_in_the_middle_of_a_race_and_back(
    tmp_path: Path, postgres_url: str
) -> None:
    laptop = Inside(tmp_path)
    phone = laptop.browser()
    ticket = phone.post(f"{EVENT}/tickets", _recovery() | {"bib": "1204", "word": "heron"}).json
    laptop.house.close()
    file = f"sqlite:///{tmp_path / 'tent.db'}"
    last = move(file, SLUG, postgres_url, NOON)
    assert rows(postgres_url) == rows(file)
    assert last == len(rows(file)) - 1

    app = create_app(Settings(database=postgres_url, ticks=False), Hands(NOON))
    client = app.test_client()
    path, key = f"/api/v1/tickets/{ticket['id']}", {"Authorization": f"Bearer {ticket['key']}"}
    assert client.get(path, headers=key).json["code"] == ticket["code"]
    found = client.post(f"{EVENT}/tickets/find", json={"bib": "1204", "word": "heron"})
    assert found.json["id"] == ticket["id"]
    again = client.post(f"{EVENT}/tickets", json=_recovery())
    assert again.json["code"] == "R002", "no code is used twice, and none is skipped"
    app.extensions["tentqueue"].close()

    back = f"sqlite:///{tmp_path / 'back.db'}"
    move(postgres_url, SLUG, back, NOON)
    assert rows(back) == rows(postgres_url)


def test_under_a_running_server_nothing_is_moved(tmp_path: Path, postgres_url: str) -> None:
    laptop = Inside(tmp_path)
    file = f"sqlite:///{tmp_path / 'tent.db'}"
    with pytest.raises(StorageError, match="stop it, then move"):
        move(file, SLUG, postgres_url, NOON)
    laptop.house.close()
    assert move(file, SLUG, postgres_url, NOON) == 1


def test_an_event_that_is_there_already_is_not_overwritten(
    tmp_path: Path, postgres_url: str
) -> None:
    laptop = Inside(tmp_path)
    laptop.house.close()
    app = create_app(Settings(database=postgres_url, ticks=False), Hands(NOON))
    app.extensions["tentqueue"].define(race())
    app.extensions["tentqueue"].close()
    with pytest.raises(StorageError, match="already"):
        move(f"sqlite:///{tmp_path / 'tent.db'}", SLUG, postgres_url, NOON)
