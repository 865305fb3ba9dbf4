"""Shifts from a curve of need: who is on duty when, with breaks and skills."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

from tentqueue.simulation.dayfile import Message

HALF_HOUR = 1800
HALF_HOURS = 48
SHORTEST_GAP = 2
"""Half-hours between two shifts of one therapist at least: through a shorter lull they stay."""
BREAK = 900
"""Seconds of rest."""


def shifts(need: Sequence[int]) -> list[tuple[int, int]]:
    """Shifts that cover a need by half-hour since midnight, long ones below short ones."""
    found = []
    for level in range(1, max(need, default=0) + 1):
        start = end = None
        for number, wanted in enumerate(need):
            if wanted < level:
                continue
            if start is None or end is None:
                start = number
            elif number > end + SHORTEST_GAP:
                found.append((start * HALF_HOUR, end * HALF_HOUR + HALF_HOUR))
                start = number
            end = number
        if start is not None and end is not None:
            found.append((start * HALF_HOUR, end * HALF_HOUR + HALF_HOUR))
    return sorted(found)


def breaks(start: int, end: int, chance: Generator) -> list[Message]:
    """One break from 2:45 h of shift, two from 4:50 h; each with the window in which it falls."""
    length = end - start
    if length < 9900:
        windows = []
    elif length < 17400:
        windows = [(start + int(length * 0.3), start + int(length * 0.69))]
    else:
        windows = [(start + 3000, start + 7500), (start + 10800, start + 15000)]
    return [
        {
            "earliest_s": early,
            "planned_s": early + int(chance.choice([600, 1500, 2700])),
            "latest_s": late,
            "dur_s": BREAK,
        }
        for early, late in windows
    ]


def skills(
    span: tuple[int, int], first_recovery: int, last_warmup: int, chance: Generator
) -> list[str]:
    """Most do both; some only what their shift is mostly about."""
    both, lot = ["pre", "post"], chance.random()
    if span[1] <= first_recovery:
        return ["pre"] if lot < 0.25 else both
    if span[0] >= last_warmup:
        return ["post"] if lot < 0.55 else both
    return both if lot < 0.8 else [str(chance.choice(both))]
