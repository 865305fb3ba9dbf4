"""A round in which each phone's place has changed: what a message costs from the new tent to the
kernel, beside a bare loop that sends the same bytes to the same sockets.

    python -m benchmarks.rounds [--quick] [--phones 2000]

Forecast, looking, framing and sending, in one process without HTTP and disk; the receiver is a
process that reads and throws away. `benchmarks.pushes` has the whole server.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from datetime import datetime, timedelta  # noqa: E402

import gevent  # noqa: E402
from flask import Flask  # noqa: E402
from gevent.socket import create_connection  # noqa: E402
from gevent.socket import socket as Socket  # noqa: E402

from benchmarks.handle import RUNNER, Clock, Instant, afternoon  # noqa: E402
from tentqueue.channel import Channel  # noqa: E402
from tentqueue.domain import commands as do  # noqa: E402
from tentqueue.domain.model import LaneName  # noqa: E402
from tentqueue.fanout import Fanout, fanout_of, live_server  # noqa: E402
from tentqueue.process import allow_many_files  # noqa: E402
from tentqueue.rooms import TicketRoom  # noqa: E402
from tentqueue.services.race_day import RaceDay  # noqa: E402
from tentqueue.tongues import speaking  # noqa: E402
from tentqueue.wire import Wire  # noqa: E402

_THERAPISTS = 40
_READER = """
import selectors, socket
from tentqueue.process import allow_many_files
allow_many_files()
door = socket.create_server(("127.0.0.1", 0), backlog=4096)
print(door.getsockname()[1], flush=True)
ready = selectors.DefaultSelector()
ready.register(door, selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        if key.fileobj is door:
            ready.register(door.accept()[0], selectors.EVENT_READ)
        elif not key.fileobj.recv(65536):
            ready.unregister(key.fileobj)
"""


class Walking(Clock):
    """A clock that goes on a little whenever it is read: nobody joins at the same instant."""

    def now(self) -> datetime:
        """The next instant."""
        self.time += timedelta(microseconds=200)
        return self.time


class Tent:
    """A long line, and a page open for each who waits."""

    def __init__(self, phones: int, port: int) -> None:
        self.clock = Walking()
        self.day = RaceDay("bench", Instant(), self.clock)
        afternoon(self.day, self.clock, phones, _THERAPISTS)
        self.fanout: Fanout = fanout_of(live_server(Flask("bench")))
        self.channel = Channel("bench", self.day, self.fanout.send_each, self.clock)
        self.sockets: list[Socket] = []
        english = speaking("en")
        for ticket in self.day.tent.line(LaneName.RECOVERY):
            room = TicketRoom(ticket.id, ticket.code, english, lambda ticket: True)
            self.channel.enter(room)
            self.fanout._rooms[room.name] = {"page": self._wire(port)}

    def _wire(self, port: int) -> Wire:
        self.sockets.append(create_connection(("127.0.0.1", port)))
        wire = Wire(self.sockets[-1], None, self.fanout.going)
        wire.send("40{}")
        return wire

    def change(self) -> None:
        """The first of the line goes."""
        self.clock.time += timedelta(seconds=2)
        first = self.day.tent.line(LaneName.RECOVERY)[0]
        self.day.handle(do.LeaveLine(first.code), RUNNER)


def cost(work: Callable[[], int]) -> float:
    """Microseconds of this thread's processor time a message."""
    gevent.sleep(0.1)  # The reader is done with what was sent before.
    began = time.thread_time()
    sent = work()
    return (time.thread_time() - began) / sent * 1e6


def main() -> None:
    """Print the middle of many rounds, in turn with the bare loop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--phones", type=int, default=2000)
    asked = parser.parse_args()
    phones, rounds = (300, 10) if asked.quick else (asked.phones, 60)
    allow_many_files()
    command = [sys.executable, "-c", _READER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        tent = Tent(phones, int(reader.stdout.readline()))
        frames = [bytes(840) for _ in tent.sockets]
        sends = [sock._sock.send for sock in tent.sockets]

        def whole_round() -> int:
            before = tent.fanout.offered
            tent.channel.send_phones()
            return tent.fanout.offered - before

        def bare() -> int:
            return sum(1 for send, frame in zip(sends, frames, strict=True) if send(frame))

        whole, loops = [], []
        for _ in range(rounds):
            tent.change()
            whole.append(cost(whole_round))
            loops.append(cost(bare))
        reader.kill()
    ours, floor = statistics.median(whole), statistics.median(loops)
    print(f"{phones:,} phones: {ours:.1f} us a message; bare send loop {floor:.1f} us,", end=" ")
    print(f"{ours / floor:.2f} of it")


if __name__ == "__main__":
    main()
