"""Where backups of an event were written, so that a wipe finds them again, and drops them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.storage.backup import copies_of, is_backup_of
from tentqueue.storage.connection import Reader
from tentqueue.storage.schema import backups
from tentqueue.storage.statement import Statement
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

_new = insert(backups)
_put = Statement(
    _new.on_conflict_do_update(
        index_elements=["event", "path"], set_={"made_at": _new.excluded.made_at}
    ),
    columns=["event", "path", "made_at"],
)
_of_event = Statement(
    select(backups.c.path, backups.c.made_at)
    .where(backups.c.event == bindparam("of_event"))
    .order_by(backups.c.path)
)
_forget = Statement(
    delete(backups)
    .where(backups.c.event == bindparam("of_event"))
    .where(backups.c.path == bindparam("at_path"))
)


@dataclass(frozen=True)
class Dropped:
    """What became of an event's backups: files dropped, and paths where nothing could be seen."""

    files: int
    not_reached: tuple[str, ...]


class Backups:
    """Notes where backups are, and drops them."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer, self._reader = writer, reader

    def note(self, event: str, file: Path, at: int) -> None:
        """Remembers a backup's place; noted before it is written, so that none is forgotten."""
        self._change(_put, event=event, path=str(file.absolute()), made_at=at)

    def of_event(self, event: str) -> list[tuple[str, int]]:
        """Each place and the microseconds of its last backup."""
        return [(path, at) for path, at in self._reader.rows(_of_event, of_event=event)]

    def drop(self, event: str) -> Dropped:
        """Deletes every backup that can be reached; a disk that is not here stays noted."""
        files, not_reached = 0, []
        for path, _ in self.of_event(event):
            gone = self._drop_copies(event, Path(path))
            if gone is None:
                not_reached.append(path)
            else:
                files += gone
                self._change(_forget, of_event=event, at_path=path)
        return Dropped(files, tuple(not_reached))

    def _drop_copies(self, event: str, file: Path) -> int | None:
        """How many files went; None when the folder is not here or a file can't be deleted."""
        if not file.parent.is_dir():
            return None
        ours = [copy for copy in copies_of(file) if is_backup_of(copy, event)]
        try:
            for copy in ours:
                copy.unlink()
        except OSError:
            return None
        return len(ours)

    def _change(self, statement: Statement, **values: str | int) -> None:
        def change(transaction: Transaction) -> None:
            transaction.run(statement, **values)

        self._writer.submit(change).wait()
