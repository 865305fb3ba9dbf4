"""Links name the address people reach; the laptop itself may still look in at its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tentqueue.app import create_app
from tentqueue.fanout import _may_open
from tentqueue.settings import Settings
from tests.web.inside import race
from tests.web.outside import Outside

PUBLIC = "https://tent.example"


def test_the_answer_to_a_join_holds_a_whole_address(outside: Outside) -> None:
    joined = outside.join(bib="0042", word="Heron")
    assert joined["url"].startswith("http")
    assert joined["url"].endswith(f"/t/{joined['id']}#{joined['key']}")
    found = outside.post("tickets/find", {"bib": "0042", "word": "heron"}).json
    assert found["url"] == joined["url"]


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        (PUBLIC, "tent.example", True),
        (PUBLIC, "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "tent.example", False),
        ("https://evil.example", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
    ],
)
def test_a_socket_is_for_the_public_address_and_the_one_it_came_by(
    origin: str, host: str, may: bool
) -> None:
    environ = {"wsgi.url_scheme": "http", "HTTP_HOST": host}
    assert _may_open(frozenset({PUBLIC}), origin, environ) is may


def test_an_event_that_is_defined_again_is_stored_as_it_is_now(tmp_path: Path) -> None:
    app = create_app(Settings(database=f"sqlite:///{tmp_path / 'tent.db'}", ticks=False))
    house = app.extensions["tentqueue"]
    house.define(race())
    house.define(replace(race(), name="Another name"))
    stored = house.storage.journal.get_event(race().slug)
    assert b"Another name" in stored.definition
    house.close()
