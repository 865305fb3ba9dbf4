"""Known holes in what a deployment installs: `python -m tests.advisories` asks pip-audit, and that
the advisories on the internet. It installs nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.tools import ROOT

PINNED = ROOT / "deploy" / "requirements.txt"
ADVISORIES = "https://api.osv.dev/v1/query"
PATIENCE_S = 90
"""For all of it; each question may take ten seconds."""
UNREACHED = ("ConnectionError", "Timeout", "HTTPError", "ServiceError", "Could not connect")
"""What stands in the last words of pip-audit when nobody answered."""


class Unasked(Exception):
    """Nobody could be asked; that says nothing about holes."""


def holes(auditor: str, pinned: Path = PINNED, advisories: str = ADVISORIES) -> list[str]:
    """Each known hole: package, version, its name. Raises: Unasked; RuntimeError for any other
    trouble of pip-audit's."""
    command = [
        auditor,
        "--strict",
        "--disable-pip",
        "--no-deps",
        "--progress-spinner",
        "off",
        "--timeout",
        "10",
    ]
    asked = ["--vulnerability-service", "osv", "--osv-url", advisories, "--format", "json"]
    try:
        done = subprocess.run(
            [*command, *asked, "--requirement", str(pinned)],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unasked(f"no answer within {PATIENCE_S} s") from None
    if done.stdout.startswith("{"):
        return list(_told(json.loads(done.stdout)))
    last = (done.stderr.strip().splitlines() or ["no word"])[-1]
    if any(word in done.stderr for word in UNREACHED):
        raise Unasked(last[:200])
    raise RuntimeError(f"pip-audit: {last[:500]}")


def _told(report: dict[str, Any]) -> list[str]:
    return [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {hole['fix_versions']}"
        for one in report["dependencies"]
        for hole in one["vulns"]
    ]


if __name__ == "__main__":
    try:
        found = holes(str(Path(sys.executable).with_name("pip-audit")))
    except Unasked as why:
        sys.exit(f"the advisories could not be asked: {why}")
    sys.exit("\n".join(found) or None)
