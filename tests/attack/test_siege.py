"""Floods, bombs and slow strangers against a real server: memory stays flat, runners still join.

`make soak-attack` makes the same siege larger; the figures are printed.
"""

from __future__ import annotations

import base64
import os
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.attack.siege import (
    EVENT,
    Besieged,
    Bots,
    drip,
    dripping,
    forget_the_peak,
    honest_join,
    memory_of,
    pour,
    wanted,
)

MB = 1_000_000
MOST_ADDED_MB = 16.0
BOMB = zlib.compress(bytes(100 * MB), 9)[2:-4]
KEY = base64.b64encode(b"k" * 16).decode()
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
)
POST = f"POST {EVENT}/tickets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    """One server for all that leaves nothing behind; it has answered, so that all is loaded."""
    server = Besieged(tmp_path_factory.mktemp("siege"))
    for _ in range(3):
        assert honest_join(server.port, "")[0] == 201
    yield server
    server.stop()
    assert "Traceback" not in server.said()
    assert len(server.said()) < 15_000, "no stranger fills the disk with our log"


def masked(head: int, size: int) -> bytes:
    """The head of a client's frame that says it is `size` bytes long."""
    return bytes((head, 0xFF)) + size.to_bytes(8, "big") + b"\0\0\0\0"


WEBSOCKET = (UPGRADE + "\r\n").encode()
PIECE = b"x" * MB
POURS: dict[str, tuple[bytes, bytes, int]] = {
    "one message of 100 MB": (WEBSOCKET + masked(0x81, 100 * MB), PIECE, 100),
    "a hundred fragments of 1 MB": (WEBSOCKET + masked(0x01, MB), PIECE + masked(0x00, MB), 100),
    "100 MB packed into 100 kB": (WEBSOCKET + masked(0xC1, len(BOMB)), BOMB, 1),
    "a handshake of 100 MB": (UPGRADE.encode() + b"X-Long: ", PIECE, 100),
    "a body that says it is 100 MB": (
        f"{POST}Content-Length: {100 * MB}\r\n\r\n".encode(), PIECE, 100,
    ),
    "a body in chunks without end": (
        f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode(), b"f4240\r\n" + PIECE + b"\r\n", 100,
    ),
    "a packed body": (
        f"{POST}Content-Encoding: deflate\r\nContent-Length: {len(BOMB)}\r\n\r\n".encode(), BOMB, 1,
    ),
}  # fmt: skip


def test_a_peak_of_memory_is_seen_here_even_after_it_has_passed() -> None:
    before = memory_of(os.getpid())
    forget_the_peak(os.getpid())
    passing = bytearray(60 * MB)
    passing[::4096] = b"x" * len(passing[::4096])
    del passing
    assert memory_of(os.getpid(), "VmHWM") - before > 50


@pytest.mark.parametrize("what", POURS)
def test_a_hundred_megabytes_add_next_to_nothing(besieged: Besieged, what: str) -> None:
    head, piece, pieces = POURS[what]
    before = memory_of(besieged.process.pid)
    forget_the_peak(besieged.process.pid)
    for _ in range(wanted("ATTACK_MESSAGES", 2)):
        pour(besieged.port, head, piece, pieces)
    added = memory_of(besieged.process.pid, "VmHWM") - before
    print(f"{what}: {added:.1f} MB at the most")
    assert added < MOST_ADDED_MB
    assert honest_join(besieged.port, "")[0] in (201, 429)


@pytest.mark.parametrize(
    "head",
    [
        "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n",
        f"{UPGRADE}Origin: https://evil.example\r\n\r\n",
        f"{UPGRADE}Origin: null\r\n\r\n",
        f"{UPGRADE}Origin: http://127.0.0.1.evil.example\r\n\r\n",
    ],
    ids=["polling", "another site", "a sandbox", "a name that begins like ours"],
)
def test_polling_and_other_sites_are_refused_with_every_header(
    besieged: Besieged, head: str
) -> None:
    answer = pour(besieged.port, head.encode(), b"", 0)
    assert b" 400 " in answer.splitlines()[0]
    for header in (b"X-Content-Type-Options: nosniff", b"frame-ancestors 'none'"):
        assert header in answer


def test_slow_strangers_keep_nobody_waiting_and_are_shown_out(besieged: Besieged) -> None:
    count, rest = wanted("ATTACK_SLOW", 200), besieged.handles()
    before = memory_of(besieged.process.pid)
    headers = dripping(besieged.port, count, b"GET / HTTP/1.1\r\nX-Slow: ")
    bodies = dripping(besieged.port, count, f"{POST}Content-Length: 16000\r\n\r\n{{".encode())
    asked = [besieged.ask("/healthz")[0] for _ in range(20)]
    took = [honest_join(besieged.port, "")[1] for _ in range(5)]
    assert asked == [200] * 20
    assert drip(headers, b"y") == drip(bodies, b" ") == count
    added = memory_of(besieged.process.pid) - before
    print(f"{2 * count} slow ones: {added:.1f} MB, slowest join {max(took):.3f} s")
    if "ATTACK_SLOW" in os.environ:
        until = time.monotonic() + 75
        while time.monotonic() < until and drip(headers, b"y") + drip(bodies, b" "):
            time.sleep(1)
        assert drip(headers, b"y") + drip(bodies, b" ") == 0
        time.sleep(1)
        assert besieged.handles() <= rest + 10
    for line in (*headers, *bodies):
        line.close()


def test_a_bot_that_joins_without_end_is_stopped_and_the_runners_beside_it_get_in(
    tmp_path: Path,
) -> None:
    joins, runners = wanted("ATTACK_JOINS", 600), wanted("ATTACK_RUNNERS", 30)
    budget = 2000 if joins > 2000 else 100
    server = Besieged(tmp_path, TENTQUEUE_JOIN_BUDGET=str(budget))
    bots = Bots(server.port, joins)
    before = memory_of(server.process.pid)
    bots.start()
    with ThreadPoolExecutor(4) as phones:
        bibs = [str(number) for number in range(1, runners + 1)]
        joined = list(phones.map(lambda bib: honest_join(server.port, bib), bibs))
    bots.wait()
    assert [status for status, _ in joined] == [201] * runners
    taken = bots.answers[201]
    # Ten minutes may end meanwhile and the budget begin anew; a bot that keeps the cookie of each
    # ticket comes to heads that are too large.
    assert budget <= taken <= 2 * budget
    assert bots.answers[429] + bots.answers[431] == joins - taken
    _, tent = server.ask(f"{EVENT}/tent", Authorization=f"Bearer {server.token}")
    assert "flood" in {alert["kind"] for alert in tent["alerts"]}
    organiser = {"Authorization": f"Bearer {server.token}"}
    began = time.monotonic()
    status, gone = server.ask(f"{EVENT}/made-up", {"reason": "a program"}, **organiser)
    cleared = time.monotonic() - began
    assert (status, gone["found"]) == (200, taken)
    assert gone["kept"] == runners
    took = sorted(seconds for _, seconds in joined)
    print(
        f"{joins} bots' joins, {bots.answers[201]} taken; {runners} runners of {runners} in, "
        f"slowest {took[-1]:.2f} s, middle {took[len(took) // 2]:.2f} s; "
        f"{memory_of(server.process.pid) - before:.1f} MB; all out again in {cleared:.2f} s"
    )
    server.stop()
