"""HTTP in, socket out: who sees which view, at once, whole, and never somebody else's."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import socketio

from tentqueue.live import SOCKETS_PER_DEVICE
from tentqueue.web import answers, tent_answers
from tentqueue.web.commands import COMMANDS
from tests.web.outside import EVENT, Desk
from tests.web.stories import STORIES

SLUG = "riverside-half"
SHAPES = {"board": answers.BoardView, "tent": tent_answers.TentView, "ticket": answers.TicketView}


class Answer:
    """An HTTP answer, as the stories want it."""

    def __init__(self, status_code: int, body: bytes) -> None:
        self.status_code, self.json = status_code, json.loads(body or b"null")


class Server(Desk):
    """A live server in a process of its own, met over HTTP and sockets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "tests.web.serve", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def post(self, path: str, body: Any = None, who: str | None = None) -> Answer:
        """POST JSON; `path` within the event unless it starts at the root."""
        where = path if path.startswith("/") else f"{EVENT}/{path}"
        request = urllib.request.Request(
            self.url + where, json.dumps(body or {}).encode(), {"Content-Type": "application/json"}
        )
        if who:
            request.add_header("Authorization", f"Bearer {who}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read())

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(10)


class Page:
    """A client that remembers what it was sent."""

    def __init__(self, server: Server, view: str, **auth: Any) -> None:
        self.view, self.seen, self.pulses = view, [], []
        self.closed = False
        self.client = socketio.Client(reconnection=False)
        self.client.on(view, self.seen.append)
        self.client.on("pulse", self.pulses.append)
        self.client.on("disconnect", lambda *_: setattr(self, "closed", True))
        self.client.connect(
            server.url, auth={"event": SLUG, "view": view} | auth, transports=["websocket"]
        )

    def waits(self, until: Callable[[dict[str, Any]], bool], within: float = 10) -> dict[str, Any]:
        """Wait for a view of which `until` is true, and return it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self.seen and until(self.seen[-1]):
                found: dict[str, Any] = self.seen[-1]
                return found
            time.sleep(0.01)
        raise AssertionError(f"not seen within {within} s; last: {self.seen[-1:]}")

    def leave(self) -> None:
        """Close the page."""
        self.client.disconnect()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the journeys that need no tent of their own."""
    running = Server(tmp_path_factory.mktemp("live"))
    yield running
    running.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    """A server with an empty tent."""
    running = Server(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def opened() -> Iterator[list[Page]]:
    """Pages to be closed at the end."""
    pages: list[Page] = []
    yield pages
    for page in pages:
        page.leave()


def test_each_command_reaches_board_and_tent_within_a_second(
    fresh: Server, opened: list[Page]
) -> None:
    board, desk = Page(fresh, "board"), Page(fresh, "tent", token="desk:Eve")
    opened += [board, desk]
    for call in COMMANDS:
        story = STORIES[call.name](fresh)  # type: ignore[arg-type]
        answer = fresh.post(story.path, story.body, story.who)
        assert answer.status_code == call.status, (call.name, answer.json)
        version = answer.json["version"]
        for page in (board, desk):
            view = page.waits(lambda seen, to=version: seen["version"] >= to, within=1.0)
            msgspec.convert(view, SHAPES[page.view], strict=True)
        tidy(fresh)
    versions = [seen["version"] for seen in board.seen]
    assert versions == sorted(versions)


def tidy(server: Server) -> None:
    """Empty the tent and open its doors for the next story."""
    organiser = "organiser:Max"
    with urllib.request.urlopen(
        urllib.request.Request(
            f"{server.url}{EVENT}/tent", headers={"Authorization": f"Bearer {organiser}"}
        )
    ) as answer:
        tent = json.load(answer)
    for ticket in tent["tickets"]:
        if ticket["state"] == "in_treatment":
            server.post(f"tickets/{ticket['code']}/finish", {}, organiser)
        else:
            server.post(f"/api/v1/tickets/{ticket['id']}/leave", {}, organiser)
    server.post("therapists/ana/off", {}, organiser)
    server.post("therapists/ana/available", {}, organiser)
    server.post("therapists/ana/off", {}, organiser)
    server.post("lanes/recovery/open", {}, organiser)
    server.post("lanes/warmup/pause", {}, organiser)
    server.post("announce", {"text": ""}, organiser)


def test_a_call_reaches_the_runners_phone(server: Server, opened: list[Page]) -> None:
    joined = server.join()
    phone = Page(server, "ticket", ticket=joined["id"], key=joined["key"])
    opened.append(phone)
    first = phone.waits(lambda seen: True, within=1.0)
    assert first["state"] == "waiting"
    msgspec.convert(first, answers.TicketView, strict=True)
    server.post("therapists/ben/available", who="therapist:ben")
    called = phone.waits(lambda seen: seen["state"] == "called", within=2.0)
    assert called["table"] == 2
    assert called["version"] > first["version"]
    server.post(f"/api/v1/tickets/{joined['id']}/leave", who=joined["key"])
    server.post("therapists/ben/off", who="therapist:ben")


def test_a_board_never_sees_a_person(server: Server, opened: list[Page]) -> None:
    board = Page(server, "board")
    opened.append(board)
    joined = server.join(bib="4711", name="Canary", word="heron", areas=["knees"], screening="ask")
    view = board.waits(lambda seen: seen["version"] >= joined["version"])
    text = json.dumps(view)
    assert not [secret for secret in ("4711", "Canary", "heron", "knees") if secret in text]
    server.post(f"/api/v1/tickets/{joined['id']}/leave", who=joined["key"])


def refused(server: Server, view: str, **auth: Any) -> str:
    """The code that a connect is refused with."""
    client = socketio.Client(reconnection=False)
    codes: list[Any] = []
    client.on("connect_error", codes.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            server.url, auth={"event": SLUG, "view": view} | auth, transports=["websocket"]
        )
    client.disconnect()
    code: str = codes[0]["data"]["code"]
    return code


def test_who_may_not_see_a_view_is_not_let_in(server: Server) -> None:
    mine, other = server.join(), server.join()
    assert refused(server, "tent") == "not_allowed"
    assert refused(server, "tent", token="board:Hall") == "not_allowed"
    assert refused(server, "tent", token="no-such-token") == "sign_in_needed"
    assert refused(server, "ticket", ticket=mine["id"]) == "not_allowed"
    assert refused(server, "ticket", ticket=mine["id"], key=other["key"]) == "not_allowed"
    assert refused(server, "ticket", ticket="x" * 26, key=mine["key"]) == "unknown_view"
    assert refused(server, "journal", token="organiser:Max") == "unknown_view"
    assert refused(server, "board", event="nowhere") == "unknown_event"
    assert refused(server, "board", event=7) == "bad_hello"
    for ticket in (mine, other):
        server.post(f"/api/v1/tickets/{ticket['id']}/leave", who=ticket["key"])


def test_one_device_opens_only_so_many_pages(server: Server) -> None:
    cookie = {"Cookie": f"device={'d' * 32}"}
    clients = [socketio.Client(reconnection=False) for _ in range(SOCKETS_PER_DEVICE + 1)]
    hello = {"event": SLUG, "view": "board"}
    for client in clients[:-1]:
        client.connect(server.url, headers=cookie, auth=hello, transports=["websocket"])
    with pytest.raises(socketio.exceptions.ConnectionError):
        clients[-1].connect(server.url, headers=cookie, auth=hello, transports=["websocket"])
    clients[0].disconnect()
    # The server counts the place as free once it has heard of the end.
    until = time.monotonic() + 10
    while not clients[-1].connected:
        try:
            clients[-1].connect(server.url, headers=cookie, auth=hello, transports=["websocket"])
        except socketio.exceptions.ConnectionError:
            assert time.monotonic() < until, "the place stays taken"
            time.sleep(0.05)
    for client in clients:
        client.disconnect()


def test_a_revoked_credential_closes_its_sockets_within_two_seconds(
    server: Server, opened: list[Page]
) -> None:
    stolen, kept = (Page(server, "tent", token=f"therapist:{name}") for name in ("dora", "chidi"))
    opened += [stolen, kept]
    stolen.waits(lambda seen: True)
    began = time.monotonic()
    (server.folder / "revoked").write_text("therapist:dora")
    while not stolen.closed and time.monotonic() < began + 2:
        time.sleep(0.02)
    assert stolen.closed
    assert not kept.closed
    (server.folder / "revoked").unlink()


def test_a_pulse_comes_at_least_every_five_seconds(server: Server, opened: list[Page]) -> None:
    board = Page(server, "board")
    opened.append(board)
    time.sleep(9.5)
    assert len(board.pulses) >= 2
    last = board.seen[-1]
    assert board.pulses[-1]["version"] == last["version"]


def test_a_burst_is_sent_as_few_whole_views(server: Server, opened: list[Page]) -> None:
    board = Page(server, "board")
    opened.append(board)
    board.waits(lambda seen: True)
    before, began = len(board.seen), time.monotonic()
    tickets = [server.join() for _ in range(40)]
    board.waits(lambda seen: seen["version"] >= tickets[-1]["version"])
    took = time.monotonic() - began
    assert len(board.seen) - before <= took * 10 + 2
    for ticket in tickets:
        server.post(f"/api/v1/tickets/{ticket['id']}/leave", who=ticket["key"])


def test_the_first_view_tells_the_present_time(server: Server, opened: list[Page]) -> None:
    first = Page(server, "board")
    opened.append(first)
    time.sleep(1.5)
    second = Page(server, "board")
    opened.append(second)
    early = first.waits(lambda seen: True)
    late = second.waits(lambda seen: True)
    gap = _instant(late) - _instant(early)
    assert gap > 1.0


def _instant(view: dict[str, Any]) -> float:
    return datetime.fromisoformat(view["now"]).timestamp()
