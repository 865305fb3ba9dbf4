"""One server a process, each sending the same board to everyone each time it is told to.

    python -m benchmarks.screen_servers KIND [BYTES]

prints its port, and sends one round with SIGUSR1 (those on gevent: two back to back with SIGUSR2);
what it prints then is when the round began.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

BOARD = {
    "event": "riverside-half",
    "calling": [
        {"code": f"R{n:03}", "table": n % 9, "since": "2027-04-25T11:40:00+01:00"} for n in range(6)
    ],
    "in_treatment": [{"code": f"R{n:03}", "table": n} for n in range(12)],
    "next": [f"R{n:03}" for n in range(40)],
}
"""About 1 KB as JSON."""


def board(version: int) -> dict[str, Any]:
    return {**BOARD, "version": version}


def began(at: float) -> None:
    print(at, flush=True)


def floor() -> None:
    """One `send()` a socket in a loop: nothing can be cheaper from Python."""
    from tentqueue.frames import text_frame

    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    screens: list[socket.socket] = []
    listener.settimeout(0.5)
    while True:
        try:
            screens.append(listener.accept()[0])
            screens[-1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError:
            if screens:
                break
    version = 0
    while True:
        signal.sigwait({signal.SIGUSR1})
        at, version = time.monotonic(), version + 1
        frame = text_frame(b'42["board",%b]' % json.dumps(board(version)).encode())
        for screen in screens:
            screen.send(frame)
        began(at)


def websockets_broadcast() -> None:
    """The `websockets` library's own `broadcast()`."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    screens: set[ServerConnection] = set()

    async def stay(screen: ServerConnection) -> None:
        screens.add(screen)
        try:
            await screen.wait_closed()
        finally:
            screens.discard(screen)

    version = 0

    def send_round() -> None:
        nonlocal version
        at, version = time.monotonic(), version + 1
        broadcast(screens, "42" + json.dumps(["board", board(version)]))
        began(at)

    async def main() -> None:
        async with serve(stay, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, send_round)
            print(next(iter(server.sockets)).getsockname()[1], flush=True)
            await asyncio.Future()

    asyncio.run(main())


def stock() -> None:
    """Flask-SocketIO under gevent as it is documented."""
    from gevent import monkey

    monkey.patch_all()
    from flask import Flask, request
    from flask_socketio import SocketIO
    from gevent.pywsgi import WSGIServer

    app = Flask(__name__)
    app.add_url_rule("/healthz", view_func=lambda: "fine")
    live = SocketIO(app, async_mode="gevent", transports=["websocket"])

    @live.on("connect")  # type: ignore[untyped-decorator]
    def connect(auth: Any = None) -> None:
        live.server.enter_room(request.sid, "board")  # type: ignore[attr-defined]

    server = WSGIServer(("127.0.0.1", 0), app, log=None, backlog=2048)
    server.start()
    print(server.server_port, flush=True)
    _send_on_signal(lambda version: live.emit("board", board(version), to="board"))


def ours() -> None:
    """tentqueue's own fan-out and server."""
    from gevent import monkey

    monkey.patch_all()
    import msgspec
    from flask import Flask, request

    from tentqueue.fanout import fanout_of, live_server
    from tentqueue.process import allow_many_files
    from tentqueue.server import make_server

    app = Flask(__name__)
    app.add_url_rule("/healthz", view_func=lambda: "fine")
    live = live_server(app)
    fanout = fanout_of(live)

    @live.on("connect")  # type: ignore[untyped-decorator]
    def connect(auth: Any = None) -> None:
        live.server.enter_room(request.sid, "board")  # type: ignore[attr-defined]

    allow_many_files()
    server = make_server(app, "127.0.0.1", 0)
    server.start()
    print(server.server_port, flush=True)
    encode = msgspec.json.encode
    _send_on_signal(lambda version: fanout.send("board", "board", encode(board(version))))


def ready(each: bool) -> None:
    """tentqueue's own fan-out with views that are ready: one of its own for each client, or one
    for all."""
    from gevent import monkey

    monkey.patch_all()
    from flask import Flask, request

    from tentqueue.fanout import fanout_of, live_server
    from tentqueue.process import allow_many_files
    from tentqueue.server import make_server

    app = Flask(__name__)
    # The other sends no pings, and looks after nobody who is silent.
    live = live_server(app, ping_interval=3600, monitor_clients=False)
    fanout = fanout_of(live)
    size, rooms = int(sys.argv[2]), dict[str, bytes]()

    @live.on("connect")  # type: ignore[untyped-decorator]
    def connect(auth: Any = None) -> None:
        room = f"ticket:{len(rooms)}" if each else "board"
        filler = "x" * max(1, size - 60)
        rooms[room] = b'{"version":1,"now":"2027","room":"%b","f":"%b"}' % (
            room.encode(),
            filler.encode(),
        )
        sid = request.sid  # type: ignore[attr-defined]
        live.server.enter_room(sid, room)
        fanout.send(sid, "view", rooms[room])

    def send_all(_: int) -> None:
        for room, payload in rooms.items():
            fanout.send(room, "view", payload)

    allow_many_files()
    server = make_server(app, "127.0.0.1", 0)
    server.start()
    print(server.server_port, flush=True)
    _send_on_signal(send_all)


def _send_on_signal(send: Callable[[int], Any]) -> None:
    import gevent
    from gevent.event import Event

    version = 0

    def send_round() -> None:
        nonlocal version
        at, version = time.monotonic(), version + 1
        send(version)
        began(at)

    def send_two() -> None:
        send_round()
        send_round()

    gevent.signal_handler(signal.SIGUSR1, send_round)
    gevent.signal_handler(signal.SIGUSR2, send_two)
    Event().wait()


KINDS: dict[str, Callable[[], None]] = {
    "floor": floor,
    "websockets": websockets_broadcast,
    "stock": stock,
    "ours": ours,
    "each": partial(ready, each=True),
    "all": partial(ready, each=False),
}

if __name__ == "__main__":
    KINDS[sys.argv[1]]()
