"""Putting an event back from its backup, on this machine or a second one (invariants 1 and 6).

What may be restored over what is decided here; rows are storage's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tentqueue.domain import Tent, decide, fold
from tentqueue.domain.commands import ContinueRestored
from tentqueue.domain.events import NumberLost
from tentqueue.domain.model import LaneName
from tentqueue.domain.tent import Entry
from tentqueue.opening import tents_of
from tentqueue.services.accounts import INSTALLATION
from tentqueue.services.second_start import (
    codes_go_on_behind,
    lost_minutes,
    numbers_lost,
    pace_of,
)
from tentqueue.storage import Storage, StorageError
from tentqueue.storage.backup import write_backup
from tentqueue.storage.database import Database, database_at
from tentqueue.storage.entries import micros
from tentqueue.storage.keys import adopt_secret, secret_of
from tentqueue.storage.restore import Kept, Replacement, read_backup

ACTOR = "system:restore"


@dataclass(frozen=True)
class Restored:
    """What a restore did: the journal's last entry of the backup and now, and where codes go on.

    `aside` is where what was there before was kept.
    """

    event: str
    made_at: datetime
    last_entry: int
    version: int
    codes: dict[LaneName, int]
    aside: Path | None = None


def restore(url: str, file: Path, now: datetime, force: bool = False) -> Restored | None:
    """Restore `file` into the database at `url`; None when it is all there already.

    Raises: StorageError when the file is not whole, or what is there is newer and `force` is off.
    """
    kept = read_backup(file)
    tent = _folded(kept)
    Storage.open(url).close()
    database = database_at(url)
    served = database.is_served()
    _take_secret(url, database.path, kept, served)
    with closing(Storage.open(url)) as storage:
        return _put_back(storage, kept, tent, Terms(now, force, served))


def move(url: str, event: str, to: str, now: datetime) -> int:
    """Put an event of the database at `url` into the one at `to`, entry by entry the same; returns
    how many entries there are.

    Raises: StorageError when a server runs on either, somebody else writes to the first, or the
    event is there already.
    """
    source, target = database_at(url), database_at(to)
    with closing(Storage.open(url)), closing(Storage.open(to)) as storage:
        if storage.journal.last_number(event):
            raise StorageError(f"{event} is in the other database already; purge or restore there")
    if source.is_served() or target.is_served():
        raise StorageError("a server runs on one of the two; stop it, then move")
    # From here on nobody is answered that something was kept here: what is not read now is lost.
    with source.alone():
        kept = _read(source, event, now)
        _folded(kept)
        _take_secret(to, target.path, kept, served=False)
        with closing(Storage.open(to)) as storage:
            storage.replace(Replacement(kept, (), with_organiser=True))
    return kept.manifest.last_entry


def _read(source: Database, event: str, now: datetime) -> Kept:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "event.zip"
        write_backup(source, event, file, micros(now))
        return read_backup(file)


@dataclass(frozen=True)
class Terms:
    """Under which terms: when, whether newer rows may go, whether a server runs."""

    now: datetime
    force: bool
    served: bool


def _folded(kept: Kept) -> Tent:
    """The tent of the backup: a journal that folds is whole. Raises: StorageError."""
    tent = Tent.unopened(kept.event)
    for number, entry in enumerate(kept.entries(), 1):
        if entry.number != number:
            raise StorageError(f"the backup's journal misses entry {number}; take an older copy")
        tent = fold(tent, entry)
    return tent


def _take_secret(url: str, path: Path, kept: Kept, served: bool) -> None:
    """See to it that this database's secret is the backup's: all keys and PINs hang on it."""
    if secret_of(path) == kept.secret:
        return
    with closing(Storage.open(url)) as storage:
        in_use = storage.journal.list_events() or storage.staff.members(INSTALLATION)
    if in_use:
        raise StorageError(
            "this database has events under another secret, and runners' keys hang on it; restore"
            " into an empty one: --database sqlite:///FOLDER/tentqueue.db"
        )
    if served:
        raise StorageError("a server runs on this database; stop it, restore, start it again")
    adopt_secret(path, kept.secret)


def _put_back(storage: Storage, kept: Kept, tent: Tent, terms: Terms) -> Restored | None:
    relation = _relation(storage, kept)
    seen, aside = None, None
    if relation == "same":
        return None
    if relation == "newer":
        aside = _set_aside(storage, kept, terms)
        lanes = tents_of(storage).of(kept.event).tent.lanes
        seen = {name: lane.issued for name, lane in lanes.items()}
    following = _following(kept, tent, terms.now, seen)
    storage.replace(Replacement(kept, following, with_organiser=True))
    if relation == "newer":
        storage.empty_the_log()
    issued = {lane: n for e in following[:1] for lane, n in _issued(e).items()}
    version = following[-1].number
    return Restored(kept.event, kept.made_at, tent.version, version, issued, aside)


def _relation(storage: Storage, kept: Kept) -> str:
    """Whether what is here is missing, the same, an earlier part of the backup, or newer."""
    last = storage.journal.last_number(kept.event)
    if not last:
        return "missing"
    mine = next(storage.journal.read(kept.event, last - 1, 1))
    theirs = {record.number: record for record in kept.records()}.get(last)
    if theirs is None or (theirs.at, theirs.events) != (mine.at, mine.events):
        return "newer"
    return "same" if last == kept.manifest.last_entry else "earlier"


def _set_aside(storage: Storage, kept: Kept, terms: Terms) -> Path:
    """Keep what is newer in a backup of its own. Raises: StorageError unless told to go on."""
    here = storage.journal.last_number(kept.event)
    if not terms.force:
        raise StorageError(
            f"{kept.event} is newer here (entry {here}) than in the backup (entry"
            f" {kept.manifest.last_entry}); --force puts the backup in its place"
        )
    if terms.served:
        raise StorageError("a server runs on this database; stop it before restoring with --force")
    aside = storage.path.with_name(f"{kept.event}.before-restore.{terms.now:%Y%m%dT%H%M%S}.zip")
    storage.backups.note(kept.event, aside, micros(terms.now))
    write_backup(storage.database, kept.event, aside, micros(terms.now))
    return aside


def _following(
    kept: Kept, tent: Tent, now: datetime, seen: dict[LaneName, int] | None
) -> Sequence[Entry]:
    """The entries after the backup's: where codes go on, and the numbers that may be lost."""
    pace, lost = pace_of(kept.entries()), lost_minutes(kept.made_at, now)
    command = ContinueRestored(kept.made_at, codes_go_on_behind(tent, pace, lost, seen))
    at = max(now, tent.now)
    first = Entry(tent.version + 1, at, ACTOR, decide(tent, command, now))
    empty = (NumberLost(at),)
    count = numbers_lost(pace, lost)
    return [first, *(Entry(first.number + i + 1, at, ACTOR, empty) for i in range(count))]


def _issued(entry: Entry) -> dict[LaneName, int]:
    return next((e.issued for e in entry.events if hasattr(e, "issued")), {})
