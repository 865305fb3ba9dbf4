"""Whether the times runners were told still stand; the clock writes down what has moved.

A range may breathe with every change; a move is when half of those who wait are told 10 minutes or
more beside what they knew. Memory only: after a restart what is told then is what they know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from tentqueue.domain.commands import NoteEstimate
from tentqueue.domain.estimate import Forecast
from tentqueue.domain.explaining import Pace, cause_of, pace_of
from tentqueue.domain.model import Instant, LaneName
from tentqueue.domain.tent import Tent

EVERY = timedelta(seconds=30)
WORTH_TELLING = timedelta(minutes=10)
_STEP_S = 300
_LINE = (LaneName.WARMUP, LaneName.RECOVERY)
"""Lanes whose runners wait in line; an appointment's time does not move."""


@dataclass
class _Told:
    """What those who wait in a lane know."""

    pace: Pace
    times: dict[str, float] = field(default_factory=dict)
    """The likely start by ticket, epoch seconds."""


class EstimateMoves:
    """Compares what runners were told with what they are told now."""

    def __init__(self) -> None:
        self._told: dict[LaneName, _Told] = {}
        self._looked_at: datetime | None = None

    def due(
        self, tent: Tent, forecast: Callable[[], Forecast], now: Instant
    ) -> Iterator[NoteEstimate]:
        """Twice a minute, the moves to write down."""
        if self._looked_at is not None and timedelta() <= now - self._looked_at < EVERY:
            return
        self._looked_at = now
        if not tent.open:
            self._told.clear()
            return
        present = forecast()
        for lane in _LINE:
            if lane in tent.lanes and (note := self._moved(tent, lane, present)) is not None:
                yield note
                # Only now: a disk that was full raised at the yield, and it is found again.
                self._told.pop(lane)
                self._learn(tent, lane, present)

    def _moved(self, tent: Tent, lane: LaneName, present: Forecast) -> NoteEstimate | None:
        told = self._learn(tent, lane, present)
        shifts = [
            found.likely - known
            for code, known in told.times.items()
            if (found := present.of(code)) is not None
        ]
        shift = median(shifts) if shifts else 0.0
        if abs(shift) < WORTH_TELLING.total_seconds():
            return None
        reason = cause_of(told.pace, pace_of(tent, lane), shift > 0)
        return NoteEstimate(lane, 5 * round(shift / _STEP_S), reason)

    def _learn(self, tent: Tent, lane: LaneName, present: Forecast) -> _Told:
        """Take in newcomers' times, and forget who waits no more."""
        told = self._told.setdefault(lane, _Told(pace_of(tent, lane)))
        line = tent.line(lane)
        if not line:
            told.pace = pace_of(tent, lane)
        now_told = {t.code: found.likely for t in line if (found := present.of(t.code))}
        told.times = {code: told.times.get(code, at) for code, at in now_told.items()}
        return told
