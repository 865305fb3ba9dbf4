"""A view of its own for each of 2,000 phones, and one view for 200 boards: what a message costs the
server's processor, beside the `websockets` library sending as many messages of the same bytes.

    python -m benchmarks.pushes [--quick]

Ours is measured twice: only sending views that are ready, as the library does, round by round in
turn with it; and as the whole server, which decides, commits, builds every phone's view and sends
it. `send` and `broadcast` are the library's own ways.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from benchmarks.crowd import cpu_seconds  # noqa: E402
from benchmarks.herd import HerdProcess  # noqa: E402
from benchmarks.returns import fill, opened  # noqa: E402
from benchmarks.tent_server import Caller, TentServer, at_work  # noqa: E402

WINDOW_S = 1.6
"""Phones get at most one view a second."""
THERAPISTS = 40
"""At work; with fewer most of so long a line would go home uncalled, and be told no times."""
NO_PINGS_S = 3600.0
"""The other server sends none; ours come in waves when all have connected at once."""
OPENED_S = 15.0
"""After that nothing of the connecting is left to be tidied up."""
SENT_S = 0.5
"""In which every page has had what was sent."""

Act = Callable[[], tuple[int, dict[str, Any]]]


def messages(*herds: HerdProcess) -> int:
    """How many views all pages have had; pulses cost, and are not counted."""
    return sum(int(herd.ask("counts")["views"]) for herd in herds)


def ours(phones: int, boards: int, rounds: int) -> tuple[float, list[int]]:
    """Microseconds of the server a message, to phones and boards together; bytes of their views."""
    with tempfile.TemporaryDirectory() as folder:
        server = TentServer(Path(folder), THERAPISTS, ping_s=NO_PINGS_S)
        at_work(server.port, server.token, THERAPISTS)
        pages = fill(server, phones + rounds + 1)
        line, leavers = pages[rounds + 1 :], pages[: rounds + 1]
        herds = [
            opened(server, line),
            opened(server, [{"event": "bench", "view": "board"}] * boards),
        ]
        used = cost(server, herds, [leave(server, page["ticket"]) for page in leavers])
        sizes = [herd.ask("counts")["bytes"] // messages(herd) for herd in herds]
        for herd in herds:
            herd.close()
        server.kill()
        return used, sizes


def leave(server: TentServer, ticket: str) -> Act:
    """The first of the line goes: everybody behind has another place, the boards another number."""
    return lambda: Caller(server.port, server.token).post(f"/api/v1/tickets/{ticket}/leave", {})


def cost(server: TentServer, herds: list[HerdProcess], acts: list[Act]) -> float:
    """Microseconds of the server's processor a message: windows in which something happens, less as
    many in between in which nothing does, with their ticks, pings and pulses."""
    time.sleep(OPENED_S)
    used, had = 0.0, messages(*herds)
    for act in acts:
        used -= spent(server.process.pid, WINDOW_S, None)
        used += spent(server.process.pid, WINDOW_S, act)
    return used / (messages(*herds) - had) * 1e6


def spent(pid: int, seconds: float, act: Act | None) -> float:
    """Processor time used in a window of so many seconds that begins with an act."""
    used, ends = cpu_seconds(pid), time.monotonic() + seconds
    if act is not None:
        status, answer = act()
        assert status == 200, answer
    time.sleep(max(0.0, ends - time.monotonic()))
    return cpu_seconds(pid) - used


class Sender:
    """A server that only sends what is ready, and its pages."""

    def __init__(self, module: str, kind: str, clients: int, size: int) -> None:
        words = [sys.executable, "-m", f"benchmarks.{module}", kind, str(size)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.herd = HerdProcess(int(self.process.stdout.readline()))
        self.herd.open([{}] * clients, within_s=3)
        self.used, self.had = 0.0, 0

    def begin(self) -> None:
        """Wait for all pages, and count from now on."""
        self.herd.current(within_s=60)
        self.send()
        self.used, self.had = 0.0, -messages(self.herd)

    def send(self) -> None:
        """One round, and its processor time."""
        used = cpu_seconds(self.process.pid)
        self.process.send_signal(signal.SIGUSR1)
        time.sleep(SENT_S)
        self.used += cpu_seconds(self.process.pid) - used

    def close(self) -> float:
        """Microseconds a message."""
        self.had += messages(self.herd)
        self.herd.close()
        self.process.kill()
        self.process.wait()
        return self.used / self.had * 1e6


def only_sent(kind: str, clients: int, size: int, rounds: int) -> tuple[float, float]:
    """Microseconds a message of our fan-out and of `websockets`, round by round in turn: what else
    the machine does meets both."""
    pair = [
        Sender(module, kind, clients, size) for module in ("screen_servers", "plain_websockets")
    ]
    for sender in pair:
        sender.begin()
    for _ in range(rounds):
        for sender in pair:
            sender.send()
    ours, plain = (sender.close() for sender in pair)
    return ours, plain


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    phones, boards, rounds = (200, 50, 3) if quick else (2000, 200, 20)
    print(f"the machine's load was {os.getloadavg()[0]:.1f}")
    whole, sizes = ours(phones, boards, rounds)
    each, plain_each = only_sent("each", phones, sizes[0], rounds)
    one, plain_one = only_sent("all", boards, sizes[1], rounds * 2)
    plain = (phones * plain_each + boards * plain_one) / (phones + boards)
    print(f"microseconds of the server's processor a message; {sizes[0]} and {sizes[1]} bytes")
    print(f"{'':46}{'ours':>6}{'websockets':>12}{'of it':>8}")
    for what, mine, theirs in (
        (f"ready views, each of {phones:,} phones its own", each, plain_each),
        (f"a ready view to {boards:,} boards", one, plain_one),
        ("both, with deciding and building; theirs ready", whole, plain),
    ):
        print(f"{what:46}{mine:6.1f}{theirs:12.1f}{mine / theirs:8.2f}")


if __name__ == "__main__":
    main()
