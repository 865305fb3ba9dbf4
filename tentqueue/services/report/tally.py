"""Small sums: percentiles, waits, promises kept, and counts too small to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tentqueue.domain.model import Ticket

SMALLEST = 5
"""A count below this might point at a person, and is merged with others (rule 32)."""
MERGED = "other"


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that `share` per cent stay at or under (nearest rank); None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, ceil(share / 100 * len(ordered)) - 1)]


def wait_of(ticket: Ticket) -> float | None:
    """Minutes from when a runner could be called until hands were on; None for the untreated.

    A runner in the cool-down after the finish is not waiting yet (rule 4).
    """
    if ticket.started_at is None:
        return None
    ready_at = max(ticket.joined_at, ticket.ready_at or ticket.joined_at)
    return max(0.0, (ticket.started_at - ready_at).total_seconds() / 60)


@dataclass(frozen=True)
class Waits:
    """How long runners waited, in minutes."""

    count: int
    p50: float | None
    p90: float | None
    longest: float | None


def waits(tickets: Iterable[Ticket]) -> Waits:
    """Sum the waits of those who were treated."""
    found = [wait for t in tickets if (wait := wait_of(t)) is not None]
    return Waits(len(found), percentile(found, 50), percentile(found, 90), max(found, default=None))


@dataclass(frozen=True)
class Promises:
    """The range told at joining against when hands were on; minutes."""

    count: int
    early: int
    held: int
    late: int
    error: float | None
    """Mean distance from the likeliest time told."""
    width: float | None
    """Mean width of the range."""


def promises(tickets: Iterable[Ticket]) -> Promises:
    """Compare what was told with what came, for each treated runner who was told a range."""
    told = [(t.promised_at, t.started_at) for t in tickets]
    pairs = [(said, at) for said, at in told if said is not None and at is not None]
    early = sum(at < said[0] for said, at in pairs)
    late = sum(at > said[2] for said, at in pairs)
    error = sum(abs((at - said[1]).total_seconds()) for said, at in pairs) / 60
    width = sum((said[2] - said[0]).total_seconds() for said, _ in pairs) / 60
    count = len(pairs)
    return Promises(
        count,
        early,
        count - early - late,
        late,
        error / count if count else None,
        width / count if count else None,
    )


def merged(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Merge cells under `SMALLEST` into `other`; None stands for 1 to 4 that nothing could hide.

    A lone small cell takes the next smallest along: else the total would give it away.
    """
    shown = {name: n for name, n in counts.items() if n >= SMALLEST}
    small = sum(n for n in counts.values() if 0 < n < SMALLEST)
    ones = sum(0 < n < SMALLEST for n in counts.values())
    if (ones == 1 or 0 < small < SMALLEST) and shown:
        least = min(shown, key=lambda name: (shown[name], name))
        small += shown.pop(least)
    ordered: dict[str, int | None] = {n: shown[n] for n in sorted(shown, key=lambda n: -shown[n])}
    if small:
        ordered[MERGED] = small if small >= SMALLEST else None
    return ordered
