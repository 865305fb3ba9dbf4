"""The embedded server: quick answers, short patience with strangers, a gentle stop."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import pytest
from flask import Flask, request
from gevent import Timeout, socket

from tentqueue import server as server_module
from tentqueue.handshake import SOCKET_KEY
from tentqueue.server import make_server


def app() -> Flask:
    flask = Flask(__name__)

    @flask.get("/nodelay")
    def nodelay() -> str:
        return str(request.environ[SOCKET_KEY].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    @flask.post("/echo")
    def echo() -> bytes:
        return request.get_data()

    return flask


@contextmanager
def serving(**options: Any) -> Iterator[int]:
    server = make_server(app(), "127.0.0.1", 0, **options)
    server.start()
    yield int(server.server_port)
    server.stop(timeout=1)


def ask(port: int, request_text: bytes) -> bytes:
    """Sends bytes and gives all that comes back until the server hangs up."""
    with Timeout(10), socket.create_connection(("127.0.0.1", port)) as caller:
        caller.sendall(request_text)
        answer = b""
        while data := caller.recv(65536):
            answer += data
    return answer


def test_answers_leave_at_once_instead_of_waiting_for_more() -> None:
    with serving() as port:
        answer = ask(port, b"GET /nodelay HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n1")


def test_a_connection_is_kept_for_the_next_request() -> None:
    body = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n%b\r\n"
    with serving() as port:
        answer = ask(port, body % b"" + b"one" + body % b"Connection: close\r\n" + b"two")
    assert answer.count(b"200 OK") == 2
    assert answer.endswith(b"two")


def test_headers_that_trickle_in_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEADER_WITHIN_S", 0.3)
    with serving() as port, socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        with Timeout(5), pytest.raises(OSError, match=r"(?i)pipe|reset|closed"):  # noqa: PT012
            while True:
                slow.sendall(b"X: y\r\n")
                gevent.sleep(0.05)


def test_a_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEADER_WITHIN_S", 0.2)
    with serving() as port:
        assert ask(port, b"") == b""


@pytest.mark.parametrize(
    "headers",
    [
        b"X: " + b"y" * 40_000 + b"\r\n",
        b"".join(b"X%d: y\r\n" % n for n in range(5000)),
        b"X" * 1_000_000,
    ],
)
def test_headers_without_end_are_refused(headers: bytes) -> None:
    with serving() as port:
        try:
            answer = ask(port, b"GET / HTTP/1.1\r\n" + headers)
        except ConnectionError:  # hung up on before all was sent
            return
    assert answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("nonsense", [b"\0\1\2\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_nonsense_is_refused_without_a_traceback(
    nonsense: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving() as port:
        assert ask(port, nonsense).startswith(b"HTTP/1.1 400 ")
    assert capfd.readouterr().err == ""


def test_the_access_log_is_silent_unless_asked_and_never_holds_the_query() -> None:
    lines: list[Any] = []
    get = b"GET /nodelay?key=secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with serving(access_log=lines.append) as port:
        ask(port, get)
    assert len(lines) == 1
    assert (lines[0]["method"], lines[0]["path"], lines[0]["status"]) == ("GET", "/nodelay", 200)
    assert "secret" not in json.dumps(lines)


def test_a_silent_server_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as port:
        ask(port, b"GET /nodelay HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert capfd.readouterr() == ("", "")


RACE_DAY = """
from gevent import monkey
monkey.patch_all()
import time
from flask import Flask
from tentqueue.fanout import live_server
from tentqueue.server import serve
app = Flask("race day")
live = live_server(app)
@live.on("connect")
def connect(auth=None): pass
@app.get("/slow")
def slow():
    print("asked", flush=True)
    time.sleep(1)
    return "finished"
serve(app, port=0, on_ready=lambda port: print(port, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_answers_finish_and_sends_screens_away(number: signal.Signals) -> None:
    from tests.live_client import Screen

    child = subprocess.Popen(
        [sys.executable, "-c", RACE_DAY], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    assert child.stdout is not None
    port = int(child.stdout.readline())
    screen = Screen(port).join()
    screen.text()
    request_text = b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    asking = gevent.spawn(ask, port, request_text)
    with Timeout(10):
        assert gevent.get_hub().threadpool.apply(child.stdout.readline) == "asked\n"
    asked_at = time.monotonic()
    child.send_signal(number)
    assert screen.closing_code() == 1001
    assert asking.get(timeout=10).endswith(b"finished")
    assert select.select([child.stdout], [], [], 10)[0]
    assert child.stdout.read() == "stopped\n"
    assert child.wait(10) == 0
    assert time.monotonic() - asked_at < 4
    with pytest.raises(ConnectionRefusedError):
        ask(port, request_text)


def test_an_address_that_is_taken_is_said_before_anything_starts() -> None:
    with serving() as port, pytest.raises(OSError, match="in use"):
        make_server(app(), "127.0.0.1", port)
