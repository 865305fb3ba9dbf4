"""How long a message lies about: two views back to back, and answers on a kept-alive connection.

    python -m benchmarks.latency [--quick]

With Nagle's algorithm, which gevent's own server leaves on, a small message waits for the other
side to acknowledge the one before: up to 40 ms.
"""

from __future__ import annotations

import argparse
import signal
import socket
import statistics
import subprocess
import sys
import time

from benchmarks.crowd import SOCKET_IO_PATH, Crowd

_KINDS = {"tentqueue": "ours", "Flask-SocketIO, stock": "stock"}


def back_to_back(kind: str, rounds: int) -> float:
    """Milliseconds between two views sent without a pause, as the client gets them (median)."""
    server, port = start(kind)
    crowd = Crowd()
    try:
        crowd.connect(port, SOCKET_IO_PATH)
        gaps = []
        for number in range(rounds):
            server.send_signal(signal.SIGUSR2)
            if not crowd.read_until(number * 2 + 2, within_s=5):
                raise RuntimeError("a view was lost")
            gaps.append(crowd.arrivals[-1] - crowd.arrivals[-2])
            time.sleep(0.02)
        return statistics.median(gaps) * 1e3
    finally:
        crowd.close()
        stop(server)


def keep_alive(kind: str, requests: int) -> float:
    """Answers a second on one kept-alive connection."""
    server, port = start(kind)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
            began = time.monotonic()
            for _ in range(requests):
                caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                answer = b""
                while not answer.endswith(b"fine"):
                    answer += caller.recv(65536)
            return requests / (time.monotonic() - began)
    finally:
        stop(server)


def start(kind: str) -> tuple[subprocess.Popen[str], int]:
    """Runs a server in its own process; gives its port."""
    command = [sys.executable, "-m", "benchmarks.screen_servers", kind]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server, int(server.stdout.readline())


def stop(server: subprocess.Popen[str]) -> None:
    """Ends it."""
    server.kill()
    server.wait()


def main() -> None:
    """Prints one line a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rounds = 20 if options.quick else 100
    print(f"{'server':28}{'back to back':>14}{'answers a second':>18}")
    for title, kind in _KINDS.items():
        gap, rate = back_to_back(kind, rounds), keep_alive(kind, rounds * 10)
        print(f"{title:28}{gap:11.2f} ms{rate:18,.0f}")


if __name__ == "__main__":
    main()
