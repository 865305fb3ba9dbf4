"""One open database with one event, for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tentqueue.storage import Record, Storage


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/tent.db"


@pytest.fixture
def storage(url: str) -> Iterator[Storage]:
    opened = Storage.open(url)
    opened.journal.create_event("riverside", b"{}", at=1)
    yield opened
    opened.close()


def row(number: int, key: str | None = None, actor: str = "desk") -> Record:
    return Record(number, at=number * 1000, events=b"[]", actor=actor, key=key)
