"""What the day has taught: lengths by lane and therapist, walking time, calls answered.

Frozen: each event gives a new value. It never forgets the prior, which is worth a handful of
observations, and keeps nothing of any runner.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import erf, exp, log, sqrt
from typing import TYPE_CHECKING

from tentqueue.domain.planning.facts import RECOVERY, WARMUP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LENGTH_SPREAD = 0.24
"""Standard deviation of the logarithm of a treatment's length."""
WALK_SPREAD = 0.55
"""Of a walk to the tent."""
PATIENCE = {WARMUP: (2220.0, 0.6), RECOVERY: (3420.0, 0.55)}
"""Median seconds until a waiting runner leaves, and the spread of its logarithm."""
SILENT = 0.6
"""Share of those leaving who tell nobody."""
SECOND_CALL = 0.5
"""Share of those who did not hear the first call that answer the second."""
HERE_SOON = 0.5
"""Share of those called a second time that a table is kept for."""


def _phi(z: float) -> float:
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))


def _left_of(elapsed: float) -> float:
    """Mean rest of a log-normal length of mean 1 that has lasted `elapsed`."""
    z = (log(max(elapsed, 1e-9)) + LENGTH_SPREAD**2 / 2) / LENGTH_SPREAD
    beyond = 1 - _phi(z)
    return max(0.05, (1 - _phi(z - LENGTH_SPREAD)) / beyond - elapsed) if beyond > 1e-4 else 0.12


_REMAINING = tuple(_left_of(step / 50) for step in range(151))
_WALKED = tuple(_phi(log(max(step, 0.01) / 20) / WALK_SPREAD) for step in range(161))
_STEP, _LAST = 10.0, 1080
"""Seconds between two entries of `_HERE`, and the last entry: three hours."""


def _here_after(waited: float, median: float, spread: float) -> float:
    """Bayes: who left and told nobody still counts as waiting."""
    if waited <= 300:
        return 1.0
    stayed = 1 - _phi(log(waited / median) / spread)
    return stayed / (stayed + SILENT * (1 - stayed))


_HERE = {
    lane: tuple(_here_after(step * _STEP, *patience) for step in range(_LAST + 1))
    for lane, patience in PATIENCE.items()
}


def remaining(mean: float, elapsed: float) -> float:
    """Seconds left of a treatment of this mean length after `elapsed` seconds."""
    return mean * _REMAINING[max(0, min(150, int(50 * elapsed / mean)))]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean that starts from a prior worth `weight` observations."""

    value: float
    weight: float

    def seen(self, x: float) -> Mean:
        """Return the mean after one more observation."""
        return Mean(self.value + (x - self.value) / (self.weight + 1), self.weight + 1)


_LANE, _SPEED = Mean(1.01, 15.0), Mean(1.0, 4.5)


@dataclass(frozen=True, slots=True)
class Learnt:
    """Lengths as shares of the planned ones: the day's pace x the lane's x the therapist's."""

    pace: Mean = Mean(1.0, 6.0)
    lanes: Mapping[str, Mean] = field(default_factory=dict)
    speeds: Mapping[str, Mean] = field(default_factory=dict)
    walk_log: Mean = Mean(log(90.0), 5.0)
    answered: Mean = Mean(0.9, 20.0)
    walk: float = 90.0
    """Median seconds from a call to the tent."""

    def factor(self, lane: str) -> float:
        """Expected share of the planned length in this lane, whoever treats."""
        return self.pace.value * self.lanes.get(lane, _LANE).value

    def speed(self, therapist: str) -> float:
        """This therapist's length as a share of the average therapist's."""
        return self.speeds.get(therapist, _SPEED).value

    def finished(self, lane: str, therapist: str, share: float) -> Learnt:
        """Return what is known after a treatment that took `share` of its planned length."""
        share = min(2.5, max(0.3, share))
        own, speed = self.lanes.get(lane, _LANE), self.speeds.get(therapist, _SPEED)
        return replace(
            self,
            pace=self.pace.seen(share / (own.value * speed.value)),
            lanes={**self.lanes, lane: own.seen(share / (self.pace.value * speed.value))},
            speeds={**self.speeds, therapist: speed.seen(share / (self.pace.value * own.value))},
        )

    def came(self, seconds: float) -> Learnt:
        """Return what is known after a runner came this long after the first call."""
        walk_log = self.walk_log.seen(log(max(1.0, seconds)))
        return replace(
            self, walk_log=walk_log, walk=exp(walk_log.value), answered=self.answered.seen(1.0)
        )

    def missed(self) -> Learnt:
        """Return what is known after a runner never came."""
        return replace(self, answered=self.answered.seen(0.0))

    def on_the_way(self, age: float, again: float = -1.0) -> float:
        """Chance that somebody called `age` seconds ago still comes (Bayes on the age).

        `again`: seconds since the call was repeated; below 0: it was not.
        """
        answers = self.answered.value
        coming, silent = answers * self._walking(age), 1 - answers
        if again >= 0.0:
            walking = self._walking(again)
            coming = (coming + silent * SECOND_CALL) * walking
            silent *= 1 - SECOND_CALL
        return coming / (coming + silent)

    def here_soon(self, age: float, again: float = -1.0) -> float:
        """Chance that somebody called comes soon enough for a table to count on them.

        Who let the first call pass by may still come, but half of them too late for this table.
        """
        answers = HERE_SOON if again >= 0.0 else self.answered.value
        walking = self._walking(age)
        return answers * walking / (1 - answers * (1 - walking))

    def _walking(self, age: float) -> float:
        """Chance that a walk lasts longer than `age`."""
        return 1 - _WALKED[max(0, min(160, int(20 * age / self.walk)))]


def staying(lane: str) -> Sequence[float]:
    """Chances, by how long a runner of this lane has waited, that they have not gone silently."""
    return _HERE.get(lane, _HERE[RECOVERY])


def still_here(stays: Sequence[float], waited: float) -> float:
    """Chance that a runner who told us nothing, and has waited so many seconds, has not gone;
    `stays` comes from `staying`."""
    step = int(waited / _STEP)
    # Below 0: who will be ready only then. Not max() and min(): this runs for each in line.
    return stays[0 if step < 0 else step if step < _LAST else _LAST]
