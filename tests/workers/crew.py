"""Several workers on one PostgreSQL, each reached by its own port."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

EVENT = "/api/v1/events/riverside-half"


@dataclass
class Worker:
    """One process, and how to ask it."""

    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def post(self, path: str, body: Any = None, who: str = "desk:Eve", key: str = "") -> Any:
        """POST JSON within the event, or from the root."""
        headers = {"Authorization": f"Bearer {who}"} | ({"Idempotency-Key": key} if key else {})
        where = path if path.startswith("/") else f"{EVENT}/{path}"
        return requests.post(self.url + where, json=body or {}, headers=headers, timeout=20)

    def get(self, path: str, who: str = "organiser:Max") -> Any:
        """GET within the event; JSON."""
        headers = {"Authorization": f"Bearer {who}"}
        answer = requests.get(f"{self.url}{EVENT}/{path}".rstrip("/"), headers=headers, timeout=20)
        return answer.json()

    def at(self, path: str, who: str) -> Any:
        """GET from the root; JSON."""
        headers = {"Authorization": f"Bearer {who}"}
        return requests.get(self.url + path, headers=headers, timeout=20).json()

    def join(self, key: str = "", **more: Any) -> Any:
        """A runner joins recovery, half an hour after the finish."""
        body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
        return self.post("tickets", body | {"screening": "ok"} | more, key=key)

    def kill(self) -> None:
        """As a machine that loses its power."""
        self.process.kill()
        self.process.wait()


@dataclass
class Crew:
    """The workers of one test."""

    url: str
    speed: float = 1.0
    tireless: bool = False
    workers: list[Worker] = field(default_factory=list)

    def start(self) -> Worker:
        """One more worker."""
        command = [sys.executable, "-m", "tests.workers.worker", self.url, str(self.speed)]
        command += ["tireless"] if self.tireless else []
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        worker = Worker(process, int(process.stdout.readline()))
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        """Send everybody home."""
        for worker in self.workers:
            worker.kill()


def until(true: Callable[[], Any], within: float = 10.0) -> float:
    """Wait until something is true; the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        if true():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not true within {within} s")
