"""What happens to the books themselves: a start from a backup, a lost number, the wipe."""

from __future__ import annotations

from tentqueue.domain import events as ev
from tentqueue.domain.evolution.registry import evolves
from tentqueue.domain.tent import Tent, WipeRecord


@evolves(ev.EventRestored)
def _(tent: Tent, event: ev.EventRestored) -> Tent:
    lanes = {
        name: lane.but(issued=max(lane.issued, event.issued.get(name, 0)))
        for name, lane in tent.lanes.items()
    }
    return tent.but(lanes=lanes)


@evolves(ev.NumberLost)
def _(tent: Tent, event: ev.NumberLost) -> Tent:
    return tent


@evolves(ev.RecordsWiped)
def _(tent: Tent, event: ev.RecordsWiped) -> Tent:
    return tent.but(wipe=WipeRecord(event.at, event.why, event.staff_too))


@evolves(ev.WipeProven)
def _(tent: Tent, event: ev.WipeProven) -> Tent:
    assert tent.wipe is not None
    return tent.but(wipe=tent.wipe.but(proven_at=event.at, counts=event.counts))
