"""What others wrote: new enough that its known holes are mended, and nothing that must not be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests import advisories
from tests.tools import tool

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = {
    "python-socketio": "5.16.4",
    "python-engineio": "4.13.3",
    "Flask": "3.1.3",
    "Werkzeug": "3.1.6",
    "gunicorn": "26",
    "gevent": "25.4.1",
}
"""Below these each has a hole that is known and mended."""
NEVER = ("gevent-websocket", "eventlet", "pickle5", "Flask-SQLAlchemy")
"""Dead, silently preferred when importable, or at odds with the one writer."""


def asked_for() -> dict[str, Requirement]:
    """What the project asks for, of itself and for any extra; of two the one that asks less."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    return {one.name.lower(): one for one in map(Requirement, lines)}


def pinned(file: str) -> dict[str, str]:
    """Each pin of a file under deploy/."""
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    return {name.lower(): at for name, at in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.M)}


def just_below(floor: str) -> Version:
    """A version that is too old by a hair."""
    *first, last = Version(floor).release
    parts = [*first, last - 1, 999] if last else [*first[:-1], first[-1] - 1, 999]
    return Version(".".join(map(str, parts)))


@pytest.mark.parametrize("name", FLOORS)
def test_nothing_older_than_the_mended_version_can_be_installed(name: str) -> None:
    asked = asked_for()[name.lower()]
    assert not asked.specifier.contains(just_below(FLOORS[name])), asked


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_pinned_and_what_runs_here_is_mended(name: str) -> None:
    for file in ("constraints.txt", "requirements.txt"):
        assert Version(pinned(file)[name.lower()]) >= Version(FLOORS[name]), file
    assert Version(version(name)) >= Version(FLOORS[name])


@pytest.mark.parametrize("name", NEVER)
def test_what_must_not_be_there_is_not(name: str) -> None:
    assert name.lower() not in pinned("constraints.txt")
    assert name.lower() not in asked_for()
    with pytest.raises(PackageNotFoundError):
        version(name)


def test_no_source_unpickles_or_evaluates() -> None:
    banned = re.compile(r"\b(pickle|marshal|shelve|eval|exec|os\.system|shell=True|yaml\.load)\b")
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in (ROOT / "tentqueue").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if banned.search(line.partition("#")[0]) and "(" in line
    ]
    assert found == []


def test_no_script_of_ours_writes_markup_or_evaluates() -> None:
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    found = [
        f"{path.name}: {line.strip()[:80]}"
        for path in (ROOT / "static" / "js").rglob("*.js")
        for line in path.read_text(encoding="utf-8").splitlines()
        if banned.search(line.partition("//")[0])
    ]
    assert found == []


def test_templates_never_switch_escaping_off() -> None:
    banned = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "tentqueue").rglob("*.py")]
    found = [str(path) for path in files if banned.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_bandit_finds_nothing_of_weight() -> None:
    command = [sys.executable, "-m", "bandit", "--quiet", "-ll", "--recursive", "tentqueue"]
    given = ["--configfile", "pyproject.toml"]
    done = subprocess.run(
        [*command, *given], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.slow
def test_what_a_deployment_installs_has_no_known_hole() -> None:
    try:
        assert advisories.holes(tool("pip-audit")) == []
    except advisories.Unasked as why:
        # No network is no reason to fail, not even in CI; a hole that is told is one everywhere.
        pytest.skip(f"the advisories could not be asked: {why}")


@contextmanager
def advisories_that_say(answer: Mapping[str, Any], status: int = 200) -> Iterator[str]:
    """A service of advisories of our own, which says the same of every package."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


HOLE = {
    "vulns": [
        {
            "id": "GHSA-test-test-test",
            "summary": "a hole",
            "affected": [
                {
                    "package": {"name": "flask", "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "99.0"}]}],
                }
            ],
        }
    ]
}


@pytest.fixture
def one_pin(tmp_path: Path) -> Path:
    """A deployment of one library."""
    file = tmp_path / "requirements.txt"
    file.write_text("flask==3.1.3\n")
    return file


def test_a_hole_that_the_advisories_tell_of_is_found(one_pin: Path) -> None:
    with advisories_that_say(HOLE) as url:
        (hole,) = advisories.holes(tool("pip-audit"), one_pin, url)
    assert hole == "flask 3.1.3: GHSA-test-test-test, mended in ['99.0']"
    with advisories_that_say({}) as url:
        assert advisories.holes(tool("pip-audit"), one_pin, url) == []


def test_no_answer_is_told_from_no_hole(one_pin: Path) -> None:
    with advisories_that_say({}, status=503) as url, pytest.raises(advisories.Unasked):
        advisories.holes(tool("pip-audit"), one_pin, url)
    with pytest.raises(advisories.Unasked):
        advisories.holes(tool("pip-audit"), one_pin, "http://127.0.0.1:1/v1/query")


def test_a_list_of_pins_that_is_not_there_is_no_lack_of_a_network(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="pip-audit"):
        advisories.holes(tool("pip-audit"), tmp_path / "nowhere.txt", "http://127.0.0.1:1/")
