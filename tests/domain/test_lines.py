"""Lines are the same whether looked through anew or handed on from ticket to ticket."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tentqueue.domain.lines import Lines, at_tables, at_tables_with, every_line, lined_up
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
        lines = lined_up(lines, [(tickets.get(ticket.code), ticket)])
        few = at_tables_with(few, ticket)
        tickets = {**tickets, ticket.code: ticket}
        assert {lane: line for lane, line in lines.items() if line} == every_line(tickets)
        assert list(few.items()) == list(at_tables(tickets).items())


def test_the_lines_before_stay_as_they_were() -> None:
    waits = changed(1, TicketState.WAITING, 1)
    lines = every_line({waits.code: waits})
    called = waits.but(state=TicketState.CALLED)
    assert lined_up(lines, [(waits, called)]) == {LaneName.RECOVERY: []}
    assert lined_up(lines, [(None, changed(3, TicketState.WAITING, 0))]) != lines
    assert lines == {LaneName.RECOVERY: [waits]}


def test_of_two_who_stand_at_one_place_only_the_one_who_goes_is_gone() -> None:
    one = changed(1, TicketState.WAITING, 1)
    other = changed(3, TicketState.WAITING, 1).but(order=one.order)
    lines = {LaneName.RECOVERY: [one, other]}
    for gone, left in ((one, other), (other, one)):
        called = gone.but(state=TicketState.CALLED)
        assert lined_up(lines, [(gone, called)]) == {LaneName.RECOVERY: [left]}


@given(CHANGES, st.sets(st.integers(0, 20)))
def test_lines_are_the_same_however_often_somebody_looks(
    changes: list[tuple[int, TicketState, int]], looks: set[int]
) -> None:
    tickets: dict[str, Ticket] = {}
    lines = Lines({})
    for at, (number, state, turn) in enumerate(changes):
        ticket = changed(number, state, turn)
        lines = lines.then(tickets.get(ticket.code), ticket)
        tickets = {**tickets, ticket.code: ticket}
        if at in looks:
            lines.of(LaneName.RECOVERY)
    places = (LaneName.RECOVERY, LaneName.WARMUP, TicketState.HELD)
    found = {where: lines.of(where) for where in places}
    assert {where: line for where, line in found.items() if line} == every_line(tickets)


def test_those_held_are_told_in_order_of_joining() -> None:
    first, last = (changed(n, TicketState.HELD, n) for n in (1, 2))
    early = last.but(order=(0.0, 0.0))
    lines = Lines(every_line({t.code: t for t in (early, first)}))
    assert lines.of(TicketState.HELD) == [early, first]
    assert lines.held() == [first, early]


def test_ten_thousand_joins_that_nobody_looked_at_are_taken_in_at_once() -> None:
    tickets = [changed(number, TicketState.WAITING, number) for number in range(1, 10_001)]
    lines = Lines({})
    for ticket in tickets:
        lines = lines.then(None, ticket)
    assert lines.of(LaneName.RECOVERY) == tickets[::2]
    assert lines.of(LaneName.WARMUP) == tickets[1::2]
