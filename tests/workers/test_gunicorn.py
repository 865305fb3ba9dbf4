"""gunicorn in front of PostgreSQL, as `docs/deploy.md` says to start it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from tests.live_client import Screen
from tests.workers.crew import until

pytestmark = pytest.mark.postgres
WORKERS = 2
SCREENS = 8


def race_of_now(now: datetime) -> str:
    """An event whose recovery lane is open."""
    opens, closes = (f"{now + timedelta(hours=h):%Y-%m-%d %H:%M}" for h in (-1, 5))
    return f"""
[event]
slug = "riverside-half"
name = "Riverside Half"
timezone = "UTC"
date = {now:%Y-%m-%d}
tables = 2
[lane.recovery]
opens = "{opens}"
closes = "{closes}"
[[therapist]]
name = "Ana"
lanes = ["recovery"]
"""


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        return int(door.getsockname()[1])


def alive(url: str) -> bool:
    """Whether somebody answers."""
    try:
        return requests.get(f"{url}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


@pytest.fixture
def gunicorn(postgres_url: str, tmp_path: Path) -> Iterator[str]:
    """Two workers behind one port, with the cast's race; the address."""
    file, port = tmp_path / "race.toml", free_port()
    file.write_text(race_of_now(datetime.now(UTC)))
    environ = os.environ | {"TENTQUEUE_DATABASE": postgres_url}
    cli = [sys.executable, "-m", "tentqueue.cli"]
    subprocess.run([*cli, "event", "create", str(file)], env=environ, check=True, timeout=60)
    command = [sys.executable, "-m", "gunicorn", "-k", "gevent", "-w", str(WORKERS)]
    command += [
        "--no-control-socket",
        "--graceful-timeout",
        "3",
        "-b",
        f"127.0.0.1:{port}",
        "tentqueue.wsgi:app",
    ]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    until(lambda: alive(url), 30)
    yield url
    process.terminate()
    process.wait(20)


def test_every_screen_shows_what_any_worker_took(gunicorn: str) -> None:
    port = int(gunicorn.rpartition(":")[2])
    hello = {"event": "riverside-half", "view": "board"}
    screens = [Screen(port).join(hello) for _ in range(SCREENS)]
    assert b"permessage-deflate" not in screens[0].answer
    assert all(screen.view()["next"] == [] for screen in screens)
    body = {"lane": "recovery", "consent": True, "before_finish": True, "screening": "ok"}
    tickets = f"{gunicorn}/api/v1/events/riverside-half/tickets"
    for _ in range(6):
        answer = requests.post(tickets, json=body, timeout=10)
        assert answer.status_code == 201, answer.text
    codes = {f"R{number:03d}" for number in range(1, 7)}
    assert answer.json()["code"] in codes
    for screen in screens:
        version = 0
        while version < 7:
            version = max(version, screen.view()["version"])


def test_a_worker_that_dies_is_replaced_and_screens_find_the_other(gunicorn: str) -> None:
    until(lambda: alive(gunicorn), 5)
    workers = subprocess.run(
        ["pgrep", "-f", f"{gunicorn.removeprefix('http://')} tentqueue.wsgi"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    os.kill(int(workers[-1]), 9)
    board = f"{gunicorn}/api/v1/events/riverside-half/board"
    for _ in range(20):
        assert requests.get(board, timeout=10).status_code == 200
    until(lambda: alive(gunicorn), 10)
