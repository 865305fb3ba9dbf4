"""What `make lint` asks is asked by the tests too, so that nobody hands in what it refuses."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from tests.tools import ROOT, tool

ELSEWHERE = {"bandit"}
"""What has a test of its own: tests/attack/test_supply.py."""


def linting() -> dict[str, list[str]]:
    """Each command of `make lint`, by its words."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.M)
    assert recipe is not None
    lines = re.findall(r"^\t\$\(BIN\)/(.+)$", recipe.group(1), re.M)
    return {line: shlex.split(line) for line in lines}


def test_linting_is_ruff_mypy_import_linter_and_bandit() -> None:
    told = {" ".join(words[:2]) for words in linting().values()}
    wanted = {"ruff check", "ruff format", "mypy", "lint-imports", "bandit --quiet"}
    assert told == wanted


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("line", [one for one in linting() if one.split()[0] not in ELSEWHERE])
def test_a_tool_that_looks_at_the_source_finds_nothing(line: str) -> None:
    name, *words = linting()[line]
    done = subprocess.run(
        [tool(name), *words], cwd=ROOT, capture_output=True, text=True, timeout=390, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
