"""Whether a runner may come again: one open ticket a bib, a second treatment later (rule 18).

It lets nobody in: that is for `intake`.
"""

from __future__ import annotations

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import Instant, LaneName, TicketState
from tentqueue.domain.newcomers import wait_with_more
from tentqueue.domain.tent import Tent, minutes


def one_at_a_time(tent: Tent, command: do.JoinLane, now: Instant) -> None:
    """Refuse a bib that has an open ticket, or had its treatment too lately (rule 18).

    Raises: AlreadyQueued, AgainTooSoon.
    """
    last = tent.ticket_of_bib(command.bib_tag) if command.bib_tag else None
    if last is None:
        return
    if last.is_open:
        raise errors.AlreadyQueued(
            "This bib is already in line as {ticket}. Open that ticket, or ask at the desk.",
            ticket=last.code,
            lane=last.lane,
        )
    again_at = (last.ended_at or now) + minutes(tent.rules.again_after_minutes)
    counts = last.state in (TicketState.DONE, TicketState.REFERRED)
    if not counts or last.lane is not command.lane:
        return
    if now < again_at:
        raise errors.AgainTooSoon(
            "One treatment an hour, so that everybody gets one. Come back later.",
            again_at=again_at.isoformat(),
        )
    if command.joined_at is None:
        _room_for_a_second(tent, command.lane, now)


def _room_for_a_second(tent: Tent, lane: LaneName, now: Instant) -> None:
    """A second treatment only while the first ones hardly wait (rule 18)."""
    _, longest = wait_with_more(tent, now, 0).get(lane, (0, 0))
    if lane is not LaneName.NEXTDAY and longest > tent.rules.again_wait_minutes:
        raise errors.AgainTooSoon(
            "Others still wait for their first treatment. Come back when the line is short.",
            wait_minutes=longest,
        )
