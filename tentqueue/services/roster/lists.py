"""Lists that organisers upload: kept in a folder until they are taken, read and taken beside the
server's other work. What is known of one stands in a file beside it, so any worker can tell.

Never keeps one longer than an hour, nor after it was taken.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from tentqueue.domain.said import Said
from tentqueue.services.clock import Clock
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.services.roster.check import Check, Choices, NoBib, check
from tentqueue.services.roster.list_state import ListState, Step, shown
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.rosters import Rosters
from tentqueue.services.roster.source import LARGEST_FILE, Unreadable
from tentqueue.services.roster.taking import take

KEPT_FOR_S = 3600
MOST = 8
"""Lists kept at one time, of all events; the oldest goes."""
TOLD_EVERY = 5_000
"""Rows between two words of progress."""
ID = re.compile(r"[0-9a-f]{32}")
Tell = Callable[[str], str]


class UnknownList(Exception):
    """No list has this id, or it is gone."""


class TooLarge(Exception):
    """More bytes than a list may have."""


class Lists:
    """The lists of all events. `spawn` starts work beside, `away` runs it off the event loop."""

    def __init__(
        self,
        folder: Path,
        rosters: Rosters,
        clock: Clock,
        spawn: Callable[..., Any],
        away: Callable[..., Any],
    ) -> None:
        self._folder, self._rosters, self._clock = folder, rosters, clock
        self._spawn, self._away = spawn, away

    def receive(self, slug: str, kind: Kind, chunks: Iterable[bytes]) -> ListState:
        """Keep a file as it comes. Raises: TooLarge; StorageFull when the disk is."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.tidy(MOST - 1)
        name = secrets.token_hex(16)
        path = self._file(slug, name)
        try:
            size = _written(path, chunks)
        except (OSError, TooLarge) as wrong:
            path.unlink(missing_ok=True)
            if isinstance(wrong, OSError):
                raise StorageFull("no room for the list") from None
            raise
        state = ListState(file=name, kind=kind, size=size)
        self._save(slug, state)
        return state

    def state(self, slug: str, name: str) -> ListState:
        """What is known of a list. Raises: UnknownList."""
        try:
            return msgspec.json.decode(self._beside(slug, name).read_bytes(), type=ListState)
        except (OSError, msgspec.DecodeError):
            raise UnknownList(name) from None

    def begin(self, slug: str, name: str, choices: Choices, taking: bool, tell: Tell) -> ListState:
        """Read a list beside, and take it if wanted; one under way goes on as it is.

        Raises: UnknownList.
        """
        before = self.state(slug, name)
        if before.step in (Step.READING, Step.TAKING):
            return before
        if not self._file(slug, name).is_file():
            return before
        state = replace(before, step=Step.READING, kind=choices.kind, rows=0, sentence="")
        self._save(slug, state)
        self._spawn(self._work, slug, state, choices, taking, tell)
        return state

    def drop(self, slug: str) -> None:
        """Delete every list of an event: it was wiped."""
        for file in self._folder.glob(f"{slug}.*"):
            file.unlink(missing_ok=True)

    def tidy(self, keep: int = MOST) -> None:
        """Delete what is an hour old, and all but the newest few."""
        now = self._clock.now().timestamp()
        with suppress(OSError):
            files = sorted(self._folder.glob("*.json"), key=_written_at, reverse=True)
            old = [file for file in files if now - _written_at(file) > KEPT_FOR_S]
            for file in {*files[keep:], *old}:
                file.with_suffix(".csv").unlink(missing_ok=True)
                file.unlink(missing_ok=True)

    def _work(
        self, slug: str, state: ListState, choices: Choices, taking: bool, tell: Tell
    ) -> None:
        try:
            found = self._away(self._check, slug, state, choices)
            state = shown(found, state, tell)
            if taking and found.wrong < found.rows:
                state = self._take(slug, found, state)
            found.close()
        except Unreadable as why:
            headers = why.headers if isinstance(why, NoBib) else []
            state = replace(state, step=Step.FAILED, sentence=tell(why.sentence))
            state = state.with_headers(headers)
        except (StorageBusy, StorageFull, OSError):
            words = Said("The disk or the database can't take it now. Try again in a moment.")
            state = replace(state, step=Step.FAILED, sentence=tell(words))
        self._save(slug, state)

    def _check(self, slug: str, state: ListState, choices: Choices) -> Check:
        event = self._rosters.event(slug)
        told = self._telling(slug, replace(state, step=Step.READING))
        return check(self._file(slug, state.file), event, choices, self._rosters.table, told)

    def _take(self, slug: str, found: Check, state: ListState) -> ListState:
        state = replace(state, step=Step.TAKING)
        take(found, self._rosters.table, slug, self._telling(slug, state, 1))
        released = self._rosters.release(slug)
        self._file(slug, state.file).unlink(missing_ok=True)
        count = self._rosters.table.count(slug)
        return replace(state, step=Step.TAKEN, released=released, roster=count)

    def _telling(
        self, slug: str, state: ListState, every: int = TOLD_EVERY
    ) -> Callable[[int], None]:
        def tell(rows: int) -> None:
            if rows % every == 0:
                self._save(slug, replace(state, rows=rows))

        return tell

    def _save(self, slug: str, state: ListState) -> None:
        path = self._beside(slug, state.file)
        part = path.with_suffix(".part")
        with suppress(OSError):
            handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(state))
            now = self._clock.now().timestamp()
            os.utime(part, (now, now))
            part.replace(path)

    def _file(self, slug: str, name: str) -> Path:
        if not ID.fullmatch(name):
            raise UnknownList(name)
        return self._folder / f"{slug}.{name}.csv"

    def _beside(self, slug: str, name: str) -> Path:
        return self._file(slug, name).with_suffix(".json")


def _written(path: Path, chunks: Iterable[bytes]) -> int:
    size = 0
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST_FILE:
                raise TooLarge(path.name)
            file.write(chunk)
    return size


def in_chunks(read: Callable[[int], bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    """What `read` gives until it ends."""
    while chunk := read(size):
        yield chunk


def _written_at(file: Path) -> float:
    return file.stat().st_mtime
