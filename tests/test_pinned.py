"""What deployments install is what the tests ran with, and every file of it by its hash."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("postgres", "push", "printers", "workers")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(file: str) -> dict[str, str]:
    """Each pinned name of a file under deploy/, with its version."""
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.M)
    return {str(canonicalize_name(name)): version for name, version in found}


def asked_for(extra: str | None) -> list[Requirement]:
    """What the project asks for, of itself or for an extra, on this machine."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    lines = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    asked = [Requirement(line) for line in lines]
    return [one for one in asked if one.marker is None or one.marker.evaluate()]


def test_hashed_pins_are_those_the_tests_ran_with() -> None:
    tested = pins("constraints.txt")
    hashed = pins("requirements.txt")
    assert {name: tested.get(name) for name in hashed} == hashed, "run `make requirements`"


def test_every_pin_of_a_deployment_has_its_hashes_and_names_no_index() -> None:
    text = (ROOT / "deploy" / "requirements.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]
    assert len(entries) > 40
    for entry in entries:
        assert HASH.search(entry), entry[:60]
    assert "://" not in text
    assert not re.search(r"^-", text, re.M), "no options: any index may serve it"


def test_all_that_tentqueue_asks_for_is_pinned_within_its_bounds() -> None:
    hashed = pins("requirements.txt")
    for extra in (None, *EXTRAS):
        for one in asked_for(extra):
            version = hashed.get(str(canonicalize_name(one.name)))
            assert version is not None, f"{one.name}: run `make requirements`"
            assert one.specifier.contains(Version(version)), one


def test_what_the_tests_need_is_pinned_too() -> None:
    tested = pins("constraints.txt")
    for extra in ("test", "docs", "dev"):
        for one in asked_for(extra):
            version = tested.get(str(canonicalize_name(one.name)))
            assert version is not None, f"pin {one.name} in deploy/constraints.txt"
            assert one.specifier.contains(Version(version)), one
