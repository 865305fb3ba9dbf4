"""The plan as a picture: therapists, waits and work by half-hour, as SVG or through matplotlib.

Three options stand side by side: fewer therapists, the plan, more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, isnan, nan

from tentqueue.simulation.shifts import HALF_HOURS
from tentqueue.simulation.staffing import Option, Staffing, finite, percentile

SHOWN = (0.85, 1.0, 1.15)
COLOURS = {0.85: "#b3541e", 1.0: "#0b5563", 1.15: "#5b7f2b"}
DASHES = {0.85: "7 4", 1.0: "", 1.15: "2 4"}
LONGEST = 60.0
"""Waits are drawn up to an hour."""
_LEFT, _WIDTH, _HEIGHT, _GAP = 62, 780, 170, 66


@dataclass(frozen=True)
class Panel:
    """One of the three pictures: a line an option, over half-hours; nan leaves a gap."""

    title: str
    unit: str
    top: float
    lines: dict[float, list[float]]
    steps: bool = False
    goal: float | None = None


def hours_shown(staffing: Staffing) -> range:
    """The half-hours in which anybody is on duty."""
    busy = [n for n, heads in enumerate(staffing.options[-1].need) if heads]
    return range(min(busy, default=0), max(busy, default=0) + 1)


def panels(staffing: Staffing) -> list[Panel]:
    """What is drawn."""
    shown = _shown(staffing)
    hours = hours_shown(staffing)
    heads = {o.factor: [float(o.need[n]) for n in hours] for o in shown}
    waits = {o.factor: _waits(o, hours) for o in shown}
    busy = {o.factor: _busy(o, hours) for o in shown}
    most = max((max(each) for each in heads.values()), default=1.0)
    wait = f"Recovery: the wait that 9 of 10 stay under (goal {staffing.target.wait:g} min)"
    return [
        Panel("Therapists on duty", "", ceil(most / 4) * 4.0, heads, steps=True),
        Panel(wait, "min", LONGEST, waits, goal=staffing.target.wait),
        Panel("Hands-on share of the time on duty", "%", 100.0, busy),
    ]


def _shown(staffing: Staffing) -> list[Option]:
    return [option for option in staffing.options if option.factor in SHOWN]


def _waits(option: Option, hours: range) -> list[float]:
    """By half-hour of being ready; too few runners to tell leave a gap."""
    found: dict[int, list[float]] = {n: [] for n in range(HALF_HOURS)}
    for day in option.days:
        for half, wait in day.waits:
            found[half].append(wait)
    enough = len(option.days)
    return [
        min(LONGEST, percentile(found[n], 90)) if len(found[n]) >= enough else nan for n in hours
    ]


def _busy(option: Option, hours: range) -> list[float]:
    worked = [sum(day.worked[n] for day in option.days) for n in hours]
    duty = [sum(day.duty[n] for day in option.days) for n in hours]
    return [min(100.0, 100 * w / d) if d else nan for w, d in zip(worked, duty, strict=True)]


def clock(half_hour: int) -> str:
    """The time at which a half-hour begins."""
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"


def name_of(option: Option) -> str:
    """What an option is called."""
    change = round(100 * option.factor - 100)
    return "the plan" if not change else f"{change:+d} % therapists"


def svg(staffing: Staffing) -> str:
    """The chart as a picture that scales, with no script in it."""
    drawn, hours = panels(staffing), hours_shown(staffing)
    height = len(drawn) * (_HEIGHT + _GAP) + 30
    parts = [
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + 20} {height}" role="img" '
        'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{escape(staffing.plan.race.title)}: therapists and waits by half-hour</title>",
        _legend(staffing),
    ]
    for number, panel in enumerate(drawn):
        parts.append(_panel(panel, hours, 54 + number * (_HEIGHT + _GAP)))
    return "\n".join([*parts, "</svg>"])


def _legend(staffing: Staffing) -> str:
    parts = []
    for number, option in enumerate(_shown(staffing)):
        x = _LEFT + number * 190
        parts.append(f'<path d="M{x} 14h36" {_stroke(option.factor)}/>')
        parts.append(f'<text x="{x + 44}" y="19">{escape(name_of(option))}</text>')
    return "".join(parts)


def _stroke(factor: float) -> str:
    width = 4 if factor == 1.0 else 2.5
    dash = f' stroke-dasharray="{DASHES[factor]}"' if DASHES[factor] else ""
    return f'fill="none" stroke="{COLOURS[factor]}" stroke-width="{width}"{dash}'


def _panel(panel: Panel, hours: range, top: int) -> str:
    parts = [f'<text x="{_LEFT}" y="{top - 10}" font-weight="600">{escape(panel.title)}</text>']
    for quarter in range(5):
        y = top + _HEIGHT * quarter / 4
        value = panel.top * (1 - quarter / 4)
        parts.append(f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#ccd3d6"/>')
        label = f"{value:g} {panel.unit}".strip()
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{label}</text>')
    step = _WIDTH / max(1, len(hours))
    for number, half in enumerate(hours):
        if half % 2 == 0:
            x = _LEFT + number * step
            parts.append(f'<text x="{x:.1f}" y="{top + _HEIGHT + 18}">{clock(half)[:2]}</text>')
    if panel.goal is not None:
        y = top + _HEIGHT * (1 - panel.goal / panel.top)
        parts.append(f'<path d="M{_LEFT} {y:.1f}h{_WIDTH}" stroke="#222" stroke-dasharray="1 3"/>')
    for factor, values in panel.lines.items():
        parts.append(f'<path d="{_path(panel, values, top)}" {_stroke(factor)}/>')
    return "".join(parts)


def _path(panel: Panel, values: Sequence[float], top: int) -> str:
    """A line through the half-hours' middles, or steps as wide as they are; gaps where nan."""
    step, parts, on = _WIDTH / max(1, len(values)), [], False
    for number, value in enumerate(values):
        if isnan(finite(value)):
            on = False
            continue
        y = top + _HEIGHT * (1 - value / panel.top)
        x = _LEFT + number * step
        if panel.steps:
            parts.append(f"{'L' if on else 'M'}{x:.1f} {y:.1f}h{step:.1f}")
        else:
            parts.append(f"{'L' if on else 'M'}{x + step / 2:.1f} {y:.1f}")
        on = True
    return "".join(parts)


class NoMatplotlib(Exception):
    """A PNG needs matplotlib, which is not installed."""


def write_png(staffing: Staffing, path: str) -> None:
    """Draw the same through matplotlib. Raises: NoMatplotlib, OSError."""
    try:
        from matplotlib.figure import Figure
    except ImportError as missing:
        raise NoMatplotlib("a PNG needs matplotlib: pip install 'tentqueue[reports]'") from missing
    drawn, hours = panels(staffing), hours_shown(staffing)
    figure = Figure(figsize=(10, 3 * len(drawn)), layout="constrained")
    names = {option.factor: name_of(option) for option in staffing.options}
    for axes, panel in zip(figure.subplots(len(drawn), sharex=True), drawn, strict=True):
        for factor, values in panel.lines.items():
            style = "steps-mid" if panel.steps else "default"
            colour = COLOURS[factor]
            axes.plot(list(hours), values, drawstyle=style, color=colour, label=names[factor])
        if panel.goal is not None:
            axes.axhline(panel.goal, color="#222", linestyle=":")
        axes.set(title=panel.title, ylim=(0, panel.top), ylabel=panel.unit)
        axes.set_xticks([n for n in hours if n % 2 == 0])
        axes.set_xticklabels([clock(n) for n in hours if n % 2 == 0], rotation=45)
        axes.grid(alpha=0.3)
    figure.axes[0].legend()
    figure.savefig(path, format="png", dpi=110)
