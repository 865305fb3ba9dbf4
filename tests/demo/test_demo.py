"""`tentqueue demo` as a stranger starts it: it plays, prints its links, and ends by itself."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

PLAY = [sys.executable, "-m", "tentqueue.cli", "demo", "--port", "0", "--speed", "60"]
SCREENS = ("Runners join", "Ticket W", "The board", "Ana's tablet", "The desk", "The organiser")


def start(*more: str, folder: Path) -> subprocess.Popen[str]:
    """Start the practice day with its throw-away database in `folder`."""
    return subprocess.Popen(
        [*PLAY, *more],
        env={"PATH": "", "TMPDIR": str(folder), "HOME": str(folder)},
        cwd=Path(tempfile.gettempdir()),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def links_of(process: subprocess.Popen[str]) -> dict[str, str]:
    """The links that are printed, by screen."""
    assert process.stdout is not None
    found: dict[str, str] = {}
    while len(found) < len(SCREENS):
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        if match := re.match(r"  (.+?)\s\s+(http://\S+)", line):
            found[match[1]] = match[2]
    return found


def test_the_practice_day_plays_prints_its_links_and_ends_by_itself(tmp_path: Path) -> None:
    process = start("--minutes", "0.4", folder=tmp_path)
    links = links_of(process)
    assert [any(name.startswith(s) for name in links) for s in SCREENS] == [True] * len(SCREENS)
    board = re.sub(r"/(riverside-marathon)/board", r"/api/v1/events/\1/board", links["The board"])
    seen, until = set(), time.monotonic() + 18
    while time.monotonic() < until and len(seen) < 2:
        view = requests.get(board, timeout=5).json()
        seen |= {kind for kind in ("calling", "in_treatment") if view[kind]}
        time.sleep(0.3)
    assert seen == {"calling", "in_treatment"}, "runners are called and treated"
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert not list(tmp_path.glob("tentqueue-demo-*")), "the database is thrown away"


def test_ctrl_c_ends_the_practice_day_without_a_word(tmp_path: Path) -> None:
    process = start(folder=tmp_path)
    links_of(process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert not list(tmp_path.glob("tentqueue-demo-*"))
