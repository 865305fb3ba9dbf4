"""Asking to be told while the page is closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tentqueue.app import create_app
from tentqueue.settings import Settings
from tests.cast import NOON, race
from tests.test_web_push import Browser
from tests.web.outside import Credentials, Hands, Outside


class Pushing(Outside):
    """A server that somebody answers for at the push services."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.credentials = Hands(NOON), Credentials()
        settings = Settings(
            database=f"sqlite:///{folder / 'tent.db'}",
            ticks=False,
            push_contact="mailto:tent@example.org",
        )
        self.app = create_app(settings, self.clock, self.credentials)
        self.house = self.app.extensions["tentqueue"]
        self.day = self.house.define(race())
        self.client = self.app.test_client()


@pytest.fixture
def pushing(tmp_path: Path) -> Iterator[Pushing]:
    """A tent that may push."""
    made = Pushing(tmp_path)
    yield made
    made.close()


def body(**other: str) -> dict[str, str]:
    """What a browser sends, or something else in its place."""
    phone = replace(Browser().phone)
    return {"endpoint": phone.endpoint, "p256dh": phone.p256dh, "auth": phone.auth} | other


def ask(tent: Outside, ticket: dict[str, Any], who: str = "", **other: str) -> Any:
    """Subscribe with the ticket's key."""
    return tent.post(
        f"/api/v1/tickets/{ticket['id']}/push", body(**other), who=who or ticket["key"]
    )


def phones_of(tent: Outside, ticket: dict[str, Any]) -> list[Any]:
    """Who would be woken."""
    return tent.house.storage.alarms.of_ticket("riverside-half", ticket["id"])


def test_a_subscription_is_kept_with_the_language_of_its_phone(pushing: Pushing) -> None:
    ticket = pushing.join()
    assert ask(pushing, ticket).status_code == 204
    assert ask(pushing, ticket).status_code == 204, "twice is harmless"
    (phone,) = phones_of(pushing, ticket)
    assert (phone.endpoint, phone.language) == (body()["endpoint"], "en")


def test_the_page_carries_the_key_to_subscribe_with(pushing: Pushing) -> None:
    page = pushing.get(f"/t/{pushing.join()['id']}").text
    assert f'data-push="{pushing.house.context.push_key}"' in page
    assert len(pushing.house.context.push_key) == 87


def test_erase_me_takes_the_subscription_along(pushing: Pushing) -> None:
    ticket = pushing.join()
    ask(pushing, ticket)
    pushing.post(f"/api/v1/tickets/{ticket['id']}/erase", who=ticket["key"])
    assert phones_of(pushing, ticket) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "https://evil.example/"),
        ("endpoint", "https://127.0.0.1/fcm.googleapis.com"),
        ("p256dh", "AAAA"),
        ("p256dh", "not base64 \u2603"),
        ("auth", "AAAA"),
    ],
)
def test_what_no_browser_would_send_is_refused(pushing: Pushing, field: str, value: str) -> None:
    ticket = pushing.join()
    refused = ask(pushing, ticket, **{field: value})
    assert refused.status_code == 422
    assert list(refused.json["fields"]) == [field]
    assert phones_of(pushing, ticket) == []


def test_nobody_is_told_of_anothers_call(pushing: Pushing) -> None:
    ticket = pushing.join()
    for who in ("key-another", "therapist:ana", "board:tv"):
        assert ask(pushing, ticket, who=who).status_code == 403
    assert phones_of(pushing, ticket) == []


def test_a_tent_nobody_answers_for_pushes_nothing_and_says_so(outside: Outside) -> None:
    ticket = outside.join()
    assert ask(outside, ticket).status_code == 404
    assert 'data-push=""' in outside.get(f"/t/{ticket['id']}").text
