"""A full disk is told as what it is, whoever writes: a runner or one of the staff."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.inside import Inside


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    opened = Inside(tmp_path)
    yield opened
    opened.close()


def limit_pages(inside: Inside, pages: int) -> None:
    """Let the file grow to so many pages and no more."""

    def limit(connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    inside.house.storage._writer._run_alone(limit)


def test_a_badge_on_a_full_disk_is_refused_with_507_and_made_once_there_is_room(
    inside: Inside,
) -> None:
    organiser = inside.organiser()
    limit_pages(inside, 1)  # never below what is used: no more pages from now on
    body = {"event": "riverside-half", "role": "desk"}
    answers = [organiser.post("badges", body) for _ in range(300)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused, "three hundred badges fitted into no new page"
    assert {answer.status_code for answer in refused} == {507}
    assert refused[0].json["code"] == "storage_full"
    limit_pages(inside, 100_000)
    assert organiser.post("badges", body).status_code == 200
