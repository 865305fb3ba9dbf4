"""What an organiser prints before the day, put together: posters, table numbers, badges, tickets.

Never makes a code: a badge sheet is issued first, and drawn from its number as often as wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tentqueue.domain.model import LaneName
from tentqueue.domain.tent import Tent
from tentqueue.paper.cards import PaperTicket, StaffBadge, badges, tickets
from tentqueue.paper.posters import Poster, poster, table_number
from tentqueue.paper.qr import in_capitals
from tentqueue.paper.sheet import A3, A4, Sheets
from tentqueue.services import badge_sheets
from tentqueue.services.badge_sheets import Sheet
from tentqueue.services.paper_tickets import PaperTickets, blanks
from tentqueue.services.secret import Secrets

TICKETS = 40
"""Printed tickets for each of the day's lanes, unless asked for another number: five sheets."""
MOST_TICKETS = 200


@dataclass(frozen=True)
class Order:
    """What to print: the event, the address people use, the secret, and how much."""

    tent: Tent
    address: str
    secrets: Secrets
    badges: Sheet | None = None
    tickets: int = TICKETS

    @property
    def lanes(self) -> tuple[LaneName, ...]:
        """The event's lanes in the order of a runner's day."""
        return tuple(lane for lane in LaneName if lane in self.tent.event.lanes)


def draw(order: Order, kinds: Sequence[str]) -> bytes:
    """Draw sheets of the `kinds` of `KINDS` as one PDF."""
    sheets = Sheets(f"{order.tent.event.name}: {', '.join(kinds)}")
    for kind in kinds:
        KINDS[kind](sheets, order)
    return sheets.bytes()


def _posters(sheets: Sheets, order: Order) -> None:
    event = order.tent.event
    base, host = order.address, urlsplit(order.address).netloc
    said = Poster(event.name, f"{base}/{event.slug}", f"{host}/{event.slug}", order.lanes)
    for size in (A4, A3):
        poster(sheets, said, size)


def _tables(sheets: Sheets, order: Order) -> None:
    event = order.tent.event
    for table in range(1, event.tables + 1):
        served = {lane for t in event.therapists if t.table == table for lane in t.lanes}
        lanes = tuple(lane for lane in order.lanes if lane in served)
        table_number(sheets, event.name, table, lanes)


def _badges(sheets: Sheets, order: Order) -> None:
    if order.badges is None:
        return
    event, sheet = order.tent.event, order.badges
    ends = sheet.expires_at.astimezone(ZoneInfo(event.timezone))
    until = f"{ends:%a} {ends.day} {ends:%b}, {ends:%H:%M}"
    made = []
    for holder in badge_sheets.holders(event):
        code = badge_sheets.code_of(order.secrets, event.slug, sheet.number, holder)
        link = f"{order.address}/{event.slug}/signin#{code}"
        made.append(StaffBadge(holder.who, holder.what, link, until))
    badges(sheets, event.name, made)


def _tickets(sheets: Sheets, order: Order) -> None:
    event, paper = order.tent.event, PaperTickets(order.secrets)
    for lane in order.lanes:
        if lane is LaneName.NEXTDAY:
            continue
        made = [
            PaperTicket(code, lane, in_capitals(order.address, paper.id_of(event.slug, code)))
            for code in blanks(order.tent, lane, order.tickets)
        ]
        tickets(sheets, event.name, made)


KINDS: dict[str, Callable[[Sheets, Order], None]] = {
    "posters": _posters,
    "tables": _tables,
    "badges": _badges,
    "tickets": _tickets,
}
