"""The report's pictures as bars, lines and words in a box, drawn alike on a screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from tentqueue.domain.model import LaneName
from tentqueue.domain.said import Said
from tentqueue.services.report.day import DayReport
from tentqueue.services.report.tables import LANES, Cell, hour_name
from tentqueue.services.report.tally import Promises

WIDTH, HEIGHT = 720.0, 210.0
_LEFT, _TOP, _BOTTOM = 40.0, 8.0, 186.0
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True)
class Bar:
    """A rectangle; `kind` is a lane or a tone: ink, soft, pale."""

    x: float
    y: float
    w: float
    h: float
    kind: str


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    kind: str


@dataclass(frozen=True)
class Label:
    """Words at a baseline; `align` as in SVG: start, middle, end."""

    x: float
    y: float
    words: Cell
    align: str = "middle"
    kind: str = "soft"


@dataclass(frozen=True)
class Chart:
    """One picture, WIDTH by HEIGHT, with what its colours mean."""

    name: str
    title: str
    legend: tuple[tuple[str, str], ...]
    bars: list[Bar] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    height: float = HEIGHT


@dataclass(frozen=True)
class _Scale:
    """Hours across, a quantity up."""

    hours: int
    top: float

    @property
    def step(self) -> float:
        return (WIDTH - _LEFT) / max(1, self.hours)

    def x(self, hour: float) -> float:
        return _LEFT + hour * self.step

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * min(value, self.top) / self.top


def charts(report: DayReport) -> list[Chart]:
    """The pictures of a day on which anything happened."""
    if not report.hours:
        return []
    promised = [p for p in report.promises.values() if p.count]
    return [_treated(report), _therapists(report), _waits(report)] + (
        [_promised(report)] if promised else []
    )


def _treated(report: DayReport) -> Chart:
    lanes = [lane for lane in report.ends if report.ends[lane].treated]
    legend = tuple((lane.value, LANES[lane]) for lane in lanes)
    most = max(sum(hour.treated.values()) for hour in report.hours)
    chart = Chart("treated", Said("Treatments begun, by hour"), legend)
    scale = _frame(chart, report, most)
    for n, hour in enumerate(report.hours):
        base = 0
        for lane in lanes:
            count = hour.treated.get(lane, 0)
            _stack(chart, scale, n, (base, base + count), lane.value)
            base += count
        if base:
            chart.labels.append(Label(scale.x(n + 0.5), scale.y(base) - 4, base, kind="ink"))
    return chart


def _stack(chart: Chart, scale: _Scale, n: int, span: tuple[float, float], kind: str) -> None:
    low, high = span
    if high > low:
        pad = scale.step * 0.14
        y = scale.y(high)
        chart.bars.append(Bar(scale.x(n) + pad, y, scale.step - 2 * pad, scale.y(low) - y, kind))


def _therapists(report: DayReport) -> Chart:
    legend = (
        ("ink", Said("hands on, and its share")),
        ("pale", Said("on duty")),
        ("line", Said("rostered, breaks included")),
    )
    most = max(max(hour.heads, hour.planned_heads) for hour in report.hours)
    chart = Chart("therapists", Said("Therapists at once, by hour"), legend)
    scale = _frame(chart, report, most)
    points: list[tuple[float, float]] = []
    for n, hour in enumerate(report.hours):
        busy = hour.hands_on / 60
        _stack(chart, scale, n, (0, busy), "ink")
        _stack(chart, scale, n, (busy, hour.heads), "pale")
        points += [(scale.x(n), scale.y(hour.planned_heads))]
        points += [(scale.x(n + 1), scale.y(hour.planned_heads))]
        # In the bar, not above it: there the roster's line runs.
        if hour.used and scale.y(0) - scale.y(busy) > 18:
            words = f"{100 * hour.used:.0f} %"
            chart.labels.append(Label(scale.x(n + 0.5), scale.y(0) - 6, words, kind="paper"))
    chart.strokes.append(Stroke(tuple(points), "line"))
    return chart


def _waits(report: DayReport) -> Chart:
    legend = (("ink", Said("half waited under")), ("pale", Said("9 of 10 waited under")))
    most = max((hour.p90 or 0.0) for hour in report.hours)
    chart = Chart("waits", Said("Minutes of waiting, by the hour of being ready"), legend)
    scale = _frame(chart, report, most)
    for n, hour in enumerate(report.hours):
        if hour.p50 is None or hour.p90 is None:
            continue
        _stack(chart, scale, n, (0, hour.p50), "ink")
        _stack(chart, scale, n, (hour.p50, hour.p90), "pale")
        at = (scale.x(n + 0.5), scale.y(hour.p90) - 4)
        chart.labels.append(Label(*at, round(hour.p90), kind="ink"))
    return chart


def _promised(report: DayReport) -> Chart:
    """A row a lane: earlier than told, in the range, later."""
    legend = (
        ("pale", Said("earlier")),
        ("lane", Said("in the range told")),
        ("ink", Said("later")),
    )
    told = {lane: p for lane, p in report.promises.items() if p.count}
    chart = Chart("promises", Said("Promised against actual"), legend, height=44.0 * len(told) + 6)
    for row, (lane, promise) in enumerate(told.items()):
        _kept(chart, lane, promise, 44.0 * row + 6)
    return chart


def _kept(chart: Chart, lane: LaneName, promise: Promises, y: float) -> None:
    left, width = 110.0, WIDTH - 110.0
    chart.labels.append(Label(0, y + 21, LANES[lane], "start", "ink"))
    x = left
    parts = (promise.early, "pale"), (promise.held, lane.value), (promise.late, "ink")
    for count, kind in parts:
        wide = width * count / promise.count
        if count:
            chart.bars.append(Bar(x, y, wide, 32, kind))
        if wide > 40:
            words = f"{100 * count / promise.count:.0f} %"
            on = "paper" if kind == "ink" else "ink"
            chart.labels.append(Label(x + wide / 2, y + 21, words, kind=on))
        x += wide


def _frame(chart: Chart, report: DayReport, most: float) -> _Scale:
    """Grid and hours; the top leaves room for the figure on the highest bar."""
    step = next((s for s in _STEPS if most * 1.12 / s <= 5), 1000)
    scale = _Scale(len(report.hours), step * max(1, ceil(most * 1.12 / step)))
    for value in _marks(scale.top, step):
        y = scale.y(value)
        chart.strokes.append(Stroke(((_LEFT, y), (WIDTH, y)), "grid"))
        chart.labels.append(Label(_LEFT - 8, y + 4, value, "end"))
    every = max(1, ceil(len(report.hours) / 14))
    for n, hour in enumerate(report.hours):
        if n % every == 0:
            chart.labels.append(Label(scale.x(n), _BOTTOM + 18, hour_name(report, hour), "start"))
    return scale


def _marks(top: float, step: float) -> Sequence[float]:
    return [n * step for n in range(int(top / step) + 1)]
