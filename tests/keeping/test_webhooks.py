"""Webhooks: signed, in order, sent until they arrive, never with people or health in them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tentqueue.services.clock import micros
from tentqueue.services.webhooks import MOST_FAILURES, UNREACHED, Hook, Webhooks, signature
from tentqueue.web.hooks import MOST
from tentqueue.webhook_sender import Sender, problem_with
from tests.keeping.laptop import SLUG
from tests.keeping.receiver import Receiver
from tests.web.inside import EVENT, Inside

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def inside(tmp_path: Path, url: str) -> Iterator[Inside]:
    opened = Inside(tmp_path, database=url)
    yield opened
    opened.close()


def hooks_of(inside: Inside, receiver: Receiver) -> Webhooks:
    """The server's webhooks, delivering in this thread."""
    house = inside.house
    sender = Sender(frozenset({receiver.host}))
    return Webhooks(house.tents, house.storage.hooks, inside.clock, sender, lambda do, *of: do(*of))


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


def test_how_the_last_try_went_is_kept_without_a_word_of_what_was_sent(
    inside: Inside, receiver: Receiver
) -> None:
    hook = hooked(inside, receiver)
    assert (hook.tried_at, hook.answered) == (None, None)
    hooks = hooks_of(inside, receiver)
    code = inside.join(inside.browser(), name="Zoe", bib="B77")["code"]
    receiver.answers = [503]
    hooks.tick()
    assert (kept(inside).tried_at, kept(inside).answered) == (micros(inside.clock.now()), 503)
    inside.clock.at += timedelta(seconds=6)
    hooks.tick()
    assert (kept(inside).tried_at, kept(inside).answered) == (micros(inside.clock.now()), 204)
    row = [str(value) for value in astuple(kept(inside))]
    assert [word for word in ("Zoe", "B77", code) if word in row] == []


def test_a_receiver_nobody_reaches_is_told_from_one_that_answers(inside: Inside) -> None:
    gone = Receiver()
    gone.close()
    hooked(inside, gone)
    inside.join(inside.browser())
    hooks_of(inside, gone).tick()
    assert (kept(inside).answered, kept(inside).failures) == (UNREACHED, 1)


def test_a_webhook_that_is_ended_during_a_delivery_stays_ended_and_gets_no_more(
    inside: Inside, receiver: Receiver
) -> None:
    hook = hooked(inside, receiver)
    for _ in range(3):
        inside.join(inside.browser())
    table, sender = inside.house.storage.hooks, Sender(frozenset({receiver.host}))

    def post(url: str, headers: dict[str, str], body: bytes) -> int:
        assert table.drop(SLUG, hook.id) or len(receiver.got) > 0
        return sender(url, headers, body)

    house = inside.house
    Webhooks(house.tents, table, inside.clock, post, lambda do, *of: do(*of)).tick()
    assert table.all() == []
    assert len(receiver.got) == 1


def test_a_test_is_signed_tells_of_nothing_and_moves_nothing_on(
    inside: Inside, receiver: Receiver
) -> None:
    hook = hooked(inside, receiver)
    inside.join(inside.browser())
    assert hooks_of(inside, receiver).try_out(hook)
    (message,) = receiver.told()
    assert (message["type"], message["data"]) == ("test", {"event": SLUG})
    headers, raw = receiver.got[0]
    at = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(SECRET, headers["webhook-id"], at, raw)
    assert (kept(inside).cursor, kept(inside).answered) == (hook.cursor, 204)


@pytest.mark.parametrize(("status", "failures"), [(204, 0), (500, 1)])
def test_a_test_that_arrives_ends_the_wait_for_the_next_try(
    inside: Inside, receiver: Receiver, status: int, failures: int
) -> None:
    hooked(inside, receiver)
    inside.join(inside.browser())
    hooks = hooks_of(inside, receiver)
    receiver.answers = [500, status]
    hooks.tick()
    assert hooks.try_out(kept(inside))
    assert (kept(inside).failures, kept(inside).answered) == (failures, status)
    hooks.tick()
    went_on = [message["type"] for message in receiver.told()][2:]
    assert went_on == (["ticket.joined"] if status == 204 else [])


def test_no_test_is_sent_between_the_messages_of_a_delivery(
    inside: Inside, receiver: Receiver
) -> None:
    hook = hooked(inside, receiver)
    house = inside.house
    waiting: list[Any] = []
    sender = Sender(frozenset({receiver.host}))

    def later(*do: Any) -> None:
        waiting.append(partial(*do))

    hooks = Webhooks(house.tents, house.storage.hooks, inside.clock, sender, later)
    hooks.tick()
    assert not hooks.try_out(hook)
    waiting.pop()()
    assert hooks.try_out(hook)


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
    assert (listed[0]["last"], listed[0]["behind"], listed[0]["ended"]) == (None, 0, False)
    inward = organiser.post("webhook", {"event": SLUG, "url": "http://127.0.0.1/hook"})
    assert inward.status_code == 422
    body = {"event": SLUG, "webhook": made.json["webhook"]}
    assert organiser.post("webhook-end", body).status_code == 200
    assert organiser.post("webhook-test", body).status_code == 404
    assert organiser.post("webhook-end", body).status_code == 404


def test_only_organisers_send_a_test(inside: Inside) -> None:
    made = inside.organiser().post("webhook", {"event": SLUG, "url": "https://example.org/hook"})
    body = {"event": SLUG, "webhook": made.json["webhook"]}
    desk = inside.token("desk")
    assert inside.browser().post("webhook-test", body, **desk).status_code == 403


def test_a_sixth_webhook_is_refused_until_one_is_ended(inside: Inside) -> None:
    organiser = inside.organiser()
    body = {"event": SLUG, "url": "https://example.org/hook"}
    made = [organiser.post("webhook", body) for _ in range(MOST + 1)]
    assert [answer.status_code for answer in made] == [200] * MOST + [409]
    assert made[-1].json["detail"] == "At most 5 webhooks. End one first."
    organiser.post("webhook-end", {"event": SLUG, "webhook": made[0].json["webhook"]})
    assert organiser.post("webhook", body).status_code == 200
