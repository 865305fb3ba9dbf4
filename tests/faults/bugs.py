"""Bugs put in on purpose, one at a time: a checker that lets one pass is no checker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from tentqueue.domain import events as ev
from tentqueue.domain import intake
from tentqueue.domain.errors import Refusal
from tentqueue.domain.evolution import calls, registry, tickets
from tentqueue.domain.model import TicketState
from tentqueue.domain.tent import Entry, Tent
from tentqueue.domain.therapist import TherapistState
from tentqueue.domain.turn import Turn
from tentqueue.services import race_day as door
from tentqueue.services.answered import Answered
from tentqueue.services.ledger import Line
from tentqueue.services.race_day import Outcome, RaceDay
from tests.faults import day as days
from tests.faults.day import Day
from tests.faults.disk import Handle

Bug = Callable[[pytest.MonkeyPatch, Day], None]


def lock_dropped(patch: pytest.MonkeyPatch, day: Day) -> None:
    """Two commands decide on one tent, and nothing says that the number is taken."""
    day.lock, day.preempts = lambda world: nullcontext(), 0.5
    day.disk.numbered = False


def shown_before_durable(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The board hears of a change while it is on its way to the disk."""
    write = RaceDay._write

    def hasty(self: RaceDay, *asked: Any) -> Any:
        written = write(self, *asked)
        self._show(written.outcome.tent)
        return written

    patch.setattr(RaceDay, "_write", hasty)


def key_ignored(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A retry is carried out again."""
    patch.setattr(Answered, "to", lambda self, receipt: None)
    append = Handle.append

    def under_another_key(self: Handle, line: Line, side: Any = ()) -> Any:
        fresh = None if line.key is None else f"{line.key}/{line.entry.number}"
        return append(self, replace(line, key=fresh), side)

    patch.setattr(Handle, "append", under_another_key)


def code_used_again(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A lane's codes begin again after five."""
    patch.setattr(intake, "next_number", lambda issued: issued % 5 + 1)


def number_skipped(patch: pytest.MonkeyPatch, day: Day) -> None:
    """Some entries pass over a number."""
    day.disk.numbered = False

    def skipping(number: int, *rest: Any) -> Entry:
        return Entry(number + (number % 40 == 0), *rest)

    patch.setattr(door, "Entry", skipping)


def called_to_two_tables(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A runner is given to a second therapist who is free."""
    clean = calls._seat

    def twice(tent: Tent, code: str, wanted: Any, event: Any) -> Tent:
        after = clean(tent, code, wanted, event)
        free = [t for t in after.therapists.values() if t.state is TherapistState.AVAILABLE]
        if not free:
            return after
        return after.with_therapist(free[0].but(state=TherapistState.CALLED, ticket=code))

    patch.setattr(calls, "_seat", twice)


def two_runners_at_one_table(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A call does not reach the therapist's side."""
    patch.setattr(calls, "_seat", lambda tent, code, wanted, event: tent)


def fold_looks_at_chance(patch: pytest.MonkeyPatch, day: Day) -> None:
    """What an event does is not the same every time."""
    clean = registry._EVOLVE[ev.RunnerArrived]
    toss = day.world.random

    def moody(tent: Tent, event: Any) -> Tent:
        after = clean(tent, event)
        return after.with_ticket(after.ticket(event.code).but(misses=toss.randint(0, 99)))

    patch.setitem(registry._EVOLVE, ev.RunnerArrived, moody)


def fold_changes_the_past(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The tent before an entry is not left as it was."""
    clean = registry._EVOLVE[ev.Announced]

    def careless(tent: Tent, event: Any) -> Tent:
        name, lane = next(iter(tent.lanes.items()))
        tent.lanes[name] = lane.but(reason=f"{event.text}!")
        return clean(tent, event)

    patch.setitem(registry._EVOLVE, ev.Announced, careless)


def view_goes_back(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A board takes every push as it comes."""
    for screen in day.screens:
        screen.drops_old = False


def bib_on_the_board(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The board tells whom a ticket belongs to."""
    clean = days.board_view

    def talkative(tent: Tent, *rest: Any) -> dict[str, Any]:
        view = clean(tent, *rest)
        for call in view["calling"]:
            call["who"] = tent.open[call["code"]].bib_tag
        return view

    patch.setattr(days, "board_view", talkative)


def area_on_the_board(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The board tells where it hurts."""
    clean = days.board_view
    patch.setattr(days, "board_view", lambda *of: clean(*of) | {"screening": "ok"})


def referral_on_the_board(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The board tells who was sent to medical."""
    clean = days.board_view

    def telling(tent: Tent, *rest: Any) -> dict[str, Any]:
        over = [{"code": code, "state": ticket.state.value} for code, ticket in tent.closed.items()]
        return clean(tent, *rest) | {"over": over}

    patch.setattr(days, "board_view", telling)


def answered_before_synced(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The disk says done and is not: the power goes with every crash."""
    day.disk.honest = False


def refused_and_done(patch: pytest.MonkeyPatch, day: Day) -> None:
    """Some commands are carried out, and the asker is told no."""
    settled = RaceDay._settled

    def sour(self: RaceDay, written: Any) -> Outcome:
        outcome = settled(self, written)
        if outcome.answer is not None and outcome.events and outcome.tent.version % 7 == 0:
            raise Refusal("Not today.")
        return outcome

    patch.setattr(RaceDay, "_settled", sour)


def moved_without_a_reason(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A move keeps nobody's word for it."""
    happen = Turn.happen

    def silently(self: Turn, event: Any) -> None:
        happen(self, replace(event, reason="") if isinstance(event, ev.TicketMoved) else event)

    patch.setattr(Turn, "happen", silently)


def overtaking_in_silence(patch: pytest.MonkeyPatch, day: Day) -> None:
    """Who says they are here goes to the front, and no entry tells why."""
    clean = registry._EVOLVE[ev.RunnerArrived]

    def pushing(tent: Tent, event: Any) -> Tent:
        after = clean(tent, event)
        return after.with_ticket(after.ticket(event.code).but(order=(0.0, 1.0)))

    patch.setitem(registry._EVOLVE, ev.RunnerArrived, pushing)


def done_comes_back(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A finished ticket waits again."""

    def lenient(tent: Tent, wanted: str) -> Any:
        ticket = tent.ticket(wanted)
        return ticket if ticket.is_open else ticket.but(state=TicketState.WAITING)

    from tentqueue.domain import waiting

    patch.setattr(waiting, "still_open", lenient)


def time_runs_back(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A clock that jumps back takes the journal with it."""
    patch.setattr(door, "max", lambda now, before: now, raising=False)


def ticket_vanishes(patch: pytest.MonkeyPatch, day: Day) -> None:
    """Who leaves is taken out of the tent altogether."""

    def vanish(tent: Tent, event: Any, *rest: Any, **more: Any) -> Tent:
        return tent.but(open=tent.open.without(event.code))

    patch.setattr(tickets, "close", vanish)


def answer_not_kept(patch: pytest.MonkeyPatch, day: Day) -> None:
    """A retry gets the answer of now, not the one that was given."""
    outcome = door.Outcome

    def fresh(tent: Tent, events: Any, answer: Any = None, repeated: bool = False) -> Outcome:
        answer = b'{"version": %d}' % tent.version if repeated else answer
        return outcome(tent, events, answer, repeated)

    patch.setattr(door, "Outcome", fresh)


def another_answer_kept(patch: pytest.MonkeyPatch, day: Day) -> None:
    """The journal keeps an answer that nobody was given."""
    append = Handle.append

    def careless(self: Handle, line: Line, side: Any = ()) -> Any:
        kept = None if line.answer is None else b'{"version": 0}'
        return append(self, replace(line, answer=kept), side)

    patch.setattr(Handle, "append", careless)


BUGS: dict[Bug, int] = {
    lock_dropped: 5,
    shown_before_durable: 8,
    key_ignored: 2,
    code_used_again: 6,
    number_skipped: 5,
    called_to_two_tables: 3,
    two_runners_at_one_table: 3,
    fold_looks_at_chance: 5,
    fold_changes_the_past: 5,
    view_goes_back: 8,
    bib_on_the_board: 9,
    area_on_the_board: 9,
    referral_on_the_board: 9,
    answered_before_synced: 1,
    refused_and_done: 10,
    moved_without_a_reason: 7,
    overtaking_in_silence: 7,
    done_comes_back: 4,
    time_runs_back: 5,
    ticket_vanishes: 1,
    answer_not_kept: 2,
    another_answer_kept: 2,
}
"""Each bug, and the invariant that must be found broken, perhaps among others."""
