"""Every measurement in turn, the quick way: `python -m benchmarks`."""

from __future__ import annotations

import subprocess
import sys

_ALL = (
    "fanout",
    "commit",
    "joins",
    "calls",
    "latency",
    "memory",
    "handle",
    "forecast",
    "days",
    "returns",
    "surge",
    "rounds",
    "pushes",
    "long_day",
    "workers",
)


def main() -> int:
    """Runs each in a process of its own; the first that fails ends it."""
    for name in _ALL:
        print(f"\n{name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--quick"], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
