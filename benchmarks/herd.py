"""A herd of phones in a process of its own, told by lines of JSON what to do.

    python -m benchmarks.herd PORT

The load generator must not share an interpreter with whoever measures: its own lag would count.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from benchmarks.phones import Hello, Herd


class HerdProcess:
    """The herd from the outside; every call waits for its answer."""

    def __init__(self, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.herd", str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def ask(self, what: str, **more: Any) -> dict[str, Any]:
        """Have something done; its answer."""
        self.say(what, **more)
        return self.answer()

    def say(self, what: str, **more: Any) -> None:
        """Have something done, and don't wait: `answer` does."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"what": what, **more}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """What the oldest thing asked for came to."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the herd is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def open(self, hellos: list[Hello], within_s: float = 0.0) -> None:
        """Open pages; they are on their way when this returns."""
        with NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(hellos, file)
        self.ask("open", file=file.name, within_s=within_s)
        Path(file.name).unlink()

    def current(self, version: int = 0, within_s: float = 60.0) -> dict[str, Any]:
        """Wait until all are current. Raises: RuntimeError when they are not in time."""
        answer = self.ask("current", version=version, within_s=within_s)
        if not answer["all"]:
            raise RuntimeError(f"not all pages were current: {answer}")
        return answer

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


async def obey(herd: Herd, order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one line."""
    what = order["what"]
    if what == "open":
        hellos = json.loads(Path(order["file"]).read_text())
        herd.open(hellos, order["within_s"])
        return {}
    if what == "cut":
        herd.cut()
        return {"at": time.monotonic()}
    if what == "current":
        good = await herd.current(order["version"], order["within_s"])
        last = max((phone.current_at for phone in herd.phones), default=0.0)
        away = sum(not phone.connected for phone in herd.phones)
        return {"all": good, "last_at": last, "away": away, **asdict(herd.counts)}
    if what == "leave":
        herd.leave(order["keep"])
    return asdict(herd.counts)


async def serve(port: int) -> None:
    """Read lines until there are no more."""
    herd = Herd(port)
    watching = asyncio.ensure_future(herd.watch())
    while line := await asyncio.to_thread(sys.stdin.readline):
        answer = await obey(herd, json.loads(line))
        print(json.dumps(answer), flush=True)
    watching.cancel()


def main() -> None:
    """Serve one test."""
    from tentqueue.process import allow_many_files

    allow_many_files()
    asyncio.run(serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
