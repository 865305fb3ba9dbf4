"""What a journal entry looks like once nobody can tell whose it was (rule 31).

Pure: an event in, the same event without its person out. The fold of blank entries is the same tent
without the people in it; states, places, lengths, waits and areas stay for the report.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tentqueue.domain.events import (
    Announced,
    Event,
    EventDefined,
    FinishRecorded,
    MadeUpRemoved,
    RunnerJoined,
    RunnerScreened,
    TicketMoved,
)
from tentqueue.domain.evolution.tickets import forgotten
from tentqueue.domain.model import AgeGroup, RunnerClass, Screening, Ticket
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.therapist import Therapist

COARSE = timedelta(minutes=5)
"""Finish times are public: to the second they would name the runner."""
SAID = "…"
"""Stands where somebody wrote words of their own, which may name anyone."""


@dataclass(frozen=True)
class Blanks:
    """Whose entries become blank: tickets that are over, by code; therapists, by id and new id."""

    over: frozenset[str]
    staff: dict[str, str] = field(default_factory=dict)

    @property
    def staff_too(self) -> bool:
        """Whether those who worked are forgotten as well."""
        return bool(self.staff)


def staff_aliases(events: list[Event]) -> dict[str, str]:
    """Give every therapist who was ever in the event's file a number, in order of appearance."""
    known: dict[str, str] = {}
    for event in events:
        if isinstance(event, EventDefined):
            for therapist in event.event.therapists:
                known.setdefault(therapist.id, f"therapist-{len(known) + 1}")
    return known


def blank_actor(actor: str, blanks: Blanks) -> str:
    """Keep the role of who asked, and the name only while the staff is kept."""
    return actor.partition(":")[0] if blanks.staff_too else actor


def blank(event: Event, blanks: Blanks) -> Event:
    """Return `event` without what tells a runner, and without therapists' names if they go too."""
    changes: dict[str, Any] = {}
    code = getattr(event, "code", None)
    if isinstance(event, RunnerJoined):
        changes["ticket"] = _ticket(event.ticket, blanks)
    elif isinstance(event, EventDefined) and blanks.staff_too:
        changes["event"] = without_staff(event.event, blanks.staff)
    elif isinstance(event, TicketMoved | MadeUpRemoved):
        changes["reason"] = SAID
    elif isinstance(event, Announced) and event.text and blanks.staff_too:
        changes["text"] = SAID
    if code in blanks.over:
        changes |= _over(event)
    if (therapist := getattr(event, "therapist", None)) in blanks.staff:
        changes["therapist"] = blanks.staff[str(therapist)]
    return replace(event, **changes) if changes else event


def _over(event: Event) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if isinstance(event, FinishRecorded):
        changes |= {"finished_at": _coarse(event.ready_at), "ready_at": _coarse(event.ready_at)}
    if isinstance(event, RunnerScreened):
        changes |= {"screening": Screening.UNASKED, "avoid": ()}
    if (order := getattr(event, "order", None)) is not None:
        changes["order"] = _order(order)
    return changes


def _ticket(ticket: Ticket, blanks: Blanks) -> Ticket:
    """A ticket that is still in line keeps what its treatment needs; its bib's tag goes."""
    if ticket.code not in blanks.over:
        return ticket.but(bib_tag=None)
    ready_at = ticket.ready_at and _coarse(ticket.ready_at)
    return ticket.but(
        id=f"wiped-{ticket.code}",
        bib_tag=None,
        prefers=None,
        screening=Screening.UNASKED,
        screened_at=None,
        avoid=(),
        runner_class=RunnerClass.NONE,
        age_group=AgeGroup.ADULT,
        guardian_consent=False,
        finished_at=None,
        ready_at=ready_at,
        order=_order(ticket.order),
        therapist=blanks.staff.get(ticket.therapist or "", ticket.therapist),
    )


def erased(event: Event, code: str) -> Event:
    """Return `event` as it stays when the runner of ticket `code` asked to be forgotten; what the
    tent knows after `TicketErased` is the same."""
    if isinstance(event, RunnerJoined) and event.ticket.code == code:
        return replace(event, ticket=forgotten(event.ticket))
    if getattr(event, "code", None) != code:
        return event
    if isinstance(event, FinishRecorded):
        return replace(event, finished_at=event.at, ready_at=event.at)
    if isinstance(event, RunnerScreened):
        return replace(event, screening=Screening.UNASKED, avoid=())
    if isinstance(event, TicketMoved):
        return replace(event, reason=SAID)
    return event


def without_staff(event: RaceEvent, staff: dict[str, str]) -> RaceEvent:
    """The event with therapists who have numbers for names."""
    nameless = tuple(_numbered(t, staff) for t in event.therapists)
    lead = SAID if event.confirmed_by else ""
    return replace(event, therapists=nameless, confirmed_by=lead)


def _numbered(therapist: Therapist, staff: dict[str, str]) -> Therapist:
    alias = staff.get(therapist.id, therapist.id)
    name = alias.replace("-", " ").capitalize()
    return therapist.but(id=alias, name=name, languages=(), gender=None)


def _order(order: Any) -> tuple[float, float]:
    seconds, number = order
    return (seconds - seconds % COARSE.total_seconds(), number)


def _coarse(at: datetime) -> datetime:
    return at - timedelta(seconds=at.timestamp() % COARSE.total_seconds())
