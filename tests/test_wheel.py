"""The wheel is complete: in an empty environment, outside the checkout, the practice day plays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import time
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent
BIN = "Scripts" if os.name == "nt" else "bin"
NEEDED = (
    "tentqueue/templates/board.html",
    "tentqueue/static/js/store.js",
    "tentqueue/static/vendor/socket.io.js",
    "tentqueue/static/vendor/fonts/words-400.woff2",
    "tentqueue/static/vendor/print/bib-800.ttf",
    "tentqueue/static/vendor/print/words-ja.ttf",
    "tentqueue/practice/finishes.txt",
)

DATED = {**os.environ, "SOURCE_DATE_EPOCH": "1777106400"}
"""A build of the same files gives the same bytes when the date is given."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def pip(*arguments: object) -> None:
    """Run pip as a stranger would, under the project's own limits."""
    limits = ROOT / "deploy" / "constraints.txt"
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    told = [str(argument) for argument in arguments]
    whole = [*command, *told, "--constraint", str(limits)]
    done = subprocess.run(whole, capture_output=True, text=True, check=False, env=DATED)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("tentqueue-*.whl")
    return built


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The source archive, built twice; the second time from what the first one holds."""
    built: list[Path] = []
    source = ROOT
    for turn in ("first", "second"):
        folder = tmp_path_factory.mktemp(turn)
        command = [sys.executable, "-m", "build", "--sdist", "--outdir", str(folder), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=DATED)
        assert done.returncode == 0, done.stdout + done.stderr
        (archive,) = folder.glob("tentqueue-*.tar.gz")
        built.append(archive)
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        source = folder / archive.name.removesuffix(".tar.gz")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment that holds the wheel and what it asks for, nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=False)
    pip("--python", folder / BIN / "python", "install", wheel)
    return folder


def test_the_wheel_holds_screens_libraries_and_the_practice_day(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert [name for name in NEEDED if name not in names] == []
    strays = [n for n in names if not re.match(r"tentqueue(-[\d.]+\.dist-info)?/", n)]
    assert strays == []


def test_the_source_archive_is_complete_and_builds_the_same_bytes_again(
    archives: list[Path], wheel: Path, tmp_path: Path
) -> None:
    first, second = archives
    assert first.read_bytes() == second.read_bytes()
    pip("wheel", "--no-deps", "--wheel-dir", tmp_path, first)
    (again,) = tmp_path.glob("tentqueue-*.whl")
    assert again.read_bytes() == wheel.read_bytes()


def test_the_notice_and_the_licences_ship_along(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        licences = {n.split("/licenses/")[1] for n in packed.namelist() if "/licenses/" in n}
    assert {"LICENSE", "docs/NOTICE.md"} <= licences
    assert "static/vendor/socket.io.LICENSE.txt" in licences
    assert "static/vendor/fonts/source-sans-3.LICENSE.txt" in licences


def test_every_file_of_others_that_ships_is_named_in_the_notice(wheel: Path) -> None:
    notice = (ROOT / "docs" / "NOTICE.md").read_text(encoding="utf-8")
    with zipfile.ZipFile(wheel) as packed:
        names = [n.removeprefix("tentqueue/") for n in packed.namelist() if "/vendor/" in n]
    shipped = [n for n in names if n.startswith("static/") and not n.endswith("/recipe.txt")]
    assert len(shipped) > 15
    for name in shipped:
        told = name.removeprefix("static/vendor/") if name.endswith(".LICENSE.txt") else name
        assert f"`{told}`" in notice, f"name {told} in docs/NOTICE.md"
    assert "`tentqueue/practice/finishes.txt`" in notice


def test_the_installed_command_tells_the_version_of_the_changelogs_first_heading(
    installed: Path,
) -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    said = subprocess.run(
        [installed / BIN / "tentqueue", "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout == f"tentqueue {version}\n"
    headings = re.findall(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == version
    assert len(set(headings)) == len(headings)


def test_the_practice_day_plays_from_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    command = [installed / BIN / "tentqueue", "demo", "--minutes", "1"]
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--speed", "60", "--port", "0"],
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    links = read_links(process)
    server, board = re.match(r"(http://[^/]+)(/\S+)", links["The board"]).groups()  # type: ignore[union-attr]
    assert requests.get(f"{server}/healthz", timeout=10).status_code == 200
    page = requests.get(server + board, timeout=10)
    assert page.status_code == 200
    for path in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)):
        assert requests.get(server + path, timeout=10).status_code == 200, path
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert time.monotonic() - began >= 60


def read_links(process: subprocess.Popen[str]) -> dict[str, str]:
    """Each screen's link, as printed."""
    assert process.stdout is not None
    assert process.stderr is not None
    found: dict[str, str] = {}
    while len(found) < 6:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        if match := re.match(r"  (.+?)\s\s+(http://\S+)", line):
            found[match[1]] = match[2]
    return found
