"""What others wrote: new enough that its known holes are mended, and nothing that must not be."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

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
