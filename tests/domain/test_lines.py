"""Lines are the same whether looked through anew or handed on from ticket to ticket."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tentqueue.domain.lines import at_tables, at_tables_with, every_line, lined_up
from tentqueue.domain.model import LaneName, Ticket, TicketState
from tests.cast import NOON

NUMBERS = st.integers(1, 6)
CHANGES = st.lists(st.tuples(NUMBERS, st.sampled_from([*TicketState]), NUMBERS))


def changed(number: int, state: TicketState, turn: int) -> Ticket:
    """The ticket of that number: those with the same `turn` joined at the same moment."""
    lane = LaneName.RECOVERY if number % 2 else LaneName.WARMUP
    at = NOON + timedelta(minutes=turn)
    code = f"{lane.letter}{number:03d}"
    return Ticket(code, code, lane, state, at, at, 10, (float(turn), float(number)))


@given(CHANGES)
def test_a_line_that_is_handed_on_is_the_line_looked_through_anew(
    changes: list[tuple[int, TicketState, int]],
) -> None:
    tickets: dict[str, Ticket] = {}
    lines, few = every_line(tickets), at_tables(tickets)
    for number, state, turn in changes:
        ticket = changed(number, state, turn)
        lines = lined_up(lines, tickets.get(ticket.code), ticket)
        few = at_tables_with(few, ticket)
        tickets = {**tickets, ticket.code: ticket}
        assert {lane: line for lane, line in lines.items() if line} == every_line(tickets)
        assert list(few.items()) == list(at_tables(tickets).items())


def test_the_lines_before_stay_as_they_were() -> None:
    waits = changed(1, TicketState.WAITING, 1)
    lines = every_line({waits.code: waits})
    assert lined_up(lines, waits, waits.but(state=TicketState.CALLED)) == {LaneName.RECOVERY: []}
    assert lined_up(lines, None, changed(3, TicketState.WAITING, 0)) != lines
    assert lines == {LaneName.RECOVERY: [waits]}
