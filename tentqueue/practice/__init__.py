"""The practice day as data: its event's file, and real finish times without names."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from tentqueue.domain.race_event import RaceEvent
from tentqueue.services.event_file import read_event

SECONDS = (string.digits + string.ascii_lowercase + string.ascii_uppercase)[:60]
"""The letter of each second of a minute."""


@dataclass(frozen=True)
class Finish:
    """One finisher: the number of their wave, from 1, and the seconds from its gun to the line."""

    wave: int
    after_s: int


def practice_event() -> RaceEvent:
    """Read the practice day's event."""
    return read_event(_text("event.toml"), "practice/event.toml")


def practice_finishes() -> list[Finish]:
    """Read every finish, by wave, then by time."""
    return list(_finishes(_text("finishes.txt")))


def _finishes(text: str) -> Iterator[Finish]:
    value = {letter: second for second, letter in enumerate(SECONDS)}
    for line in text.splitlines():
        wave, minute, letters = line.split()
        for letter in letters:
            yield Finish(int(wave), 60 * int(minute) + value[letter])


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
