"""What one view to everyone costs the server: ours against what else there is.

    python -m benchmarks.fanout [--quick] [--clients 1000]

Each server runs in a process of its own; its processor time is read from outside, so the clients'
own work is not in it. The floor is one `send()` a socket in a loop.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.crowd import SOCKET_IO_PATH, Crowd, cpu_seconds

_WARM_UP = 5
_INTERVAL_S = 0.1


@dataclass(frozen=True)
class Contender:
    """A kind of server and how its clients connect."""

    title: str
    kind: str
    path: str | None
    deflate: bool = False


CONTENDERS = (
    Contender("bare send() loop (floor)", "floor", None),
    Contender("websockets broadcast()", "websockets", "/"),
    Contender("tentqueue fan-out", "ours", SOCKET_IO_PATH),
    Contender("tentqueue, browser offers deflate", "ours", SOCKET_IO_PATH, deflate=True),
    Contender("Flask-SocketIO, stock", "stock", SOCKET_IO_PATH),
    Contender("Flask-SocketIO, browser's deflate", "stock", SOCKET_IO_PATH, deflate=True),
)


@dataclass(frozen=True)
class Result:
    """CPU per delivered message, and when the last client had each (both in microseconds)."""

    cpu_us: float
    last_ms: float


def measure(contender: Contender, clients: int, rounds: int) -> Result:
    """Connects everyone, warms up, and sends the rounds at a steady pace."""
    command = [sys.executable, "-m", "benchmarks.screen_servers", contender.kind]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    crowd = Crowd()
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        for _ in range(clients):
            crowd.connect(port, contender.path, contender.deflate)
        time.sleep(1)
        used, began = 0.0, []
        for number in range(1, _WARM_UP + rounds + 1):
            before = cpu_seconds(server.pid)
            server.send_signal(signal.SIGUSR1)
            began.append(float(server.stdout.readline()))
            if not crowd.read_until(number, within_s=20):
                raise RuntimeError(f"{contender.title}: messages were lost")
            time.sleep(_INTERVAL_S / 4)
            if number > _WARM_UP:
                used += cpu_seconds(server.pid) - before
        last = [there - then for there, then in zip(crowd.arrivals, began, strict=True)]
        median = statistics.median(last[_WARM_UP:])
        return Result(used / (rounds * clients) * 1e6, median * 1e3)
    finally:
        crowd.close()
        server.kill()
        server.wait()


def main() -> None:
    """Prints one line a contender, best of two passes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--clients", type=int, default=None)
    options = parser.parse_args()
    clients = options.clients or (200 if options.quick else 1000)
    rounds = 20 if options.quick else 50
    best: dict[Contender, Result] = {}
    for _ in range(1 if options.quick else 2):
        for contender in CONTENDERS:
            result = measure(contender, clients, rounds)
            best[contender] = min(result, best.get(contender, result), key=lambda r: r.cpu_us)
    floor = best[CONTENDERS[0]].cpu_us
    print(f"{clients} clients, {rounds} rounds of about 1 KB")
    print(f"{'server':36}{'CPU a message':>15}{'x floor':>9}{'last client':>13}")
    for contender, result in best.items():
        ratio = result.cpu_us / floor
        print(f"{contender.title:36}{result.cpu_us:12.1f} us{ratio:9.2f}{result.last_ms:10.1f} ms")


if __name__ == "__main__":
    main()
