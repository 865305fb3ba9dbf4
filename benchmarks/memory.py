"""Memory of the server for each connected screen, with a browser that offers to compress.

python -m benchmarks.memory [--quick]
"""

from __future__ import annotations

import argparse
import signal
import time
from pathlib import Path

from benchmarks.crowd import SOCKET_IO_PATH, Crowd
from benchmarks.latency import start, stop

_KINDS = {"tentqueue": "ours", "Flask-SocketIO, stock": "stock"}


def resident_kb(pid: int) -> int:
    """Memory that a process holds in RAM."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def per_screen_kb(kind: str, clients: int) -> float:
    """Kilobytes for each further screen, after some views; the first hundred warm the server up."""
    server, port = start(kind)
    crowd = Crowd()
    try:
        sizes = []
        for goal in (100, 100 + clients):
            while len(crowd) < goal:
                crowd.connect(port, SOCKET_IO_PATH, deflate=True)
            # One view each at least, so that whatever is made at the first message is there.
            already = len(crowd.arrivals)
            server.send_signal(signal.SIGUSR1)
            time.sleep(1)
            crowd.read_until(already + 1, within_s=2)
            sizes.append(resident_kb(server.pid))
        return (sizes[1] - sizes[0]) / clients
    finally:
        crowd.close()
        stop(server)


def main() -> None:
    """Prints one line a server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    clients = 300 if options.quick else 1000
    print(f"{'server':28}{'a screen':>12}{'x ours':>9}")
    first = 0.0
    for title, kind in _KINDS.items():
        size = per_screen_kb(kind, clients)
        first = first or size
        print(f"{title:28}{size:9.1f} kB{size / first:9.2f}")


if __name__ == "__main__":
    main()
