"""One, two and four workers on one PostgreSQL: what a join, a push and an open page cost, and what
more workers cost by themselves, since each folds what any of them wrote.

    python -m benchmarks.workers [--quick]

Processor time is read from outside, of every worker and of the database, so that what else runs on
the machine matters little. The model of `docs/scale.md`
is made of these figures.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import os  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from benchmarks.crowd import cpu_seconds  # noqa: E402
from benchmarks.herd import HerdProcess  # noqa: E402
from benchmarks.memory import resident_kb  # noqa: E402
from benchmarks.phones import Hello  # noqa: E402
from benchmarks.tent_server import Caller, TentServer  # noqa: E402
from tests.postgres import Cluster, cluster_of_tests  # noqa: E402

AT_ONCE = 32
THERAPISTS = 8
SETTLED_S = 2.5
BODY = {"lane": "recovery", "consent": True}


@dataclass(frozen=True)
class Figures:
    """Processor time in microseconds, of all workers together unless it says otherwise."""

    joins_a_second: float
    join_us: float
    database_us: float
    """Of PostgreSQL, a join."""
    push_us: float
    page_us: float
    """Each second, for each open page: pulses, and the share of the clock."""
    page_kb: float
    pages: int


class Tent:
    """Some workers on an empty database."""

    def __init__(self, cluster: Cluster, folder: Path, workers: int) -> None:
        os.environ["TENTQUEUE_KEYS"] = str(folder / "tent.keys")
        url = cluster.new_url()
        self.cluster = cluster
        self.workers = [TentServer(folder, THERAPISTS, 1, url) for _ in range(workers)]
        self.token = self.workers[0].token

    @property
    def used(self) -> float:
        """Processor time of all workers."""
        return sum(cpu_seconds(worker.process.pid) for worker in self.workers)

    @property
    def database_used(self) -> float:
        """Processor time of PostgreSQL: the server's and each connection's process."""
        parent = self.cluster.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return sum(cpu_seconds(int(pid)) for pid in (parent, *children))

    def join(self, count: int) -> list[Hello]:
        """So many joins, 32 at once, through every worker in turn."""
        hellos: list[Hello] = []

        def one(number: int) -> None:
            caller = Caller(self.workers[number % len(self.workers)].port, self.token)
            for _ in range(count // AT_ONCE):
                status, ticket = caller.post("/tickets", BODY)
                assert status == 201, ticket
                who = {"ticket": ticket["id"], "key": ticket["key"]}
                hellos.append({"event": "bench", "view": "ticket", **who})
            caller.close()

        gevent.joinall([gevent.spawn(one, n) for n in range(AT_ONCE)], raise_error=True)
        return hellos

    def close(self) -> None:
        """Stop them."""
        for worker in self.workers:
            worker.kill()


def measure(cluster: Cluster, workers: int, pages: int) -> Figures:
    """Every figure of so many workers."""
    with tempfile.TemporaryDirectory() as folder:
        tent = Tent(cluster, Path(folder), workers)
        tent.join(AT_ONCE * 2)
        began, used, database = time.monotonic(), tent.used, tent.database_used
        hellos = tent.join(pages)
        rate = len(hellos) / (time.monotonic() - began)
        join = (tent.used - used) / len(hellos) * 1e6
        database = (tent.database_used - database) / len(hellos) * 1e6
        push, page, kb = open_pages(tent, sorted(hellos, key=lambda hello: str(hello["ticket"])))
        tent.close()
        return Figures(rate, join, database, push, page, kb, len(hellos))


def open_pages(tent: Tent, hellos: list[Hello]) -> tuple[float, float, float]:
    """Microseconds a push and a page's second, and kilobytes a page."""
    before = sum(resident_kb(worker.process.pid) for worker in tent.workers)
    herds = [HerdProcess(worker.port) for worker in tent.workers]
    for number, herd in enumerate(herds):
        herd.open(hellos[number :: len(herds)], within_s=2)
    for herd in herds:
        herd.current(within_s=60)
    time.sleep(SETTLED_S)
    idle = rested(tent)
    kb = (sum(resident_kb(worker.process.pid) for worker in tent.workers) - before) / len(hellos)
    push = pushed(tent, herds, idle)
    for herd in herds:
        herd.close()
    return push, idle / len(hellos) * 1e6, kb


def rested(tent: Tent) -> float:
    """Processor time of the workers in a second in which nothing happens."""
    began, used = time.monotonic(), tent.used
    time.sleep(6)
    return (tent.used - used) / (time.monotonic() - began)


def pushed(tent: Tent, herds: list[HerdProcess], idle: float) -> float:
    """Microseconds for each view that reached a page, when the first of the line leaves."""
    caller = Caller(tent.workers[0].port, tent.token)
    began, used, had = time.monotonic(), tent.used, views(herds)
    for _ in range(4):
        line = [t for t in caller.get("/tent")["tickets"] if t["state"] == "waiting"]
        first = min(line, key=lambda ticket: str(ticket["code"]))
        status, answer = caller.post(f"/api/v1/tickets/{first['id']}/leave", {})
        assert status == 200, answer
        time.sleep(SETTLED_S)
    spent = tent.used - used - idle * (time.monotonic() - began)
    return spent / (views(herds) - had) * 1e6


def views(herds: list[HerdProcess]) -> int:
    """How many views all pages have had."""
    return sum(int(herd.ask("counts")["views"]) for herd in herds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--pages", type=int, default=None)
    given = parser.parse_args()
    pages = given.pages or (320 if given.quick else 960)
    running = cluster_of_tests()
    cluster = next(running)
    print(f"{pages} pages; the machine's load was {os.getloadavg()[0]:.1f}")
    print(
        "workers  joins a second  us a join  database us  us a push  us a page's second  kB a page"
    )
    for workers in (1, 2, 4):
        now = measure(cluster, workers, pages)
        print(
            f"{workers:7}{now.joins_a_second:16.0f}{now.join_us:11.0f}{now.database_us:13.0f}"
            f"{now.push_us:11.1f}{now.page_us:20.1f}{now.page_kb:11.1f}",
            flush=True,
        )
    next(running, None)


if __name__ == "__main__":
    main()
