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
RETURNS = 3
BODY = {"lane": "recovery", "consent": True}


def fill(server: TentServer, tickets: int) -> list[Hello]:
    """Let so many runners join; what each one's page says when it connects."""
    callers = [Caller(server.port, server.token) for _ in range(min(AT_ONCE, tickets))]

    def join(_: int) -> Hello:
        caller = callers.pop()
        status, answer = caller.post("/tickets", BODY)
        callers.append(caller)
        assert status == 201, answer
        return {"event": "bench", "view": "ticket", "ticket": answer["id"], "key": answer["key"]}

    hellos = list(Pool(max(1, min(AT_ONCE, tickets))).imap(join, range(tickets)))
    for caller in callers:
        caller.close()
    return hellos


def version(server: TentServer) -> int:
    """The newest version there is."""
    return int(Caller(server.port, server.token).get("/board")["version"])


def serving_again(server: TentServer) -> tuple[float, float]:
    """Kill it; seconds until a command is answered, and the server's processor time by then."""
    began = time.monotonic()
    server.kill()
    server.start()
    status, answer = Caller(server.port, server.token).post("/tickets", BODY)
    assert status == 201, answer
    return time.monotonic() - began, cpu_seconds(server.process.pid)


def cut(herd: HerdProcess) -> float:
    """Seconds from every line's cut until the last page is current."""
    began = herd.ask("cut")["at"]
    return float(herd.current(within_s=120)["last_at"] - began)


Press = tuple[float, float]
"""Seconds from a press to its answer, and the server's processor time between: what would be left
of the wait if nobody else used this machine."""


def press(server: TentServer, number: int, took: list[Press], over: gevent.event.Event) -> None:
    """One therapist's tablet: the next step, again and again."""
    caller = Caller(server.port, server.token)
    step, path = "", f"/therapists/th{number}/available"
    while not over.is_set():
        began, used = time.perf_counter(), cpu_seconds(server.process.pid)
        status, mine = caller.post(path, {})
        used = cpu_seconds(server.process.pid) - used
        took.append((time.perf_counter() - began, used))
        assert status < 500, mine
        step = {"": "start", "start": "finish", "finish": "clean"}.get(step, "")
        if not step or status != 200:
            step, path = "", f"/therapists/th{number}/available"
        else:
            code = mine.get("ticket") if step == "start" else mine.get("code", "")
            path = f"/tickets/{code}/{step}"
        gevent.sleep(PRESS_EVERY_S)


def felt(server: TentServer, herd: HerdProcess) -> tuple[float, list[Press]]:
    """What staff feel of a return: until the last page is current, and seconds of each press."""
    took: list[Press] = []
    over = gevent.event.Event()
    hands = [gevent.spawn(press, server, n, took, over) for n in range(1, TABLETS + 1)]
    gevent.sleep(2)
    took.clear()
    back = 0.0
    for _ in range(RETURNS):
        back = max(back, cut(herd))
    over.set()
    gevent.joinall(hands, raise_error=True)
    return back, took


def kill_table(server: TentServer, pages: list[Hello]) -> None:
    """A kill with nobody there, and one with every phone; then every line cut."""
    for _ in range(3):
        serving, used = serving_again(server)
        print(f"  kill to serving {serving:.2f} s, {used:.2f} s of processor time")
    herd = opened(server, pages)
    # The join that shows the server serves again changes no other page.
    known, began = version(server), time.monotonic()
    serving, _ = serving_again(server)
    last = herd.current(known, within_s=120)["last_at"] - began
    used = cpu_seconds(server.process.pid)
    print(f"  with all phones: kill to serving {serving:.2f} s, every page current {last:.2f} s")
    print(f"  processor time: server {used:.2f} s, phones {cpu_seconds(herd.process.pid):.2f} s")
    back = cut(herd)
    used = cpu_seconds(server.process.pid) - used
    print(f"  lines cut: every page current after {back:.2f} s, server {used:.2f} s")
    herd.close()


def felt_table(server: TentServer, pages: list[Hello]) -> None:
    """Staff at work while every phone returns."""
    herd = opened(server, pages)
    back, took = felt(server, herd)
    print(f"  every page current after {back:.2f} s; {len(took)} presses by staff meanwhile:")
    for title, times in zip(("waited", "server busy"), zip(*took, strict=True), strict=True):
        middle, most = statistics.median(times) * 1e3, max(times) * 1e3
        print(f"  {title:12} p50 {middle:.1f} ms, p99 {slowest(times):.1f} ms, most {most:.1f} ms")
    herd.close()


def opened(server: TentServer, pages: list[Hello]) -> HerdProcess:
    """A herd with every page current."""
    herd = HerdProcess(server.port)
    herd.open(pages, within_s=3)
    herd.current(within_s=120)
    return herd


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    for title, number, measure in (
        ("the server is killed", 500 if quick else 5000, kill_table),
        ("lines are cut while staff press", 200 if quick else 2000, felt_table),
    ):
        with tempfile.TemporaryDirectory() as folder:
            server = TentServer(Path(folder), THERAPISTS)
            load = os.getloadavg()[0]
            print(f"{number:,} phones and tickets, {title}; the machine's load was {load:.1f}")
            measure(server, fill(server, number))
            server.kill()


if __name__ == "__main__":
    main()
