"""One open database with one event, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tentqueue.storage import Record, Storage

of_a_file = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For what only a file can be asked."""


@pytest.fixture
def storage(url: str) -> Iterator[Storage]:
    opened = Storage.open(url)
    opened.journal.create_event("riverside", b"{}", at=1)
    yield opened
    opened.close()


def row(number: int, key: str | None = None, actor: str = "desk") -> Record:
    return Record(number, at=number * 1000, events=b"[]", actor=actor, key=key)
