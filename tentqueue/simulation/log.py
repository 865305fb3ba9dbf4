"""Plays a day against a dispatcher and keeps the log a judge can replay (`tentqueue-log/1`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tentqueue.simulation.dayfile import Day, Message
from tentqueue.simulation.orders import Illegal, obey
from tentqueue.simulation.world import World

Dispatcher = Callable[[Message], list[Message]]
"""Gets one message of the protocol, answers with commands."""


@dataclass(frozen=True)
class Played:
    """A day after its end."""

    day: Day
    world: World
    entries: list[Message]
    refused: list[str]
    """Illegal commands, which changed nothing."""


def play(day: Day, dispatcher: Dispatcher, follow: Callable[[int], None] | None = None) -> Played:
    """Play `day` to its end; `follow` is told each instant (for a progress bar).

    The dispatcher gets the public part and what a tent would notice; never a `truth`.
    """
    world = World(day)
    entries: list[Message] = []
    refused: list[str] = []
    dispatcher({"t": world.opens, "init": deepcopy(world.public)})
    tick, instant, seen = world.opens, world.opens, 0
    while True:
        due = world.next_instant()
        instant = tick if due is None else min(tick, due)
        if world.is_over(instant):
            break
        if instant >= tick:
            tick += int(world.rules["tick_s"])
        told = world.advance(instant)
        entries += [{"t": instant, **each} for each in told]
        message: Message = {"t": instant, "events": told}
        if len(refused) > seen:
            message["errors"], seen = refused[seen:], len(refused)
        for command in dispatcher(message) or ():
            try:
                obey(world, command)
            except Illegal as illegal:
                refused.append(str(illegal))
            else:
                entries.append({"t": instant, **command})
        world.settle()
        if follow is not None:
            follow(instant)
    dispatcher({"t": instant, "end": True})
    return Played(day, world, entries, refused)


def log_of(played: Played, agent: str = "tentqueue") -> Message:
    """The log of a played day."""
    return {
        "format": "tentqueue-log/1",
        "day_id": played.day.id,
        "agent": {"name": agent, "version": metadata.version("tentqueue")},
        "mode": "simulate",
        "rejected": played.refused[:200],
        "entries": played.entries,
    }


def write_log(played: Played, path: Path) -> None:
    """Write the log. Raises: OSError."""
    path.write_text(json.dumps(log_of(played), separators=(",", ":")) + "\n", encoding="utf-8")
