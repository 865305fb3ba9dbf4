"""What the handbook tells people to type works as it stands there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tentqueue.services.event_file import read_event
from tests.handbook.pages import DOCS, PAGES, Block, blocks, name
from tests.roster.files import RACE_RESULT_STARTS

KINDS = {"sh", "toml", "json", "http", "text"}
BLOCKS = [block for page in PAGES for block in blocks(page)]
TYPED = {
    page: [b for b in BLOCKS if b.page == page and b.kind == "sh" and not b.excuse]
    for page in PAGES
}


def own_race() -> str:
    """The event file that the race-day guide shows first."""
    return next(b.text for b in blocks(DOCS / "race-day.md") if b.kind == "toml")


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    """A folder with what the guide says one has: the event's file and the timing system's list."""
    (tmp_path / "riverside.toml").write_text(own_race(), encoding="utf-8")
    (tmp_path / "entries.csv").write_bytes(RACE_RESULT_STARTS.text.encode("cp1252"))
    return tmp_path


def type_in(block: Block, laptop: Path) -> None:
    """Type a block into a shell whose first error ends it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    database = f"sqlite:///{laptop / 'tent.db'}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text],
        cwd=laptop,
        env={**os.environ, "PATH": path, "HOME": str(laptop), "TENTQUEUE_DATABASE": database},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"


@pytest.mark.skipif(os.name == "nt", reason="the blocks are for a POSIX shell")
@pytest.mark.parametrize("leaf", [p for p in PAGES if TYPED[p]], ids=name)
def test_a_page_can_be_followed_command_by_command(leaf: Path, laptop: Path) -> None:
    for block in TYPED[leaf]:
        type_in(block, laptop)


def test_something_of_the_guide_is_really_typed() -> None:
    typed = " ".join(block.text for page in PAGES for block in TYPED[page])
    for words in ("event check", "event create", "import", "posters", "report", "doctor"):
        assert f"tentqueue {words}" in typed, words


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: f"{name(b.page)}-{b.text[:20]!r}")
def test_every_block_says_what_it_is_and_only_commands_are_excused(block: Block) -> None:
    assert block.kind in KINDS
    assert block.excuse is None or block.kind == "sh"
    if block.kind == "toml":
        tomllib.loads(block.text)
    if block.kind == "json":
        json.loads(block.text)


def test_the_guides_event_file_is_a_whole_event() -> None:
    assert read_event(own_race(), "riverside.toml").slug == "riverside-half"
