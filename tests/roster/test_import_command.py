"""`tentqueue import` as scripts use it, and the folder it watches."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tentqueue.services.roster.watching import Watched
from tentqueue.storage import Storage
from tests.test_cli import Console

SLUG = "riverside-half"
STARTS = "Bib,First Name,Last Name,Contest,Wave\n007,Ana,Lopez,Half,A\n8,Ben,Ode,Half,A\n"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A terminal with the cast's event."""
    console = Console(tmp_path)
    console.told(0, "event", "create", "race.toml")
    (tmp_path / "s.csv").write_text(STARTS)
    return console


def listed(console: Console) -> int:
    """How many the roster has."""
    storage = Storage.open(console.url)
    try:
        return storage.roster.count(SLUG).listed
    finally:
        storage.close()


def test_a_dry_run_counts_and_changes_nothing_and_the_import_does_it(console: Console) -> None:
    words = ("import", SLUG, "starts", "s.csv")
    assert "would be 2 new" in console.told(0, *words, "--dry-run")
    assert listed(console) == 0
    assert "2 new, 0 changed" in console.told(0, *words)
    assert "2 as before" in console.told(0, *words)
    assert listed(console) == 2


def test_a_row_that_can_not_be_taken_is_one_line_and_the_others_are_taken(console: Console) -> None:
    (console.folder / "s.csv").write_text(STARTS + ",No,Bib,Half,A\n")
    done = console.run("import", SLUG, "starts", "s.csv")
    assert done.returncode == 0
    assert "s.csv, line 4, bib: is missing" in done.stderr
    assert listed(console) == 2


def test_strict_takes_all_rows_or_none(console: Console) -> None:
    (console.folder / "s.csv").write_text(STARTS + ",No,Bib,Half,A\n")
    assert console.run("import", SLUG, "starts", "s.csv", "--strict").returncode == 2
    assert listed(console) == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("import", "nowhere", "starts", "s.csv"), 1, "no event"),
        (("import", SLUG, "starts", "gone.csv"), 2, "gone.csv: No such file"),
        (("import", SLUG, "people", "s.csv"), 2, "people"),
        (("import", SLUG, "starts"), 2, "--watch"),
        (("import", SLUG, "starts", "s.csv", "--column", "shoe=1"), 2, "MEANING=HEADER"),
        (("import", SLUG, "starts", "s.csv", "--column", "bib=Shoe"), 2, "Shoe"),
    ],
)
def test_what_can_not_be_done_is_one_line(
    console: Console, words: tuple[str, ...], status: int, said: str
) -> None:
    assert said in console.told(status, *words)


def test_a_partly_written_file_waits_until_it_stands_still(tmp_path: Path) -> None:
    watched, file = Watched(tmp_path), tmp_path / "results.csv"
    file.write_text("bib,finish\n")
    assert watched.ready() == watched.ready() == []
    file.write_text("bib,finish\n7,10:00\n")
    assert [watched.ready() for _ in range(3)] == [[], [], [file]]
    assert watched.ready() == []
    file.write_text("bib,finish\n7,10:00\n8,10:01\n")
    assert [watched.ready() for _ in range(3)] == [[], [], [file]]


def test_a_watched_folder_leaves_what_is_no_list_alone(tmp_path: Path) -> None:
    for name in (".hidden.csv", "~lock.csv", "empty.csv", "photo.jpg"):
        (tmp_path / name).write_text("" if name == "empty.csv" else "bib\n1\n")
    watched = Watched(tmp_path)
    assert [watched.ready() for _ in range(4)] == [[], [], [], []]


def test_a_file_dropped_into_a_watched_folder_is_taken(console: Console) -> None:
    drop = console.folder / "drop"
    drop.mkdir()
    watching = subprocess.Popen(
        [sys.executable, "-m", "tentqueue.cli", "import", SLUG, "starts", "--watch", str(drop)],
        env=os.environ | {"TENTQUEUE_DATABASE": console.url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    give_up = threading.Timer(50, watching.kill)
    give_up.start()
    try:
        assert watching.stdout is not None
        assert "Ctrl-C" in watching.stdout.readline()
        (drop / "s.csv").write_text(STARTS)
        assert "2 new" in watching.stdout.readline()
    finally:
        give_up.cancel()
        watching.kill()
        watching.wait()
    assert listed(console) == 2
