"""Whole views reach every screen: in order, never torn, and the slow never hold up the quick."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gevent
import pytest
from flask import Flask, request
from gevent import monkey, socket

from tentqueue import wire
from tentqueue.driver import Driver
from tentqueue.fanout import Fanout, fanout_of, live_server
from tentqueue.server import Server, make_server
from tests.live_client import CLOSE, PING, PONG, TEXT, Screen, soon


@dataclass
class Tent:
    """A live server with one room, `board`, and a first view for whoever connects."""

    server: Server
    fanout: Fanout
    live: Any

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    def screens(self, count: int, **options: Any) -> list[Screen]:
        opened = [Screen(self.port, **options).join() for _ in range(count)]
        for screen in opened:
            assert screen.view()["version"] == 0
        return opened

    def publish(self, version: int, size: int = 100, room: str = "board") -> int:
        view = {"version": version, "filler": "x" * size}
        return self.fanout.send(room, "board", json.dumps(view).encode())


def start(**options: Any) -> Tent:
    app = Flask(__name__)
    live = live_server(app, **options)
    fanout = fanout_of(live)

    @live.on("connect")  # type: ignore[untyped-decorator]
    def first_view(auth: Any = None) -> None:
        fanout.enter_room(request.sid, "/", "board")  # type: ignore[attr-defined]
        fanout.send(request.sid, "board", b'{"version":0}')  # type: ignore[attr-defined]

    server = make_server(app, "127.0.0.1", 0)
    server.start()
    return Tent(server, fanout, live)


@pytest.fixture
def tent() -> Iterator[Tent]:
    running = start()
    yield running
    running.fanout.close_all()
    running.server.stop(timeout=1)


def test_every_screen_gets_every_view_in_order_when_it_keeps_up(tent: Tent) -> None:
    screens = tent.screens(5)
    for version in range(1, 21):
        assert tent.publish(version) == 5
        gevent.sleep(0)
    for screen in screens:
        assert [screen.view()["version"] for _ in range(20)] == list(range(1, 21))


def test_the_first_view_comes_after_the_word_that_the_connection_stands(tent: Tent) -> None:
    screen = Screen(tent.port).join()
    assert screen.text().startswith("40{")
    assert screen.text() == '42["board",{"version":0}]'


def test_a_view_for_one_runner_reaches_no_other(tent: Tent) -> None:
    ana, ben = tent.screens(2)
    sids = list(tent.fanout.get_participants("/", "board"))
    assert tent.publish(7, room=sids[0][0]) == 1
    tent.publish(8)
    assert [ana.view()["version"] for _ in range(2)] == [7, 8]
    assert ben.view()["version"] == 8


@pytest.mark.parametrize("size", [10, 125, 126, 65_535, 65_536, 300_000])
def test_a_view_of_any_size_arrives_whole(tent: Tent, size: int) -> None:
    (screen,) = tent.screens(1)
    tent.publish(1, size)
    view = screen.view()
    assert (view["version"], len(view["filler"])) == (1, size)


def test_a_stalled_screen_keeps_only_the_newest_view_and_its_stream_stays_whole(tent: Tent) -> None:
    (quick,) = tent.screens(1)
    (stalled,) = tent.screens(1, buffer=4096)
    seen = []
    for version in range(1, 501):
        tent.publish(version, 20_000)
        seen.append(quick.view()["version"])
    assert seen == list(range(1, 501))
    versions = [stalled.view()["version"]]
    while versions[-1] != 500:
        versions.append(stalled.view()["version"])
    assert versions == sorted(set(versions))
    assert len(versions) < 100
    tent.publish(501)
    assert stalled.view()["version"] == 501


def test_other_packets_never_cut_into_a_half_sent_view() -> None:
    tent = start(ping_interval=0.2, ping_timeout=5)
    (screen,) = tent.screens(1, buffer=4096)
    for version in range(1, 11):
        tent.publish(version, 200_000)
        screen.send_frame(0x80 | PING, b"are you there")
        tent.live.emit("note", {"version": version}, to="board")
        gevent.sleep(0.05)  # the server's own pings fall due meanwhile
    boards, notes, pongs, pings = [], [], 0, 0
    while len(notes) < 10 or not boards or boards[-1] != 10 or not pongs or not pings:
        opcode, payload = screen.frame()
        pongs += opcode == PONG
        pings += payload == b"2"
        if opcode == TEXT and payload.startswith(b"42"):
            name, view = json.loads(payload[2:])
            (boards if name == "board" else notes).append(view["version"])
    assert notes == list(range(1, 11))
    assert boards == sorted(set(boards))
    tent.server.stop(timeout=0)


def test_publishing_lets_nothing_else_run_even_with_stalled_screens(tent: Tent) -> None:
    quick = tent.screens(3)
    stalled = tent.screens(3, buffer=4096)
    switches = []
    gevent.spawn(lambda: switches.append("another greenlet ran"))
    for version in range(1, 51):
        tent.publish(version, 50_000)
    assert switches == []
    assert len(quick + stalled) == 6


def test_a_screen_that_takes_nothing_is_dropped_and_no_other(
    tent: Tent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "STALLED_S", 0.5)
    (quick,) = tent.screens(1)
    tent.screens(1, buffer=4096)
    for version in range(1, 20):
        tent.publish(version, 200_000)
        assert quick.view()["version"] == version
    assert soon(lambda: tent.fanout.open_wires == 1)
    tent.publish(99)
    assert quick.view()["version"] == 99


def test_a_screen_that_went_away_leaves_nothing_behind(tent: Tent) -> None:
    screens = tent.screens(10)
    for screen in screens:
        screen.close()
    assert soon(lambda: tent.fanout.open_wires == 0)
    assert soon(lambda: not tent.live.server.eio.sockets)
    assert tent.publish(1) == 0
    assert (tent.fanout._by_client, tent.fanout._rooms, tent.fanout.rooms) == ({}, {}, {})


def test_a_view_meets_a_screen_that_was_cut_off_a_moment_ago(tent: Tent) -> None:
    ana, ben = tent.screens(2)
    ana.close()
    for version in range(1, 10):
        tent.publish(version)
        gevent.sleep(0.01)
    assert ben.view()["version"] == 1
    assert soon(lambda: tent.fanout.open_wires == 1)


def test_who_left_the_room_gets_no_more_of_it(tent: Tent) -> None:
    ana, ben = tent.screens(2)
    (gone, _), (_, _) = list(tent.fanout.get_participants("/", "board"))
    tent.fanout.leave_room(gone, "/", "board")
    assert tent.publish(1) == 1
    assert ben.view()["version"] == 1
    tent.fanout.close_room("board", "/")
    assert tent.publish(2) == 0
    assert ana.sock is not None


def test_without_engine_ios_private_table_the_stock_path_carries_the_views() -> None:
    tent = start()
    engine = tent.live.server.eio
    engine._async["websocket"] = lambda handler, server: Driver(
        # A function in place of the bound method that the fan-out reads the socket from.
        tent.fanout,
        None,
        partial(type(handler).__call__, handler),
        server,
    )
    screens = tent.screens(3)
    assert tent.fanout.open_wires == 0
    assert tent.publish(1) == 3
    assert [screen.view()["version"] for screen in screens] == [1, 1, 1]
    tent.server.stop(timeout=0)


def rss_kb() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def test_a_message_of_100_mb_is_refused_while_it_arrives(tent: Tent) -> None:
    (screen,) = tent.screens(1)
    before = rss_kb()
    with pytest.raises(OSError, match=r"(?i)pipe|reset"):  # noqa: PT012
        screen.send_frame(0x81, b"x", size=100_000_000)
        for _ in range(1600):
            screen.sock.sendall(b"x" * 65_536)
    assert rss_kb() - before < 8_000
    assert soon(lambda: tent.fanout.open_wires == 0)


def test_a_message_in_ever_more_fragments_is_refused(tent: Tent) -> None:
    (screen,) = tent.screens(1)
    screen.send_frame(0x01, b"4")
    for _ in range(20):
        screen.send_frame(0x00, b"x" * 1000)
    assert screen.closing_code() in {1009, 0}
    assert soon(lambda: tent.fanout.open_wires == 0)


def test_an_allowed_message_is_taken_in_fragments_too(tent: Tent) -> None:
    screen = Screen(tent.port)
    screen.text()
    screen.send_frame(0x01, b"40")
    screen.send_frame(0x80, b"{}")
    assert screen.text().startswith("40{")


@pytest.mark.parametrize(("head", "code"), [(0xC1, 1002), (0x83, 1002), (0x80, 1002), (0x81, 1007)])
def test_a_compressed_or_malformed_frame_is_refused(tent: Tent, head: int, code: int) -> None:
    (screen,) = tent.screens(1)
    screen.send_frame(head, b"\xff\xfe")
    assert screen.closing_code() == code
    assert soon(lambda: tent.fanout.open_wires == 0)


@pytest.mark.parametrize(
    ("said", "answered"),
    [(b"", 1000), (b"\x03\xe8", 1000), (b"\x03\xe9", 1001), (b"\x0b\xb9", 3001)],
)
def test_a_goodbye_is_answered_by_a_code_that_may_be_sent(
    tent: Tent, said: bytes, answered: int
) -> None:
    (screen,) = tent.screens(1)
    screen.send_frame(0x80 | CLOSE, said)
    assert screen.closing_code() == answered
    assert soon(lambda: tent.fanout.open_wires == 0)


@pytest.mark.parametrize("head", [0x81, 0x80 | PING])
def test_a_client_that_floods_is_shown_out(tent: Tent, head: int) -> None:
    flooding, quiet = tent.screens(2)
    for _ in range(60):
        flooding.send_frame(head, b"42[]")
    assert flooding.closing_code() in {1008, 0}
    assert soon(lambda: tent.fanout.open_wires == 1)
    tent.publish(1)
    assert quiet.view()["version"] == 1


def test_compression_is_never_agreed_to(tent: Tent) -> None:
    screen = Screen(tent.port)
    assert b"101 Switching" in screen.answer
    assert b"xtensions" not in screen.answer


def test_a_stranger_who_never_connects_is_shown_out(
    tent: Tent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_CONNECT_WITHIN_S", 0.2)
    screen = Screen(tent.port)
    screen.text()
    assert soon(lambda: tent.fanout.open_wires == 0)


def test_a_screen_that_says_nothing_stays(tent: Tent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_CONNECT_WITHIN_S", 0.2)
    (screen,) = tent.screens(1)
    gevent.sleep(0.6)
    assert tent.publish(1) == 1
    assert screen.view()["version"] == 1


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Origin", "https://elsewhere.example", b"400"),
        ("Sec_WebSocket_Version", "8", b"426"),
        ("Sec_WebSocket_Key", "short", b"400"),
    ],
)
def test_a_bad_handshake_is_refused(tent: Tent, header: str, value: str, status: bytes) -> None:
    assert status in Screen(tent.port, **{header: value}).answer.splitlines()[0]
    assert soon(lambda: tent.fanout.open_wires == 0)


def test_polling_is_not_offered(tent: Tent) -> None:
    caller = socket.create_connection(("127.0.0.1", tent.port))
    caller.sendall(b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 400 " in caller.recv(4096)


@pytest.mark.parametrize("origins", [[], ["*"]])
def test_letting_every_origin_in_is_a_mistake(origins: list[str]) -> None:
    with pytest.raises(ValueError, match="exactly"):
        live_server(Flask(__name__), origins=origins)


def test_the_server_says_goodbye_when_it_stops(tent: Tent) -> None:
    (screen,) = tent.screens(1)
    tent.fanout.close_all()
    assert screen.closing_code() == 1001
    assert CLOSE == 8


def test_nothing_was_monkey_patched_by_importing(tent: Tent) -> None:
    assert not monkey.is_anything_patched()


def test_a_goodbye_looks_only_at_the_rooms_it_leaves(tent: Tent) -> None:
    ana, ben = tent.screens(2)
    rooms = tent.fanout.rooms["/"]
    looked: list[str | None] = []

    class Watched(dict[str | None, Any]):
        def items(self) -> Any:
            looked.extend(self)
            return super().items()

        def copy(self) -> Watched:
            return Watched(self)

    tent.fanout.rooms["/"] = Watched(rooms)
    ana.close()
    assert soon(lambda: tent.fanout.open_wires == 1)
    assert soon(lambda: len(tent.fanout.rooms["/"]["board"]) == 1)
    assert looked == []
    assert len(tent.fanout.rooms["/"]) == 3, "Ben's own room, the board's, and everybody's"
    assert tent.publish(1) == 1
    assert ben.view()["version"] == 1
