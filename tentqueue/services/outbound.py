"""What a webhook is told of the journal: public facts by allow-list, nothing of health or people.

A referral looks like leaving (rule 7); reasons and announcements, which somebody typed, stay here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tentqueue.domain import events as ev
from tentqueue.domain.events import Event
from tentqueue.domain.tent import Entry

View = dict[str, Any]

TYPES: dict[type[Event], str] = {
    ev.RunnerJoined: "ticket.joined",
    ev.RunnerCalled: "ticket.called",
    ev.RunnerRecalled: "ticket.called_again",
    ev.CallMissed: "ticket.call_missed",
    ev.TreatmentStarted: "treatment.started",
    ev.TreatmentFinished: "treatment.finished",
    ev.TreatmentWrittenUp: "treatment.finished",
    ev.RunnerLeft: "ticket.left",
    ev.RunnerReferred: "ticket.left",
    ev.RunnerNoShow: "ticket.no_show",
    ev.TicketExpired: "ticket.expired",
    ev.LaneChanged: "lane.changed",
}
"""Kinds of messages; what is not here is never sent."""


def messages(slug: str, entry: Entry) -> list[tuple[str, View]]:
    """Each message of an entry, with an id that stays the same when it is sent again."""
    told = [(TYPES[type(e)], e) for e in _one_by_one(entry.events) if type(e) in TYPES]
    return [
        (
            f"msg_{slug}_{entry.number}_{place}",
            {"type": kind, "timestamp": event.at.isoformat(), "data": _data(slug, entry, event)},
        )
        for place, (kind, event) in enumerate(told)
    ]


def _one_by_one(events: tuple[Event, ...]) -> Iterator[Event]:
    """Events as receivers know them: each ticket's end by itself."""
    for event in events:
        if isinstance(event, ev.MadeUpRemoved):
            yield from (ev.TicketExpired(event.at, code, "") for code in event.codes)
        else:
            yield event


def _data(slug: str, entry: Entry, event: Event) -> View:
    data: View = {"event": slug, "number": entry.number}
    if isinstance(event, ev.RunnerJoined):
        return data | {"code": event.ticket.code, "lane": event.ticket.lane.value}
    if isinstance(event, ev.LaneChanged):
        return data | {"lane": event.lane.value, "state": event.state.value}
    data["code"] = getattr(event, "code", None)
    if isinstance(event, ev.RunnerCalled | ev.TreatmentStarted):
        data["table"] = event.table
    return data
