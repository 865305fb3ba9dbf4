"""Thousands of phones come back at once: how soon all are current, and what staff feel of it.

    python -m benchmarks.returns [--quick]

Each phone has a ticket of its own and comes back as the page does, at random moments, at first
within 1.5 s. The phones run in a process of their own, and all of it shares the machine. First the
server is killed with every ticket in the line, and started again; then the phones alone lose their
lines, while staff press on.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402
from gevent.pool import Pool  # noqa: E402

from benchmarks.commit import slowest  # noqa: E402
from benchmarks.crowd import cpu_seconds  # noqa: E402
from benchmarks.herd import HerdProcess  # noqa: E402
from benchmarks.phones import Hello  # noqa: E402
from benchmarks.tent_server import Caller, TentServer  # noqa: E402

AT_ONCE = 32
THERAPISTS = 12
TABLETS = 8
PRESS_EVERY_S = 0.1
BODY = {"lane": "recovery", "consent": True}


def fill(server: TentServer, tickets: int) -> list[Hello]:
    """Let so many runners join; what each one's page says when it connects."""
    callers = [Caller(server.port, server.token) for _ in range(AT_ONCE)]

    def join(_: int) -> Hello:
        caller = callers.pop()
        status, answer = caller.post("/tickets", BODY)
        callers.append(caller)
        assert status == 201, answer
        return {"event": "bench", "view": "ticket", "ticket": answer["id"], "key": answer["key"]}

    return list(Pool(AT_ONCE).imap(join, range(tickets)))


def version(server: TentServer) -> int:
    """The newest version there is."""
    return int(Caller(server.port, server.token).get("/board")["version"])


def killed(server: TentServer, herd: HerdProcess) -> tuple[float, float]:
    """Seconds from the kill until a command is answered, and until every page is current."""
    began = time.monotonic()
    server.kill()
    server.start()
    status, answer = Caller(server.port, server.token).post("/tickets", BODY)
    assert status == 201, answer
    serving = time.monotonic() - began
    there = herd.current(version(server), within_s=120)
    return serving, there["last_at"] - began


def cut(server: TentServer, herd: HerdProcess) -> float:
    """Seconds from every line's cut until the last page is current."""
    began = herd.ask("cut")["at"]
    return float(herd.current(within_s=120)["last_at"] - began)


def press(server: TentServer, number: int, took: list[float], over: gevent.event.Event) -> None:
    """One therapist's tablet: the next step, again and again."""
    caller = Caller(server.port, server.token)
    step, path = "", f"/therapists/th{number}/available"
    while not over.is_set():
        began = time.perf_counter()
        status, mine = caller.post(path, {})
        took.append(time.perf_counter() - began)
        assert status < 500, mine
        step = {"": "start", "start": "finish", "finish": "clean"}.get(step, "")
        if not step or status != 200:
            step, path = "", f"/therapists/th{number}/available"
        else:
            code = mine.get("ticket") if step == "start" else mine.get("code", "")
            path = f"/tickets/{code}/{step}"
        gevent.sleep(PRESS_EVERY_S)


def felt(server: TentServer, herd: HerdProcess) -> tuple[float, list[float]]:
    """What staff feel of a return: until the last page is current, and seconds of each press."""
    took: list[float] = []
    over = gevent.event.Event()
    hands = [gevent.spawn(press, server, n, took, over) for n in range(1, TABLETS + 1)]
    gevent.sleep(2)
    took.clear()
    back = cut(server, herd)
    gevent.sleep(0.5)
    over.set()
    gevent.joinall(hands, raise_error=True)
    return back, took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    many, some = (500, 200) if quick else (5000, 2000)
    with tempfile.TemporaryDirectory() as folder:
        server = TentServer(Path(folder), THERAPISTS)
        print(f"load of this machine {os.getloadavg()[0]:.1f} before")
        pages = fill(server, many)
        for title, number, measure in (
            ("killed and started again", many, killed_table),
            ("lines cut while staff press", some, felt_table),
        ):
            herd = HerdProcess(server.port)
            herd.open(pages[:number], within_s=3)
            herd.current(within_s=120)
            print(f"{number:,} phones, {many:,} tickets: {title}")
            measure(server, herd)
            herd.close()
        server.kill()
        print(f"load of this machine {os.getloadavg()[0]:.1f} after")


def killed_table(server: TentServer, herd: HerdProcess) -> None:
    """The figures of a kill, and of a cut with the server up."""
    serving, current = killed(server, herd)
    spent = cpu_seconds(server.process.pid), cpu_seconds(herd.process.pid)
    print(f"  kill to serving {serving:.2f} s, to every page current {current:.2f} s")
    print(f"  processor time: server {spent[0]:.2f} s since its start, phones {spent[1]:.2f} s")
    before = cpu_seconds(server.process.pid)
    back = cut(server, herd)
    used = cpu_seconds(server.process.pid) - before
    print(f"  lines cut: every page current after {back:.2f} s, server {used:.2f} s")


def felt_table(server: TentServer, herd: HerdProcess) -> None:
    """The figures of staff at work."""
    back, took = felt(server, herd)
    middle = statistics.median(took) * 1e3
    print(f"  every page current after {back:.2f} s; {len(took)} presses by staff meanwhile:")
    print(f"  p50 {middle:.1f} ms, p99 {slowest(took):.1f} ms, worst {max(took) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
