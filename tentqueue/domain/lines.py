"""Who waits and who is at the tables, in order: looked through, or handed on from tent to tent.

It decides nothing, and changes no line that it is given.
"""

from __future__ import annotations

from bisect import insort
from operator import attrgetter

from tentqueue.domain.model import LaneName, Ticket, TicketState

AT_TABLES = (TicketState.CALLED, TicketState.IN_TREATMENT)
_ORDER = attrgetter("order")
_JOINING = attrgetter("joined_at", "code")


def every_line(tickets: dict[str, Ticket]) -> dict[LaneName, list[Ticket]]:
    """Every lane's line in one pass."""
    lines: dict[LaneName, list[Ticket]] = {}
    for ticket in tickets.values():
        if ticket.state is TicketState.WAITING:
            lines.setdefault(ticket.lane, []).append(ticket)
    for line in lines.values():
        line.sort(key=_ORDER)
    return lines


def lined_up(
    lines: dict[LaneName, list[Ticket]], before: Ticket | None, ticket: Ticket
) -> dict[LaneName, list[Ticket]]:
    """Every lane's line after a change of one ticket: the others keep their order."""
    after = lines.copy()
    if before is not None and before.state is TicketState.WAITING:
        after[before.lane] = [t for t in lines[before.lane] if t.code != before.code]
    if ticket.state is TicketState.WAITING:
        line = after[ticket.lane] = list(after.get(ticket.lane, ()))
        insort(line, ticket, key=_ORDER)
    return after


def at_tables(tickets: dict[str, Ticket]) -> dict[str, Ticket]:
    """The few who are called or in treatment, in order of joining."""
    return _by_joining([t for t in tickets.values() if t.state in AT_TABLES])


def at_tables_with(few: dict[str, Ticket], ticket: Ticket) -> dict[str, Ticket]:
    """The few at tables after a change of one ticket: the line is not looked through again."""
    belongs = ticket.state in AT_TABLES
    if not belongs and ticket.code not in few:
        return few
    others = [t for t in few.values() if t.code != ticket.code]
    return _by_joining([*others, ticket] if belongs else others)


def _by_joining(tickets: list[Ticket]) -> dict[str, Ticket]:
    return {t.code: t for t in sorted(tickets, key=_JOINING)}
