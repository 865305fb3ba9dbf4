"""An event moves between databases with everything that hangs on it, and back."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tentqueue.app import create_app
from tentqueue.opening import tents_of
from tentqueue.second_machine import move
from tentqueue.settings import Settings
from tentqueue.storage import JournalUnavailable, Storage, StorageError
from tentqueue.storage.database import database_at
from tests.cast import NOON, race
from tests.postgres import Cluster
from tests.web.inside import EVENT, SLUG, Inside
from tests.web.outside import Hands
from tests.web.test_auth import _recovery
from tests.workers.crew import Crew, Worker, until

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


class Crowd:
    """Four who join without a pause; what they were told."""

    def __init__(self, worker: Worker) -> None:
        self.worker, self.kept, self.refused = worker, list[str](), 0
        self._threads = [threading.Thread(target=self._run) for _ in range(4)]
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        while True:
            try:
                answer = self.worker.join()
            except requests.RequestException:
                self.refused += 1
                return
            if answer.status_code == 201:
                self.kept.append(answer.json()["id"])

    def gone(self) -> None:
        """Wait until each has heard that nobody is there."""
        for thread in self._threads:
            thread.join()


@pytest.mark.parametrize("way", ["to PostgreSQL", "back"])
def test_whoever_joins_during_a_move_is_in_the_new_database_or_was_told_no(
    tmp_path: Path, postgres_url: str, way: str
) -> None:
    urls = f"sqlite:///{tmp_path / 'tent.db'}", postgres_url
    source, target = urls if way == "to PostgreSQL" else urls[::-1]
    crew = Crew(source)
    crowd = Crowd(crew.start())
    until(lambda: len(crowd.kept) > 20)
    for _ in range(3):
        with pytest.raises(StorageError, match="stop it, then move"):
            move(source, SLUG, target, NOON)
    with closing(Storage.open(target)) as storage:
        assert storage.journal.list_events() == [], "a refused move leaves nothing there"
    # The server dies in the middle of joins, while somebody tries to move again and again.
    threading.Timer(0.3, crew.workers[0].kill).start()
    until(lambda: moved(source, target), 20)
    crowd.gone()
    assert crowd.refused == 4
    with closing(Storage.open(target)) as storage:
        there = set(tents_of(storage).of(SLUG).tent.ids)
    assert set(crowd.kept) <= there
    assert rows(target) == rows(source)


def moved(source: str, target: str) -> bool:
    """Try once."""
    try:
        return bool(move(source, SLUG, target, NOON))
    except StorageError:
        return False


def test_who_comes_to_write_during_a_move_is_told_to_wait(url: str) -> None:
    Storage.open(url).close()
    with database_at(url).alone(), pytest.raises(JournalUnavailable, match="being moved"):
        Storage.open(url)
    Storage.open(url).close()


def test_a_worker_whose_line_was_cut_keeps_nothing_during_a_move(
    postgres_url: str, cluster: Cluster
) -> None:
    crew = Crew(postgres_url)
    try:
        worker = crew.start()
        assert worker.join().status_code == 201
        database = database_at(postgres_url)
        with pytest.raises(StorageError, match="stop it"), database.alone():
            raise AssertionError("a worker holds it")
        hang_up(cluster, postgres_url)
        with database.alone():
            told = worker.join(key="late")
            assert told.status_code == 503
            assert told.headers["Retry-After"]
        until(lambda: worker.join(key="late").status_code == 201)
        assert len(worker.get("tent")["tickets"]) == 2
    finally:
        crew.close()


def hang_up(cluster: Cluster, url: str) -> None:
    """Cut everybody off a database."""
    name = url.rpartition("/")[2]
    cluster.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
