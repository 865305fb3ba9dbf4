"""Race day files (`tentqueue-day/1`): what all may know, and the truth only the world may.

All times are whole seconds after local midnight.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

FORMAT = "tentqueue-day/1"
Message = dict[str, Any]
T = TypeVar("T")


class DayFileProblem(Exception):
    """A day file can't be played; the text names the field and what is wrong with it."""


@dataclass(frozen=True)
class Visitor:
    """A runner who will come to the tent: what they tell it, and what nobody knows."""

    id: str
    seen: Message
    work: int
    """Seconds of treatment at a therapist of ordinary speed."""
    answers: tuple[int | None, ...]
    """Seconds until they appear after each call; None: that call goes unheard."""
    leaves: int
    announces: bool

    @property
    def joins(self) -> int:
        """When they ask for a ticket."""
        return int(self.seen["join_s"])

    @property
    def reachable(self) -> bool:
        """Whether they answer any call: no tent can serve the others."""
        return any(answer is not None for answer in self.answers)

    @property
    def deadline(self) -> int | None:
        """When a warm-up must have ended; None for recovery."""
        return self.seen.get("deadline_s")


@dataclass(frozen=True)
class Worker:
    """A therapist as planned, and as the day will have them."""

    id: str
    skills: frozenset[str]
    ends: int
    breaks: tuple[Message, ...]
    speed: float
    """Multiplies every treatment's length."""
    comes: int
    goes: int


@dataclass(frozen=True)
class Day:
    """One race day to be played."""

    id: str
    public: Message
    visitors: tuple[Visitor, ...]
    workers: tuple[Worker, ...]


def read_day(path: Path) -> Day:
    """Read a day file. Raises: DayFileProblem, OSError."""
    try:
        return day_of(json.loads(path.read_text(encoding="utf-8")))
    except (UnicodeDecodeError, json.JSONDecodeError) as broken:
        raise DayFileProblem(f"not a JSON text: {broken}") from broken


def day_of(content: Message) -> Day:
    """Sort a day file's content. Raises: DayFileProblem."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise DayFileProblem(f"format: must be {FORMAT!r}")
    public, truths = content.get("public"), content.get("truth", {}).get("therapists", {})
    if not isinstance(public, dict):
        raise DayFileProblem("public: missing")
    visitors = _each("arrivals", content.get("arrivals"), _visitor)
    workers = _each(
        "public.therapists", public.get("therapists"), lambda each: _worker(each, truths)
    )
    for name in ("event", "services", "rules"):
        if not isinstance(public.get(name), dict):
            raise DayFileProblem(f"public.{name}: missing")
    return Day(str(content.get("day_id")), public, visitors, workers)


def _each(name: str, items: Any, sort: Callable[[Any], T]) -> tuple[T, ...]:
    if not isinstance(items, list) or not items:
        raise DayFileProblem(f"{name}: must be a list with at least one entry")
    sorted_items = []
    for number, item in enumerate(items):
        try:
            sorted_items.append(sort(item))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise DayFileProblem(f"{name}[{number}]: missing or wrong field {wrong}") from wrong
    return tuple(sorted_items)


def _visitor(each: Message) -> Visitor:
    seen, truth = each["seen"], each["truth"]
    for name in ("join_s", "service", "ready_s", "at_tent", "wave"):
        seen[name]
    return Visitor(
        each["id"],
        seen,
        int(truth["work_s"]),
        tuple(truth["responds"]),
        int(truth["leave_s"]),
        bool(truth["announces"]),
    )


def _worker(each: Message, truths: Message) -> Worker:
    truth = truths[each["id"]]
    return Worker(
        each["id"],
        frozenset(each["skills"]),
        int(each["end_s"]),
        tuple(each["breaks"]),
        float(truth["speed"]),
        int(truth["on_s"]),
        int(truth["off_s"]),
    )
