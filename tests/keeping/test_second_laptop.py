"""The laptop dies: a second one goes on from the last backup (invariants 1, 5 and 6)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

import pytest
import requests

from tentqueue.domain import Tent, fold
from tentqueue.storage import Storage
from tentqueue.storage.ledger import EventLedger
from tests.invariants import check_history
from tests.keeping.laptop import SLUG, Laptop
from tests.workers.crew import until


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    pair = Laptop(tmp_path / "first"), Laptop(tmp_path / "second")
    yield pair
    for laptop in pair:
        laptop.die()


def tentqueue(laptop: Laptop, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a laptop."""
    return subprocess.run(
        [sys.executable, "-m", "tentqueue.cli", *words],
        env=os.environ | {"TENTQUEUE_DATABASE": laptop.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def again_and_again(laptop: Laptop, file: Path) -> subprocess.Popen[bytes]:
    """Back the race up beside the server, as on the day, each second instead of each minute."""
    return subprocess.Popen(
        [sys.executable, "-m", "tentqueue.cli", "backup", SLUG, str(file), "--every", "1"],
        env=os.environ | {"TENTQUEUE_DATABASE": laptop.url},
        stdout=subprocess.DEVNULL,
    )


def rewritten(file: Path, before: int) -> int:
    """Wait until there is a newer backup; when it was written."""
    until(lambda: file.exists() and file.stat().st_mtime_ns > before, 30)
    return file.stat().st_mtime_ns


def test_the_drill_a_laptop_dies_under_load_and_a_second_one_goes_on(
    laptops: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    first, second = laptops
    first.start()
    organiser = first.token("organiser")
    stop = threading.Event()
    zoe = first.join(requests.Session(), name="CANARYNAME", bib="CANARYBIB", word="CANARYWORD")
    crowd = first.crowd(stop)
    while len(first.tickets) < 40:
        time.sleep(0.05)
    file = tmp_path / "riverside.zip"
    stick = again_and_again(first, file)
    try:
        before = [zoe, *first.tickets]
        written = file.stat().st_mtime_ns if file.exists() else 0
        # The one under way may have begun before: what came before is in the second from now.
        written = rewritten(file, written)
        rewritten(file, written)
        first.die()
    finally:
        stick.kill()
        stick.wait()
    stop.set()
    for thread in crowd:
        thread.join()

    began = time.monotonic()
    second.folder.mkdir()
    done = tentqueue(second, "restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    second.start()
    for ticket in before:
        answer = second.ticket(ticket)
        assert answer.status_code == 200, "a key from before the backup is still good"
        assert (answer.json()["code"], answer.json()["lane"]) == (ticket["code"], ticket["lane"])
    assert time.monotonic() - began < 60, "the promise is five minutes, by hand"
    tent = requests.get(f"{second.base}/api/v1/events/{SLUG}/tent", headers=organiser, timeout=20)
    assert tent.status_code == 200, "a token from before is still good"

    given_out = {ticket["code"] for ticket in [zoe, *first.tickets]}
    fresh = {second.join(requests.Session())["code"] for _ in range(20)}
    assert not fresh & given_out, "a code that was given out is never used again"
    second.die()
    said = "".join((laptop.folder / "server.log").read_text() for laptop in laptops)
    assert "/api/v1/events/riverside-half/tickets" in said, "the log has a line for each answer"
    secrets = ("CANARY", zoe["id"], zoe["key"], organiser["Authorization"].split()[1])
    assert [secret for secret in secrets if secret in said] == []
    _check_the_whole_history(second)


def _check_the_whole_history(laptop: Laptop) -> None:
    storage = Storage.open(laptop.url)
    try:
        entries = [line.entry for line in EventLedger(storage.journal, SLUG).tail(0)]
    finally:
        storage.close()
    start = Tent.unopened(SLUG)
    check_history(start, entries, reduce(fold, entries, start))
