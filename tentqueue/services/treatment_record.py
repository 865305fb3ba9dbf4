"""The short record a therapist's insurer asks for: who, what, when, in what condition (rule 31).

Off unless the organiser turns it on, made from what the tent knows anyway: nothing is typed and
nothing more is kept for it. Only that therapist gets it, and after the wipe nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from tentqueue.domain.model import Screening, Ticket, TicketState
from tentqueue.domain.said import Said
from tentqueue.domain.tent import Tent
from tentqueue.services.report.tables import LANES, NAMES, Table

Names = Mapping[str, tuple[str | None, str | None]]
"""Bib and name by ticket id, as the people table knows them."""
HEADS = ("began", "ended", "runner", "bib", "treatment", "areas", "avoided", "condition")
CONDITIONS = {
    Screening.OK: Said("six questions, all answered no"),
    Screening.ASK: Said("a question answered yes, therapist decided"),
    Screening.REFER: Said("referred to medical"),
    Screening.UNASKED: Said("asked by the therapist"),
}


def treatment_record(tent: Tent, therapist: str, names: Names) -> Table:
    """List one therapist's own treatments, in order."""
    mine = [
        ticket
        for ticket in (*tent.open.values(), *tent.closed.values())
        if ticket.therapist == therapist
        and ticket.started_at is not None
        and ticket.state in (TicketState.DONE, TicketState.REFERRED)
    ]
    mine.sort(key=lambda t: t.code)
    mine.sort(key=lambda t: t.started_at or t.joined_at)
    rows = tuple(_row(tent, ticket, names.get(ticket.id, (None, None))) for ticket in mine)
    title, note = Said("Treatments"), Said("Yours only. Keep it as your insurer asks.")
    return Table("record", title, note, tuple(Said(head) for head in HEADS), rows)


def _row(tent: Tent, ticket: Ticket, known: tuple[str | None, str | None]) -> tuple[str, ...]:
    zone = ZoneInfo(tent.event.timezone)
    bib, name = known
    began, ended = (
        f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
        for at in (ticket.started_at, ticket.ended_at)
    )
    referred = ticket.state is TicketState.REFERRED
    condition = CONDITIONS[Screening.REFER if referred else ticket.screening]
    treatment = f"{LANES[ticket.lane]}, light massage, {ticket.minutes} min planned"
    areas, avoided = (
        ", ".join(NAMES[area.value] for area in places) for places in (ticket.areas, ticket.avoid)
    )
    return (began, ended, name or "", bib or "", treatment, areas, avoided, str(condition))
