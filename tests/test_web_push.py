"""Notifications go sealed and signed to push services, and nowhere else."""

from __future__ import annotations

import base64
import json
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from tentqueue import web_push
from tentqueue.services.alarms import Gone, Phone
from tentqueue.web_push import Pushes, known_service, public_address_of

SECRET = b"s" * 32
SERVICE = "https://fcm.googleapis.com/fcm/send/abc?x=1"


def text(raw: bytes) -> str:
    """base64url without padding, as browsers write it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    """A browser with a push subscription, which can read what it is sent."""

    def __init__(self) -> None:
        self.key, self.secret = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.phone = Phone("mia", SERVICE, text(point), text(self.secret), "en")

    def read(self, sealed: bytes) -> Any:
        """Open a message."""
        return json.loads(
            http_ece.decrypt(
                sealed, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
            )
        )


class Post:
    """A push service that answers as told."""

    def __init__(self, status: int = 201) -> None:
        self.status, self.seen = status, []

    def __call__(self, host: str, path: str, headers: dict[str, str], body: bytes) -> int:
        self.seen.append((host, path, headers, body))
        if self.status == 0:
            raise OSError("no route")
        return self.status


def test_only_the_browser_can_read_it_and_only_for_the_time_of_a_call() -> None:
    browser, post = Browser(), Post()
    Pushes(SECRET, "mailto:tent@example.org", post).send(browser.phone, {"title": "Your turn"})
    ((host, path, headers, body),) = post.seen
    assert (host, path) == ("fcm.googleapis.com", "/fcm/send/abc?x=1")
    assert b"Your turn" not in body
    assert browser.read(body) == {"title": "Your turn"}
    assert (headers["TTL"], headers["Urgency"]) == ("180", "high")


def test_it_is_signed_with_the_key_that_browsers_subscribed_to() -> None:
    browser, post = Browser(), Post()
    pushes = Pushes(SECRET, "mailto:tent@example.org", post)
    pushes.send(browser.phone, {})
    assert pushes.public_key == Pushes(SECRET, "mailto:other@example.org").public_key
    assert pushes.public_key != Pushes(b"t" * 32, "mailto:tent@example.org").public_key
    signed = post.seen[0][2]["Authorization"]
    assert f"k={pushes.public_key}" in signed
    assert Vapid02.verify(signed)


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_ended_is_said_so(status: int) -> None:
    with pytest.raises(Gone):
        Pushes(SECRET, "mailto:tent@example.org", Post(status)).send(Browser().phone, {})


@pytest.mark.parametrize("status", [0, 400, 429, 500])
def test_a_service_that_fails_disturbs_nobody(status: int) -> None:
    post = Post(status)
    Pushes(SECRET, "mailto:tent@example.org", post).send(Browser().phone, {})
    assert len(post.seen) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        SERVICE,
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://db5p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_browsers_are_known(endpoint: str) -> None:
    assert known_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://fcm.googleapis.com.evil.example/abc",
        "https://fcm.googleapis.com@evil.example/abc",
        "https://evil.example/?fcm.googleapis.com",
        "https://evilnotify.windows.com/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://fcm.googleapis.com:99999/abc",
        "fcm.googleapis.com",
        "",
        "https://fcm.googleapis.com/" + "a" * 1024,
    ],
)
def test_nobody_makes_the_tent_call_somebody_else(endpoint: str) -> None:
    post = Post()
    assert not known_service(endpoint)
    with pytest.raises(Gone):
        Pushes(SECRET, "mailto:tent@example.org", post).send(
            Phone("mia", endpoint, "key", "secret", "en"), {}
        )
    assert post.seen == []


def test_a_name_that_leads_into_the_own_network_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("192.168.1.5", 443)), (10, 1, 6, "", ("::1", 443))]

    monkeypatch.setattr(web_push.socket, "getaddrinfo", found)
    with pytest.raises(OSError, match="no public address"):
        public_address_of("fcm.googleapis.com")
