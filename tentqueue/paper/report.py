"""The event report on A4: five numbers, the pictures, the tables. Draws what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tentqueue.paper.looks import HAIR, INK, PAPER, SOFT, lane_colour
from tentqueue.paper.sheet import A4, Box, Sheets, Type
from tentqueue.services.report.charts import WIDTH, Chart, Stroke
from tentqueue.services.report.headline import Figure
from tentqueue.services.report.tables import Table

_MARGIN = 15.0
_PALE = "#c4c4c4"
_ALARM = "#7d0f00"
_HEAD = Type("words-600", 2.9)
_CELL = Type("words-400", 3.3)
_TITLE = Type("bib-600", 5)
_LEGEND = Type("words-400", 3.1)
_ROW, _NOTE = 5.4, 9.0
_FIRST = 40.0
_TONES = {"ink": INK, "soft": SOFT, "pale": _PALE, "grid": "#dddddd", "line": _ALARM}


@dataclass(frozen=True)
class Told:
    """What the report says, in the order it says it, all of it in one language.

    `span` is from when to when, `privacy` what the report leaves out.
    """

    event: str
    title: str
    span: str
    privacy: str
    figures: Sequence[Figure]
    charts: Sequence[Chart]
    tables: Sequence[Table]


def report(told: Told) -> bytes:
    """Draw the report as PDF."""
    page = _Pages(told)
    page.head()
    page.figures()
    for chart in told.charts:
        page.chart(chart)
    for table in told.tables:
        page.table(table)
    return page.sheets.bytes()


@dataclass(frozen=True)
class _Frame:
    """Where a picture stands on its sheet, and millimetres for each of its units."""

    x: float
    y: float
    across: float
    down: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture on the sheet."""
        return self.x + x * self.across, self.y + y * self.down


class _Pages:
    """Sheets that fill from the top; what does not fit begins the next."""

    def __init__(self, told: Told) -> None:
        self.sheets, self.told = Sheets(f"{told.event}: {told.title}"), told
        self.number = 0
        self._turn()

    def _turn(self) -> None:
        whole = self.sheets.new(A4)
        self.number += 1
        self.area = whole.inside(_MARGIN)
        self.y = self.area.y
        foot = Type("words-400", 3, SOFT)
        self.sheets.say(self.told.event, (self.area.x, whole.bottom - 8), foot)
        self.sheets.say(str(self.number), (self.area.right, whole.bottom - 8), foot, "R")

    def _need(self, height: float) -> None:
        if self.y + height > self.area.bottom:
            self._turn()

    def head(self) -> None:
        """The event, what this is, and from when to when."""
        x = self.area.x
        event = self.sheets.fitting(self.told.event, Type("bib-600", 7), self.area.w)
        self.sheets.say(self.told.event, (x, self.y + 6), event)
        self.sheets.say(self.told.title, (x, self.y + 18), Type("bib-800", 14))
        words = f"{self.told.span}. {self.told.privacy}"
        self.sheets.say(words, (x, self.y + 24.5), Type("words-400", 3.7, SOFT))
        self.sheets.fill(Box(x, self.y + 28, self.area.w, 1.4), INK)
        self.y += 34

    def figures(self) -> None:
        """The five numbers, each on a card."""
        gap, count = 3.0, max(1, len(self.told.figures))
        wide = (self.area.w - gap * (count - 1)) / count
        for n, figure in enumerate(self.told.figures):
            box = Box(self.area.x + n * (wide + gap), self.y, wide, 25)
            self.sheets.frame(box, INK, 0.4, 2)
            value = self.sheets.fitting(str(figure.value), Type("bib-800", 13), wide - 6)
            self.sheets.say(str(figure.value), (box.x + 3, box.y + 12.5), value)
            words = Box(box.x + 3, box.y + 15, wide - 5, 8)
            self.sheets.paragraph(figure.words, words, Type("words-600", 3))
        self.y += 31

    def chart(self, chart: Chart) -> None:
        """One picture with its title and what its colours mean."""
        across = self.area.w / WIDTH
        down = across * (0.84 if chart.height > 150 else 1)
        below = self._legend_goes_below(chart)
        self._need(10 + chart.height * down + below)
        self.sheets.say(chart.title, (self.area.x, self.y + 4.5), _TITLE)
        self.y += below
        self._legend(chart)
        frame = _Frame(self.area.x, self.y + 7.5, across, down)
        self._picture(chart, frame)
        self.y = frame.y + chart.height * down + 4

    def _picture(self, chart: Chart, frame: _Frame) -> None:
        """The grid behind, then bars, lines and words."""
        for stroke in chart.strokes:
            if stroke.kind == "grid":
                self._stroke(stroke, frame, 0.2)
        for bar in chart.bars:
            box = Box(*frame.at(bar.x, bar.y), bar.w * frame.across, bar.h * frame.down)
            self.sheets.fill(box, _tone(bar.kind))
        for stroke in chart.strokes:
            if stroke.kind != "grid":
                self._stroke(stroke, frame, 0.5)
        for label in chart.labels:
            weight = "words-400" if label.kind == "soft" else "words-600"
            align = {"start": "L", "middle": "C", "end": "R"}[label.align]
            kind = Type(weight, 2.9, _tone(label.kind))
            self.sheets.say(str(label.words), frame.at(label.x, label.y), kind, align)

    def _stroke(self, stroke: Stroke, frame: _Frame, thick: float) -> None:
        placed = [frame.at(x, y) for x, y in stroke.points]
        self.sheets.shape(placed, _tone(stroke.kind), thick)

    def _legend_goes_below(self, chart: Chart) -> float:
        """How far the legend moves down where it does not fit beside the title."""
        keys = sum(self.sheets.width(words, _LEGEND) + 8.1 for _, words in chart.legend)
        fits = self.sheets.width(chart.title, _TITLE) + keys <= self.area.w
        return 0.0 if fits else 5.2

    def _legend(self, chart: Chart) -> None:
        x = self.area.right
        for tone, words in reversed(chart.legend):
            x -= self.sheets.width(words, _LEGEND)
            self.sheets.say(words, (x, self.y + 4.3), _LEGEND)
            x -= 3.6
            self.sheets.fill(Box(x, self.y + 1.9, 2.5, 2.5), _tone(tone))
            x -= 4.5

    def table(self, table: Table) -> None:
        """A table with its heads, and below it how to read it; a long one goes on overleaf."""
        columns = self._columns(table)
        heads = [
            self._wrapped(head, width - 2) for head, width in zip(table.heads, columns, strict=True)
        ]
        deep = 3.7 * max(len(lines) for lines in heads) + 2
        self._need(12 + deep + _ROW * min(len(table.rows), 6) + 6)
        self.sheets.say(table.title, (self.area.x, self.y + 6), Type("bib-600", 5.4))
        self.y += 9
        self._heads(heads, columns, deep)
        for row in table.rows:
            if self.y + _ROW > self.area.bottom:
                self._turn()
                self._heads(heads, columns, deep)
            self._row([str(cell) for cell in row], columns)
        self._need(_NOTE)
        note = Box(self.area.x, self.y + 1.2, self.area.w, 0)
        self.y = self.sheets.paragraph(table.note, note, Type("words-400", 3, SOFT)) + 5

    def _columns(self, table: Table) -> list[float]:
        """The first as wide as its words, the others even but never wider than a figure needs."""
        words = [str(row[0]) for row in table.rows]
        first = min(70.0, max(_FIRST, *(self.sheets.width(w, _CELL) + 4 for w in words)))
        others = len(table.heads) - 1
        each = min(34.0, (self.area.w - first) / max(1, others))
        return [first] + [each] * others

    def _heads(self, heads: Sequence[list[str]], columns: Sequence[float], deep: float) -> None:
        right = self.area.x
        for n, (lines, width) in enumerate(zip(heads, columns, strict=True)):
            right += width
            for up, line in enumerate(reversed(lines)):
                x = self.area.x if n == 0 else right
                at = (x, self.y + deep - 2 - 3.7 * up)
                self.sheets.say(line, at, _HEAD, "L" if n == 0 else "R")
        self.y += deep
        self.sheets.line((self.area.x, self.y - 0.6), (right, self.y - 0.6), INK, 0.4)

    def _row(self, cells: Sequence[str], columns: Sequence[float]) -> None:
        right = self.area.x
        for n, (cell, width) in enumerate(zip(cells, columns, strict=True)):
            right += width
            kind = self.sheets.fitting(cell, _CELL, width - 1.5)
            x = self.area.x if n == 0 else right
            self.sheets.say(cell, (x, self.y + 3.5), kind, "L" if n == 0 else "R")
        self.y += _ROW
        self.sheets.line((self.area.x, self.y - 0.8), (right, self.y - 0.8), HAIR, 0.15)

    def _wrapped(self, words: str, width: float) -> list[str]:
        lines = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.sheets.width(longer, _HEAD) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def _tone(kind: str) -> str:
    if kind == "paper":
        return PAPER
    if kind == "lane":
        return lane_colour("recovery")
    return _TONES.get(kind) or lane_colour(kind)
