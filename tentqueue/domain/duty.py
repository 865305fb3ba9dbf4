"""Shifts and tables on the day: who comes later, leaves earlier, works at another table.

It moves no runner to another therapist: a call follows its therapist to the new table.
"""

from __future__ import annotations

from datetime import timedelta

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain import events as ev
from tentqueue.domain.model import Instant
from tentqueue.domain.shift import BUSY
from tentqueue.domain.tent import Tent
from tentqueue.domain.therapist import Shift, Therapist
from tentqueue.domain.turn import Turn, decides

LONGEST_SHIFT = timedelta(hours=24)


@decides(do.ChangeShift)
def change_shift(turn: Turn, command: do.ChangeShift) -> None:
    """Another start or end of the shift of now, else of the next one, else a shift from now on."""
    therapist = turn.tent.therapist(command.therapist)
    old = shift_at(therapist, turn.now)
    starts_at = command.starts_at or (old.starts_at if old else turn.now)
    ends_at = command.ends_at or (old.ends_at if old else None)
    if ends_at is None or ends_at <= turn.now:
        raise errors.WrongTime("Give an end of the shift that is to come.", field="ends_at")
    if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT:
        raise errors.WrongTime("A shift starts before it ends.", field="starts_at")
    if old is None or (starts_at, ends_at) != (old.starts_at, old.ends_at):
        turn.happen(ev.ShiftChanged(turn.now, therapist.id, starts_at, ends_at))


def shift_at(therapist: Therapist, now: Instant) -> Shift | None:
    """The shift that covers `now`, else the next one; None after the last."""
    to_come = [shift for shift in therapist.shifts if shift.ends_at > now]
    return min(to_come, key=lambda shift: shift.starts_at, default=None)


@decides(do.ChangeTable)
def change_table(turn: Turn, command: do.ChangeTable) -> None:
    """Work at another table; whoever has it takes this one (rule 12: no runner on either)."""
    tent = turn.tent
    therapist = tent.therapist(command.therapist)
    if command.table == therapist.table:
        return
    if not 1 <= command.table <= max(tent.event.tables, *(t.table for t in _all(tent))):
        raise errors.TableNeeded("There is no table of that number.", field="table")
    others = [t for t in _all(tent) if t.table == command.table]
    for each in (therapist, *others):
        if each.state in BUSY:
            raise errors.NotPossibleNow(
                "{name} has a runner on table {table}. Finish and clean it first.",
                state=each.state,
                name=each.name,
                table=each.table,
            )
    _move(turn, therapist, command.table)
    for other in others:
        _move(turn, other, therapist.table)


def _all(tent: Tent) -> list[Therapist]:
    return list(tent.therapists.values())


def _move(turn: Turn, therapist: Therapist, table: int) -> None:
    """To the table, and whoever is called to this therapist with them."""
    turn.happen(ev.TableChanged(turn.now, therapist.id, table))
    code = therapist.ticket or therapist.next
    if code is not None:
        turn.happen(ev.TableGiven(turn.now, code, therapist.id, table, "table_changed"))
