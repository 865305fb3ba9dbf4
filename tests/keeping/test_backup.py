"""Backups are whole or refused, replace at once, and never go over what is newer by accident."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tentqueue.second_machine import restore
from tentqueue.services.second_start import Pace, codes_go_on_behind, lost_minutes, numbers_lost
from tentqueue.storage import Storage, StorageError, UnknownEvent
from tentqueue.storage.backup import MANIFEST, SEAL, SECRET, copies_of, write_backup
from tests.cast import NOON, Scene, mins
from tests.keeping.laptop import SLUG
from tests.web.inside import Inside


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    (tmp_path / "here").mkdir()
    opened = Inside(tmp_path / "here")
    yield opened
    opened.close()


def url(folder: Path) -> str:
    """A database in a folder of its own."""
    folder.mkdir(exist_ok=True)
    return f"sqlite:///{folder / 'tent.db'}"


def back_up(inside: Inside, file: Path, keep: int = 0) -> Path:
    """Back the event up while the server runs."""
    write_backup(inside.house.storage.database, SLUG, file, made_at=1, keep=keep)
    return file


def as_older_versions_wrote(file: Path) -> Path:
    """The same backup with the columns that older versions had and never filled."""
    older = file.with_name(f"older-{file.name}")
    gone = {"journal": ["status"], "people": ["screening", "key_sha256", "device"]}
    with zipfile.ZipFile(file) as mine, zipfile.ZipFile(older, "w") as theirs:
        manifest = json.loads(mine.read(MANIFEST))
        theirs.writestr(SECRET, mine.read(SECRET))
        for name, about in manifest["tables"].items():
            more = gone.get(name, [])
            lines = mine.read(f"tables/{name}.jsonl").splitlines()
            rows = [json.dumps([*[None] * len(more), *json.loads(line)]) for line in lines]
            raw = "".join(f"{line}\n" for line in rows).encode()
            about |= {"columns": more + about["columns"], "sha256": sha256(raw).hexdigest()}
            theirs.writestr(f"tables/{name}.jsonl", raw)
        told = json.dumps(manifest).encode()
        theirs.writestr(MANIFEST, told)
        theirs.writestr(SEAL, sha256(told).hexdigest())
    return older


def last_entry(database: str) -> int:
    """The journal's last number."""
    storage = Storage.open(database)
    try:
        return storage.journal.last_number(SLUG)
    finally:
        storage.close()


def test_a_backup_is_private_and_says_what_is_in_it(inside: Inside, tmp_path: Path) -> None:
    inside.join(inside.browser())
    file = back_up(inside, tmp_path / "b.zip")
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["event"] == SLUG
    assert manifest["tables"]["journal"]["rows"] == inside.day.tent.version


def test_a_backup_that_fails_leaves_the_one_before(inside: Inside, tmp_path: Path) -> None:
    file = back_up(inside, tmp_path / "b.zip")
    before = file.read_bytes()
    with pytest.raises(UnknownEvent):
        write_backup(inside.house.storage.database, "no-such-race", file, made_at=2, keep=3)
    assert file.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_so_many_older_backups_stay_and_no_more(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    for _ in range(5):
        back_up(inside, file, keep=2)
    assert sorted(copy.name for copy in copies_of(file)) == ["b.zip", "b.zip.1", "b.zip.2"]


def test_restoring_the_same_again_changes_nothing(inside: Inside, tmp_path: Path) -> None:
    file, there = back_up(inside, tmp_path / "b.zip"), url(tmp_path / "there")
    done = restore(there, file, NOON)
    assert done is not None
    version = last_entry(there)
    assert version == done.version > done.last_entry
    with pytest.raises(StorageError, match="newer here"):
        restore(there, file, NOON)
    assert last_entry(there) == version
    assert restore(url(tmp_path / "here"), file, NOON) is None


def test_what_is_newer_stays_unless_forced_and_is_set_aside_then(
    inside: Inside, tmp_path: Path
) -> None:
    file, there = back_up(inside, tmp_path / "b.zip"), url(tmp_path / "here")
    code = inside.join(inside.browser())["code"]
    with pytest.raises(StorageError, match="--force"):
        restore(there, file, NOON)
    with pytest.raises(StorageError, match="stop it"):
        restore(there, file, NOON, force=True)
    inside.house.presence.leave()
    done = restore(there, file, NOON, force=True)
    assert done is not None
    assert done.aside is not None
    assert done.aside.exists()
    storage = Storage.open(there)
    try:
        assert [Path(path) for path, _ in storage.backups.of_event(SLUG)] == [done.aside]
    finally:
        storage.close()
    assert min(done.codes.values()) > int(code[1:])


def test_a_database_with_events_under_another_secret_is_left_alone(
    inside: Inside, tmp_path: Path
) -> None:
    there = Inside(tmp_path)
    try:
        early = back_up(inside, tmp_path / "early.zip")
        with pytest.raises(StorageError, match="another secret"):
            restore(there.house.settings.database_url, early, NOON)
    finally:
        there.close()


def test_a_backup_of_a_version_with_more_columns_still_restores(
    inside: Inside, tmp_path: Path
) -> None:
    joined = inside.join(inside.browser(), name="Zoe", bib="B77")
    older = as_older_versions_wrote(back_up(inside, tmp_path / "b.zip"))
    done = restore(url(tmp_path / "there"), older, NOON)
    assert done is not None
    here = inside.house.storage
    with closing(Storage.open(url(tmp_path / "there"))) as there:
        kept = list(there.journal.read(SLUG, limit=done.last_entry))
        assert kept == list(here.journal.read(SLUG))
        assert there.people.of_event(SLUG) == here.people.of_event(SLUG)
        assert [person.ticket_id for person in there.people.of_event(SLUG)] == [joined["id"]]


@pytest.mark.parametrize("part", ["tables/journal.jsonl", "secret.txt", "manifest.json"])
def test_a_backup_with_one_changed_byte_is_refused(
    inside: Inside, tmp_path: Path, part: str
) -> None:
    file, broken = back_up(inside, tmp_path / "b.zip"), tmp_path / "broken.zip"
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            raw = good.read(name)
            bad.writestr(name, _with_one_changed_byte(raw) if name == part else raw)
    with pytest.raises(StorageError):
        restore(url(tmp_path / "there"), broken, NOON)
    assert last_entry(url(tmp_path / "there")) == 0


def _with_one_changed_byte(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


@pytest.mark.parametrize("raw", [b"", b"PK", b"\0" * 4096, b'{"event": 1}'])
def test_any_other_file_is_refused_in_words(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "holiday.zip"
    file.write_bytes(raw)
    with pytest.raises(StorageError, match="holiday"):
        restore(url(tmp_path / "there"), file, NOON)


def test_a_cut_off_copy_is_refused(inside: Inside, tmp_path: Path) -> None:
    file = back_up(inside, tmp_path / "b.zip")
    file.write_bytes(file.read_bytes()[:-300])
    with pytest.raises(StorageError):
        restore(url(tmp_path / "there"), file, NOON)


def test_codes_go_on_behind_all_that_the_lost_machine_may_have_given_out() -> None:
    scene = Scene(at=NOON)
    scene.recovery("zoe")
    quiet = codes_go_on_behind(scene.tent, Pace(1, 5), lost=1)
    assert set(quiet.values()) == {100}
    rush = codes_go_on_behind(scene.tent, Pace(joins=120, entries=500), lost=2)
    assert min(rush.values()) >= 1 + 2 * 120 * 2
    assert codes_go_on_behind(scene.tent, Pace(), 1, dict.fromkeys(scene.tent.lanes, 740)) == (
        dict.fromkeys(scene.tent.lanes, 800)
    )
    assert numbers_lost(Pace(), 1) == 200
    assert lost_minutes(NOON, NOON + mins(600)) == 10
    assert lost_minutes(NOON, NOON - mins(5)) == 1
