"""Webhooks: signed, in order, sent until they arrive, never with people or health in them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tentqueue.services.webhooks import MOST_FAILURES, Hook, Webhooks
from tentqueue.webhook_sender import Sender, problem_with
from tests.keeping.laptop import SLUG
from tests.web.inside import EVENT, Inside

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


class Receiver:
    """Somebody's program: notes what it gets, and answers as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({k.lower(): v for k, v in self.headers.items()}, raw))
                self.send_response(outer.answers.pop(0) if outer.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def told(self) -> list[dict[str, Any]]:
        """What was said, in order."""
        return [json.loads(raw) for _, raw in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


@pytest.fixture
def inside(tmp_path: Path, url: str) -> Iterator[Inside]:
    opened = Inside(tmp_path, database=url)
    yield opened
    opened.close()


def hooks_of(inside: Inside, receiver: Receiver) -> Webhooks:
    """The server's webhooks, delivering in this thread."""
    house = inside.house
    sender = Sender(frozenset({receiver.host}))
    return Webhooks(
        house.tents, house.storage.hooks, inside.clock, sender, lambda do, hook: do(hook)
    )


def hooked(inside: Inside, receiver: Receiver) -> Hook:
    """A hook from now on."""
    url = f"http://{receiver.host}/hook"
    hook = Hook("one", SLUG, url, SECRET, inside.day.tent.version)
    inside.house.storage.hooks.put(hook)
    return hook


def kept(inside: Inside) -> Hook:
    """The hook as it is kept."""
    return inside.house.storage.hooks.all()[0]


def test_each_message_is_signed_as_the_standard_says(inside: Inside, receiver: Receiver) -> None:
    hooked(inside, receiver)
    code = inside.join(inside.browser())["code"]
    hooks_of(inside, receiver).tick()
    headers, raw = receiver.got[0]
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + raw
    worth = base64.b64encode(hmac.new(b"k" * 24, said, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{worth}"
    told = json.loads(raw)
    assert told["type"] == "ticket.joined"
    assert told["data"]["code"] == code
    assert kept(inside).cursor == inside.day.tent.version


def test_nothing_of_health_or_people_is_ever_sent(inside: Inside, receiver: Receiver) -> None:
    hooked(inside, receiver)
    body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
    told = {"name": "Zoe", "bib": "B77", "areas": ["knees"], "screening": "ask"}
    joined = inside.browser().post(f"{EVENT}/tickets", body | told).json
    organiser = inside.token("organiser")
    answer = inside.browser().post(
        f"{EVENT}/tickets/{joined['code']}/refer", {"category": "skin"}, **organiser
    )
    assert answer.status_code == 200, answer.json
    hooks_of(inside, receiver).tick()
    assert [message["type"] for message in receiver.told()] == ["ticket.joined", "ticket.left"]
    sent = b"".join(raw for _, raw in receiver.got).decode()
    secrets = ("Zoe", "B77", "knees", "skin", "ask", "refer", joined["id"])
    assert [secret for secret in secrets if secret in sent] == []


def test_what_failed_comes_again_later_in_order_under_the_same_id(
    inside: Inside, receiver: Receiver
) -> None:
    hooked(inside, receiver)
    hooks = hooks_of(inside, receiver)
    inside.join(inside.browser())
    inside.join(inside.browser())
    receiver.answers = [500, 302]
    hooks.tick()
    hooks.tick()
    assert len(receiver.got) == 1, "it rests after a failure"
    inside.clock.at += timedelta(seconds=6)
    hooks.tick()
    assert len(receiver.got) == 2, "a redirect is a failure and is not followed"
    inside.clock.at += timedelta(seconds=16)
    hooks.tick()
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert (kept(inside).failures, kept(inside).retry_at) == (0, None)


def test_a_restart_goes_on_where_the_receiver_was(inside: Inside, receiver: Receiver) -> None:
    hooked(inside, receiver)
    inside.join(inside.browser())
    hooks_of(inside, receiver).tick()
    inside.join(inside.browser())
    hooks_of(inside, receiver).tick()
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(ids) == len(set(ids)) == 2


def test_a_receiver_that_is_gone_for_a_day_or_says_so_is_asked_no_more(
    inside: Inside, receiver: Receiver
) -> None:
    hook = hooked(inside, receiver)
    inside.join(inside.browser())
    hooks = hooks_of(inside, receiver)
    receiver.answers = [410]
    assert hooks.deliver(hook).ended_at is not None
    receiver.answers = [500]
    assert hooks.deliver(replace(hook, failures=MOST_FAILURES - 1)).ended_at is not None
    hooks.tick()
    assert len(receiver.got) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "ftp://example.org",
        "https://user:word@example.org",
        "https://",
        "https://example.org/#part",
        "javascript:alert(1)",
        "https://[::1",
        "https://example.org:99999/",
        "https://exa mple.org",
    ],
)
def test_an_address_that_makes_no_sense_is_refused(url: str) -> None:
    assert problem_with(url, frozenset())


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "192.168.1.1", "[::1]", "0.0.0.0"]
)
def test_the_venues_own_network_is_never_reached(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(*_: object, **__: object) -> None:
        pytest.fail("it tried to connect")

    monkeypatch.setattr(socket, "create_connection", reached)
    with pytest.raises(OSError, match="not on the internet"):
        Sender(frozenset())(f"https://{host}/", {}, b"")


def test_organisers_give_and_end_an_address_and_see_its_secret_once(inside: Inside) -> None:
    organiser = inside.organiser()
    made = organiser.post("webhook", {"event": SLUG, "url": "https://example.org/hook"})
    assert made.status_code == 200, made.json
    assert made.json["secret"].startswith("whsec_")
    listed = organiser.get(f"webhooks?event={SLUG}").json["webhooks"]
    assert [hook["url"] for hook in listed] == ["https://example.org/hook"]
    assert "secret" not in listed[0]
    inward = organiser.post("webhook", {"event": SLUG, "url": "http://127.0.0.1/hook"})
    assert inward.status_code == 422
    body = {"event": SLUG, "webhook": made.json["webhook"]}
    assert organiser.post("webhook-end", body).status_code == 200
    assert organiser.post("webhook-end", body).status_code == 404
