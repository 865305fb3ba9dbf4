"""What a played day was worth to its runners: shares in percent, times in minutes.

Runners who would answer no call at all are left out of every denominator: no tent can serve them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from tentqueue.simulation.idleness import idle_while_waiting
from tentqueue.simulation.log import Played
from tentqueue.simulation.people import Guest, Place
from tentqueue.simulation.world import World

UNSERVED = 60.0
"""Minutes of waiting that a runner who is not served in time counts as."""
Scores = dict[str, float]

SHOWN = (
    ("pre_on_time", "warm-ups finished in time", "%", 1),
    ("pre_refused", "warm-ups refused at joining", "%", 1),
    ("post_served", "recovery served", "%", 1),
    ("post_in20", "recovery started within 20 min", "%", 1),
    ("post_refused", "recovery refused at joining", "%", 1),
    ("post_wait_mean", "recovery wait, mean", "min", 1),
    ("post_wait_p90", "recovery wait, 90 % under", "min", 1),
    ("walk_away", "walked away", "%", 1),
    ("wasted_wait", "wasted waiting per runner", "min", 2),
    ("promises", "promised", "%", 1),
    ("broken", "promises broken", "%", 1),
    ("idle_wait", "tables idle while somebody waits", "%", 1),
    ("util", "hands-on share of the time on duty", "%", 1),
    ("overtakes_post", "overtaken per recovery runner", "", 2),
    ("tent_wait", "standing in the tent", "min", 2),
    ("cost", "cost per runner", "min", 2),
    ("eta_join.mae", "estimate at joining: mean miss", "min", 2),
    ("eta_join.bias", "  late on average by", "min", 2),
    ("eta_join.cover80", "  80 % range holds", "%", 1),
    ("eta_join.width", "  width of the range", "min", 1),
    ("eta_wait.mae", "estimate while waiting: mean miss", "min", 2),
    ("eta_wait.cover80", "  80 % range holds", "%", 1),
    ("brier_pre", "Brier score of the warm-ups' chances", "", 3),
)
"""Figures in the order of the judge's table: key, what it says, unit, decimals."""


@dataclass(frozen=True)
class _Crowd:
    """Those whom the tent could have served."""

    guests: tuple[Guest, ...]

    def of(self, service: str) -> list[Guest]:
        return [g for g in self.guests if g.service == service]


def scores_of(played: Played) -> Scores:
    """The day's figures by the judge's names."""
    world = played.world
    everyone = [g for g in world.guests.values() if g.who.reachable]
    crowd = _Crowd(tuple(everyone))
    scores = _warmups(crowd.of("pre")) | _recovery(crowd.of("post"))
    scores |= _losses(everyone, world.closes) | _promises(everyone) | _tables(world)
    arrived = [_minutes(g.first_here, g.started) for g in everyone if g.started is not None]
    scores["tent_wait"] = _mean(arrived)
    return scores | _estimates(everyone)


def _minutes(start: int | None, end: int | None) -> float:
    return ((end or 0) - (start or 0)) / 60


def _share(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else nan


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else nan


def wait_of(guest: Guest) -> float:
    """Minutes from being ready (and in line) to the start."""
    return _minutes(max(guest.who.joins, guest.ready), guest.started)


def in_time(guest: Guest) -> bool:
    """Whether they were treated, a warm-up before its deadline."""
    due = guest.who.deadline
    return guest.place is Place.DONE and (due is None or (guest.ends or 0) <= due)


def _warmups(guests: list[Guest]) -> Scores:
    ok = [g for g in guests if in_time(g)]
    late = sum(g.place is Place.DONE and not in_time(g) for g in guests)
    return {
        "n_pre": len(guests),
        "pre_on_time": _share(len(ok), len(guests)),
        "pre_late": _share(late, len(guests)),
        "pre_refused": _share(sum(g.refused_at is not None for g in guests), len(guests)),
        "pre_wait_mean": _mean([wait_of(g) for g in ok]),
    }


def _recovery(guests: list[Guest]) -> Scores:
    served = [g for g in guests if g.place is Place.DONE]
    waits = [wait_of(g) for g in served]
    return {
        "n_post": len(guests),
        "post_served": _share(len(served), len(guests)),
        "post_in20": _share(sum(w <= 20 for w in waits), len(guests)),
        "post_refused": _share(sum(g.refused_at is not None for g in guests), len(guests)),
        "post_wait_mean": _mean(waits),
        "post_wait_p90": float(np.percentile(waits, 90)) if waits else nan,
        "overtakes_post": _overtakes(served),
    }


def _overtakes(served: list[Guest]) -> float:
    """How many later-ready runners started before one, two minutes' tolerance."""
    if len(served) < 2:
        return 0.0
    ready = np.array([g.ready for g in served])
    start = np.array([g.started for g in served])
    later = ready[None, :] > ready[:, None] + 120
    sooner = start[None, :] < start[:, None] - 60
    met = start[None, :] > ready[:, None]
    return float((later & sooner & met).sum()) / len(served)


def wasted(guest: Guest, closes: int) -> float:
    """Minutes an unserved runner waited in vain."""
    end = guest.gone_at or guest.closed_at or closes
    end = min(end, guest.who.deadline or end)
    return max(0.0, _minutes(max(guest.who.joins, guest.ready), end))


def _losses(everyone: list[Guest], closes: int) -> Scores:
    number = max(1, len(everyone))
    failed = [g for g in everyone if not in_time(g) and g.refused_at is None]
    return {
        "walk_away": _share(sum(g.place is Place.GONE for g in everyone), len(everyone)),
        "wasted_wait": sum(wasted(g, closes) for g in failed) / number,
        "cost": sum(_cost(g, closes) for g in everyone) / number,
    }


def _cost(guest: Guest, closes: int) -> float:
    if in_time(guest):
        weight = 0.1 if guest.service == "pre" else 1.0
        return weight * wait_of(guest) + 0.25 * _minutes(guest.first_here, guest.started)
    return UNSERVED if guest.refused_at is not None else UNSERVED + wasted(guest, closes)


def _promises(everyone: list[Guest]) -> Scores:
    promised = [g for g in everyone if g.promised]
    broken = [g for g in promised if _broken(g)]
    warmups = [g for g in promised if g.service == "pre"]
    broken_warmups = sum(g.service == "pre" for g in broken)
    return {
        "promises": _share(len(promised), len(everyone)),
        "broken": _share(len(broken), len(promised)) if promised else 0.0,
        "broken_pre": _share(broken_warmups, len(warmups)) if warmups else 0.0,
    }


def _broken(guest: Guest) -> bool:
    """Not kept, unless they left of their own accord before it was due."""
    if guest.who.deadline is not None:
        kept, limit = in_time(guest), guest.who.deadline - 300.0
    else:
        limit = (guest.told[2] if guest.told else guest.ready) + 300
        kept = guest.place is Place.DONE and (guest.started or 0) <= limit
    return not kept and not (guest.gone_at is not None and guest.gone_at < limit)


def _tables(world: World) -> Scores:
    duty = sum(
        _minutes(start, world.closes if end is None else end)
        for hand in world.hands.values()
        for start, end in hand.duty
    )
    busy = sum(hand.busy for hand in world.hands.values()) / 60
    idle = idle_while_waiting(world)
    return {
        "util": 100 * busy / duty if duty else nan,
        "idle_wait": 100 * idle / duty if duty else nan,
    }


def _estimates(everyone: list[Guest]) -> Scores:
    """Only those who could have heard the first call: others are late by their own doing."""
    heard = [g for g in everyone if g.started is not None and g.who.answers[0] is not None]
    joining = [(*g.told, g.started) for g in heard if g.told is not None]
    waiting = [(*told, g.started) for g in heard for told, calls in g.polls if calls == 0]
    chances = [
        (g.chance, in_time(g)) for g in everyone if g.chance is not None and g.service == "pre"
    ]
    found = {f"eta_join.{name}": value for name, value in _ranges(joining).items()}
    found |= {f"eta_wait.{name}": value for name, value in _ranges(waiting).items()}
    found["brier_pre"] = _mean([(chance - came) ** 2 for chance, came in chances])
    return found


def _ranges(rows: Iterable[tuple[float | int | None, ...]]) -> Scores:
    table = np.array(list(rows), float) / 60
    if not len(table):
        return dict.fromkeys(("mae", "bias", "cover80", "width"), nan)
    early, likely, late, actual = table.T
    return {
        "mae": float(np.abs(actual - likely).mean()),
        "bias": float((actual - likely).mean()),
        "cover80": float(100 * ((actual >= early) & (actual <= late)).mean()),
        "width": float((late - early).mean()),
    }


def table_of(columns: dict[str, Scores]) -> str:
    """The figures as a table for a terminal, one column of scores a heading."""
    heads = [f"{name:>12}" for name in columns]
    lines = [f"{'':42}" + "".join(heads)]
    for key, says, unit, decimals in SHOWN:
        cells = [_cell(scores.get(key), decimals) for scores in columns.values()]
        lines.append(f"{says:36} {unit:>4} " + "".join(cells))
    return "\n".join(lines)


def _cell(value: float | None, decimals: int) -> str:
    said = "-" if value is None or isnan(value) else f"{value:.{decimals}f}"
    return f"{said:>12}"
