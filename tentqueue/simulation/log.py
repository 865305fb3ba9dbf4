"""Plays a day against a dispatcher and keeps the log a judge can replay (`tentqueue-log/1`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tentqueue.simulation.dayfile import Day, Message
from tentqueue.simulation.orders import Illegal, obey
from tentqueue.simulation.world import World

Dispatcher = Callable[[Message], list[Message]]
"""Gets one message of the protocol, answers with orders."""


@dataclass(frozen=True)
class Played:
    """A day after its end."""

    day: Day
    world: World
    entries: list[Message]
    refused: list[str]
    """Illegal orders, which changed nothing."""


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
        entries += _carry_out(world, dispatcher(message) or (), refused)
        world.settle()
        if follow is not None:
            follow(instant)
    dispatcher({"t": instant, "end": True})
    return Played(day, world, entries, refused)


def _carry_out(world: World, orders: Iterable[Message], refused: list[str]) -> list[Message]:
    """Obey each order that is legal; returns those as the log has them, and notes the others."""
    obeyed: list[Message] = []
    for order in orders:
        try:
            obey(world, order)
        except Illegal as illegal:
            refused.append(str(illegal))
        else:
            obeyed.append({"t": world.now, **order})
    return obeyed


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
