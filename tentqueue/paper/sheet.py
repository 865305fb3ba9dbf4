"""A sheet of paper to draw on, in millimetres from its top left corner. Knows no tent.

The drawing library is loaded with the first sheet: it takes a quarter of a server's start, and a
server that was killed must call runners again before it prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tentqueue.paper.looks import FACES, INK, PAPER, face, mark
from tentqueue.paper.qr import qr_of

A4 = (210.0, 297.0)
A3 = (297.0, 420.0)
_POINTS = 72 / 25.4
_CAPITALS = 0.7
"""Height of a capital in both faces, as a share of the size."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> float:
        """Half-way across."""
        return self.x + self.w / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    def inside(self, by: float) -> Box:
        """The same, smaller by `by` on each side."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)


@dataclass(frozen=True)
class Type:
    """How words look: a face of `looks.FACES`, a size in millimetres, a colour."""

    face: str
    size: float
    colour: str = INK

    def baseline_in(self, box: Box) -> float:
        """Where to write, so that its capitals stand half-way up the box."""
        return box.y + (box.h + _CAPITALS * self.size) / 2

    def of_size(self, size: float) -> Type:
        """The same in another size."""
        return Type(self.face, size, self.colour)


class Sheets:
    """Sheets of one document, drawn one after the other."""

    def __init__(self, title: str) -> None:
        from fpdf import FPDF

        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_title(title)
        self._pdf.set_creator("tentqueue")
        self._pdf.set_lang("en")
        for name in FACES:
            self._pdf.add_font(name, fname=face(name))
            self._pdf.add_font(f"{name}-ext", fname=face(f"{name}-ext"))

    def new(self, size: tuple[float, float]) -> Box:
        """Begin a sheet; returns its whole area."""
        self._pdf.add_page(format=size)
        return Box(0, 0, *size)

    def bytes(self) -> bytes:
        """The document."""
        return bytes(self._pdf.output())

    def width(self, words: str, kind: Type) -> float:
        """How wide words come out."""
        self._take(kind)
        return float(self._pdf.get_string_width(words))

    def fitting(self, words: str, kind: Type, room: float) -> Type:
        """The same type, made smaller if `words` would not fit in `room`."""
        wide = self.width(words, kind)
        return kind if wide <= room else kind.of_size(kind.size * room / wide)

    def say(self, words: str, at: tuple[float, float], kind: Type, align: str = "L") -> None:
        """Write words on a baseline: from `at`, around it (C) or up to it (R)."""
        self._take(kind)
        x, baseline = at
        wide = self.width(words, kind)
        left = x - {"L": 0.0, "C": wide / 2, "R": wide}[align]
        # A cell sets its baseline at half its height plus 0.3 of the size.
        self._pdf.set_xy(left, baseline - 0.8 * kind.size)
        self._pdf.cell(wide + 1, kind.size, words)

    def centred(self, words: str, box: Box, kind: Type) -> None:
        """Write words in the middle of `box`, as large as `kind` and the box allow."""
        kind = self.fitting(words, kind, box.w)
        self.say(words, (box.middle, kind.baseline_in(box)), kind, "C")

    def paragraph(self, words: str, box: Box, kind: Type, align: str = "L") -> float:
        """Write lines that break at the box's width; returns where they end."""
        self._take(kind)
        self._pdf.set_xy(box.x, box.y)
        self._pdf.multi_cell(box.w, kind.size * 1.28, words, align=align)
        return float(self._pdf.get_y())

    def fill(self, box: Box, colour: str, corner: float = 0) -> None:
        """A filled rectangle."""
        self._pdf.set_fill_color(colour)
        rounded = {"round_corners": True, "corner_radius": corner} if corner else {}
        self._pdf.rect(box.x, box.y, box.w, box.h, style="F", **rounded)  # type: ignore[arg-type]

    def frame(self, box: Box, colour: str, thick: float, corner: float = 0) -> None:
        """An outlined rectangle, `thick` millimetres."""
        self._pdf.set_draw_color(colour)
        self._pdf.set_line_width(thick)
        rounded = {"round_corners": True, "corner_radius": corner} if corner else {}
        self._pdf.rect(box.x, box.y, box.w, box.h, style="D", **rounded)  # type: ignore[arg-type]

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, thick: float,
             dash: float = 0) -> None:  # fmt: skip
        """A straight line; `dash` millimetres on and off."""
        self._pdf.set_draw_color(colour)
        self._pdf.set_line_width(thick)
        with self._dashed(dash):
            self._pdf.line(*start, *end)

    def hole(self, at: tuple[float, float], radius: float, rim: float) -> None:
        """A punched hole with a rim."""
        self._pdf.set_draw_color(INK)
        self._pdf.set_fill_color(PAPER)
        self._pdf.set_line_width(rim)
        self._pdf.circle(*at, radius, style="DF")

    def shape(self, points: list[tuple[float, float]], colour: str, thick: float) -> None:
        """A line through points."""
        self._pdf.set_draw_color(colour)
        self._pdf.set_line_width(thick)
        self._pdf.polyline(points)

    def mark(self, name: str, box: Box, colour: str) -> None:
        """One of the screens' marks, as wide as the box."""
        from fpdf.drawing_primitives import Transform, color_from_hex_string
        from fpdf.enums import PathPaintRule
        from fpdf.svg import svg_path_converter

        size = Transform.scaling(box.w / 24).translate(box.x, box.y)
        with self._pdf.new_path(paint_rule=PathPaintRule.FILL_EVENODD) as path:
            path.style.fill_color = color_from_hex_string(colour)
            path.style.stroke_color = None
            path.transform = size
            svg_path_converter(path, mark(name))

    def code(self, link: str, box: Box) -> None:
        """A QR code as one path, so that no seam shows between its modules."""
        from fpdf.drawing_primitives import color_from_hex_string
        from fpdf.enums import PathPaintRule

        code = qr_of(link)
        module = box.w / code.side
        self.fill(box, PAPER)
        with self._pdf.new_path(paint_rule=PathPaintRule.FILL_NONZERO) as path:
            path.style.fill_color = color_from_hex_string(INK)
            path.style.stroke_color = None
            for row, start, length in code.stretches:
                x, y = box.x + start * module, box.y + row * module
                path.rectangle(x, y, length * module, module)

    def link(self, box: Box, address: str) -> None:
        """Make an area lead to `address` on a screen."""
        self._pdf.link(box.x, box.y, box.w, box.h, link=address)

    def _take(self, kind: Type) -> None:
        self._pdf.set_font(kind.face, size=kind.size * _POINTS)
        self._pdf.set_fallback_fonts([f"{kind.face}-ext"])
        self._pdf.set_text_color(kind.colour)

    @contextmanager
    def _dashed(self, dash: float) -> Iterator[None]:
        if dash:
            self._pdf.set_dash_pattern(dash=dash, gap=dash)
        yield
        self._pdf.set_dash_pattern()
