"""A view of its own for each of 2,000 phones, and one view for 200 boards: what a message costs the
server's processor, beside the `websockets` library sending as many messages of the same bytes.

    python -m benchmarks.pushes [--quick]

Ours is the whole server: it decides, commits, builds every phone's view and sends it. The other
only sends what is ready, from a list. `send` and `broadcast` are the library's own ways.
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
from benchmarks.tent_server import Caller, TentServer  # noqa: E402

PHONES_S, BOARDS_S = 1.6, 0.4
"""Windows: phones get at most one view a second, boards ten."""
THERAPISTS = 40
"""With fewer most of so long a line would go home uncalled, and be told no times."""
NO_PINGS_S = 3600.0
"""The other server sends none; ours come in waves when all have connected at once."""
OPENED_S = 15.0
"""After that nothing of the connecting is left to be tidied up."""

Act = Callable[[], tuple[int, dict[str, Any]]]


def messages(herd: HerdProcess) -> int:
    """How many views all pages have had; pulses cost, and are not counted."""
    return int(herd.ask("counts")["views"])


def ours(phones: int, boards: int, rounds: int) -> tuple[float, float, int]:
    """Microseconds of the server a message, to phones and to boards; bytes of a phone's view."""
    with tempfile.TemporaryDirectory() as folder:
        server = TentServer(Path(folder), THERAPISTS, ping_s=NO_PINGS_S)
        pages = fill(server, THERAPISTS + phones + rounds + 1)[THERAPISTS:]
        line, leavers = pages[rounds + 1 :], pages[: rounds + 1]
        herd = opened(server, line)
        going = [leave(server, page["ticket"]) for page in leavers]
        to_phones = cost(server, herd, going, PHONES_S)
        size = herd.ask("counts")["bytes"] // max(messages(herd), 1)
        herd.close()
        herd = opened(server, [{"event": "bench", "view": "board"}] * boards)
        texts = [announce(server, f"Round {number}") for number in range(rounds * 2)]
        to_boards = cost(server, herd, texts, BOARDS_S)
        herd.close()
        server.kill()
        return to_phones, to_boards, size


def leave(server: TentServer, ticket: str) -> Act:
    """The first of the line goes: everybody behind has another place."""
    return lambda: Caller(server.port, server.token).post(f"/api/v1/tickets/{ticket}/leave", {})


def announce(server: TentServer, text: str) -> Act:
    """Every board shows another text."""
    return lambda: Caller(server.port, server.token).post("/announce", {"text": text})


def cost(server: TentServer, herd: HerdProcess, acts: list[Act], window_s: float) -> float:
    """Microseconds of the server's processor a message: windows in which something happens, less as
    many in between in which nothing does, with their ticks, pings and pulses."""
    time.sleep(OPENED_S)
    used, had = 0.0, messages(herd)
    for act in acts:
        used -= spent(server.process.pid, window_s, None)
        used += spent(server.process.pid, window_s, act)
    return used / (messages(herd) - had) * 1e6


def spent(pid: int, seconds: float, act: Act | None) -> float:
    """Processor time used in a window of so many seconds that begins with an act."""
    used, ends = cpu_seconds(pid), time.monotonic() + seconds
    if act is not None:
        status, answer = act()
        assert status == 200, answer
    time.sleep(max(0.0, ends - time.monotonic()))
    return cpu_seconds(pid) - used


def only_sent(kind: str, clients: int, size: int, rounds: int) -> float:
    """Microseconds a message of a server that only sends."""
    module = "screen_servers" if kind == "ours_each" else "plain_websockets"
    words = [sys.executable, "-m", f"benchmarks.{module}", kind, str(size)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = int(process.stdout.readline())
    herd = HerdProcess(port)
    herd.open([{}] * clients, within_s=3)
    herd.current(within_s=60)
    # No rest before: these servers send no pulses, and pages that hear nothing dial again.
    time.sleep(1)
    used, had = cpu_seconds(process.pid), messages(herd)
    for _ in range(rounds):
        process.send_signal(signal.SIGUSR1)
        time.sleep(1.0)
    spent = (cpu_seconds(process.pid) - used) / (messages(herd) - had) * 1e6
    herd.close()
    process.kill()
    process.wait()
    return spent


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    phones, boards, rounds = (200, 50, 3) if quick else (2000, 200, 20)
    print(f"the machine's load was {os.getloadavg()[0]:.1f}")
    to_phones, to_boards, size = ours(phones, boards, rounds)
    print(f"{phones:,} phones, a view of {size} bytes each: ours {to_phones:.1f} us a message")
    plain = only_sent("each", phones, size, rounds)
    print(
        f"  websockets, send() of ready texts {plain:.1f} us; ours is {to_phones / plain:.2f} of it"
    )
    alone = only_sent("ours_each", phones, size, rounds)
    print(f"  our fan-out, ready views {alone:.1f} us, {alone / plain:.2f} of it")
    plain = only_sent("all", boards, 600, rounds * 2)
    print(f"{boards:,} boards: ours {to_boards:.1f} us a message")
    print(f"  websockets, broadcast() {plain:.1f} us; ours is {to_boards / plain:.2f} of it")


if __name__ == "__main__":
    main()
