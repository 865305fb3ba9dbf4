"""How many tickets are made up, and how many stay; never which runner is behind one."""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.made_up import in_line, made_up
from tentqueue.domain.tent import Tent
from tentqueue.screens.shape import View, iso


def counted(tent: Tent, command: do.RemoveMadeUp) -> View:
    """What the command would do, and from when to when those tickets were taken."""
    found = made_up(tent, command)
    joined = sorted(ticket.joined_at for ticket in found)
    return {
        "found": len(found),
        "kept": len(in_line(tent)) - len(found),
        "first_at": iso(joined[0]) if joined else None,
        "last_at": iso(joined[-1]) if joined else None,
        "version": tent.version,
    }


def removed(tent: Tent, events: tuple[ev.Event, ...]) -> View:
    """What the command did."""
    gone = sum(len(event.codes) for event in events if isinstance(event, ev.MadeUpRemoved))
    return {"found": gone, "kept": len(in_line(tent)), "version": tent.version}
