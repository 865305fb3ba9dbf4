"""macOS and Windows, as far as Linux can play them: locks, ports, limits, folders, letters."""

from __future__ import annotations

import ast
import importlib.util
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tentqueue import process, visit
from tentqueue.settings import Settings
from tentqueue.storage import Storage, turnstile
from tentqueue.storage.backup import is_backup_of, write_backup
from tests.cast import NOON

PACKAGE = Path(turnstile.__file__).parents[1]


class Msvcrt(ModuleType):
    """Windows' byte locks: one holder for each byte of a file, asked without waiting."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.held: dict[tuple[int, int], int] = {}

    def locking(self, handle: int, mode: int, count: int) -> None:
        """Lock or let go of `count` bytes from where the handle stands."""
        place = (os.fstat(handle).st_ino, os.lseek(handle, 0, os.SEEK_CUR))
        assert count == 1
        if mode == self.LK_NBLCK:
            if place in self.held:
                raise OSError(13, "Permission denied")
            self.held[place] = handle
        elif self.held.pop(place, None) != handle:
            raise OSError(13, "not locked by this handle")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The turnstile as Windows loads it."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt())
    spec = importlib.util.spec_from_file_location("turnstile_of_windows", turnstile.__file__)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_on_windows_one_program_passes_the_turnstile_at_a_time(
    windows: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "turn"
    mine, theirs = (os.open(path, os.O_CREAT | os.O_RDWR) for _ in range(2))
    os.lseek(mine, 7, os.SEEK_SET)
    assert windows._try_lock(mine)
    os.lseek(theirs, 3, os.SEEK_SET)
    assert not windows._try_lock(theirs)
    os.lseek(mine, 5, os.SEEK_SET)
    windows._unlock(mine)
    assert windows._try_lock(theirs)
    for handle in (mine, theirs):
        os.close(handle)


@pytest.mark.parametrize("system", ["linux", "win32"])
def test_the_doctor_sees_a_taken_port_on_each_system(
    system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit.sys, "platform", system)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        (taken,) = visit.look_at_port(visit.Visit(Settings(port=port), NOON))
    (free,) = visit.look_at_port(visit.Visit(Settings(port=port), NOON))
    assert (taken.well, free.well) == (False, True)


def test_a_system_without_a_limit_of_files_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    process.allow_many_files()


@pytest.mark.parametrize(
    ("soft", "hard", "most", "ends"),
    [
        (1024, 1 << 62, 1 << 62, process.LARGEST_CROWD + 1_000),
        (256, -1, 10_240, 10_240 if process.LARGEST_CROWD + 1_000 > 10_240 else None),
        (256, 4096, 1 << 62, 4096),
        (1 << 20, 1 << 20, 1 << 62, 1 << 20),
    ],
)
def test_as_many_files_as_the_system_gives_are_allowed(
    soft: int, hard: int, most: int, ends: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = [soft, hard]

    def setrlimit(_: int, wanted: tuple[int, int]) -> None:
        if wanted[0] > most:  # macOS says no above OPEN_MAX, although it tells no hard limit
            raise ValueError("current limit exceeds maximum limit")
        limits[:] = wanted

    fake = SimpleNamespace(
        RLIMIT_NOFILE=7, RLIM_INFINITY=-1, getrlimit=lambda _: tuple(limits), setrlimit=setrlimit
    )
    monkeypatch.setitem(sys.modules, "resource", fake)
    process.allow_many_files()
    assert limits[0] == (ends or process.LARGEST_CROWD + 1_000)


def test_a_folder_that_cannot_be_synced_is_no_reason_to_lose_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)
    file = tmp_path / "b.zip"
    with closing(Storage.open(f"sqlite:///{tmp_path / 'tent.db'}")) as storage:
        storage.journal.create_event("riverside", b"{}", at=1)
        write_backup(storage.database, "riverside", file, made_at=2)
    assert is_backup_of(file, "riverside")


def test_on_macos_a_commit_reaches_the_disk_and_not_only_its_cache(tmp_path: Path) -> None:
    storage = Storage.open(f"sqlite:///{tmp_path / 'tent.db'}")
    try:
        connection = storage.database.open_writer()
        told = connection.execute("PRAGMA fullfsync").fetchone()
    finally:
        storage.close()
    assert told == (1,)


def calls(path: Path) -> Iterator[ast.Call]:
    """What a module calls."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return (node for node in nodes if isinstance(node, ast.Call))


def test_text_is_read_and_written_in_a_named_encoding() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in calls(path):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            named = any(keyword.arg == "encoding" for keyword in node.keywords)
            binary = len(node.args) > 1 and "b" in ast.unparse(node.args[1])
            where = f"{path.name}, line {node.lineno}"
            if called == "read_text":
                assert named or node.args, where
            if called == "write_text":
                assert named or len(node.args) > 1, where
            if isinstance(node.func, ast.Name) and node.func.id == "open":
                assert named or binary, where
