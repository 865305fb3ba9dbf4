"""Who waits, is held or at the tables, in order: looked through, or handed on from tent to tent.

It decides nothing, and changes no line that it is given.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from operator import attrgetter

from tentqueue.domain.model import LaneName, Ticket, TicketState

AT_TABLES = (TicketState.CALLED, TicketState.IN_TREATMENT)
_ORDER = attrgetter("order")
_JOINING = attrgetter("joined_at", "code")

Where = LaneName | TicketState
"""A lane, for those who wait in it; `HELD` for those who are held in any."""
Change = tuple[Ticket | None, Ticket]
"""A ticket as it was, None before it joined, and as it is."""


def every_line(tickets: Mapping[str, Ticket]) -> dict[Where, list[Ticket]]:
    """Every lane's line, and those held, in one pass."""
    lines: dict[Where, list[Ticket]] = {}
    for ticket in tickets.values():
        if (where := _where(ticket)) is not None:
            lines.setdefault(where, []).append(ticket)
    for line in lines.values():
        line.sort(key=_ORDER)
    return lines


def _where(ticket: Ticket) -> Where | None:
    if ticket.state is TicketState.WAITING:
        return ticket.lane
    return ticket.state if ticket.state is TicketState.HELD else None


class Lines:
    """Every lane's line and those held as they were looked through, and the tickets that changed
    since: those are taken in when somebody asks, all at once. Nobody looks at the line at each
    join."""

    __slots__ = ("_lines", "_since")

    def __init__(
        self, lines: dict[Where, list[Ticket]], since: tuple[Lines, Change] | None = None
    ) -> None:
        self._lines, self._since = lines, since

    def then(self, before: Ticket | None, ticket: Ticket) -> Lines:
        """Return the lines after a change of one ticket."""
        return Lines({}, (self, (before, ticket)))

    def held(self) -> list[Ticket]:
        """Return everybody who is held, in order of joining."""
        return sorted(self.of(TicketState.HELD), key=_JOINING)

    def of(self, where: Where) -> list[Ticket]:
        """Return a lane's line, or those held as they would stand in one."""
        changes, known = [], self
        while (since := known._since) is not None:
            known, change = since
            changes.append(change)
        if changes:
            # In this order: another thread that finds nothing to take in must find the lines.
            self._lines = lined_up(known._lines, reversed(changes))
            self._since = None
        return list(self._lines.get(where, ()))


def lined_up(
    lines: dict[Where, list[Ticket]], changes: Iterable[Change]
) -> dict[Where, list[Ticket]]:
    """Every line after changes, in order: those who did not change keep their order."""
    after = {where: line.copy() for where, line in lines.items()}
    for before, ticket in changes:
        if before is not None and (left := _where(before)) is not None:
            line = after[left]
            del line[_place_of(before, line)]
        if (entered := _where(ticket)) is not None:
            insort(after.setdefault(entered, []), ticket, key=_ORDER)
    return after


def _place_of(ticket: Ticket, line: list[Ticket]) -> int:
    """Where a ticket stands; several may stand at one place in the order."""
    at = bisect_left(line, ticket.order, key=_ORDER)
    while line[at].code != ticket.code:
        at += 1
    return at


def at_tables(tickets: Mapping[str, Ticket]) -> dict[str, Ticket]:
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
