"""The race bib on paper: a card with four punched corners, a band above, something huge on it."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.paper.looks import HAIR, INK, PAPER, lane_colour
from tentqueue.paper.sheet import Box, Sheets, Type

LANES = {"warmup": "Warm-up", "recovery": "Recovery", "nextday": "Next day"}
"""What the lanes are called on paper."""
_A7 = Box(0, 0, 105, 74.25)
"""An eighth of an A4 sheet: three cuts, nothing wasted."""
_CARD_EDGE = 4.5


@dataclass(frozen=True)
class Band:
    """The band of a bib: words at the left or alone, and what is beside them."""

    words: str
    beside: str = ""
    lane: str | None = None


def card(sheets: Sheets, box: Box, band: Band, height: float) -> Box:
    """Draw an empty bib with a band of `height`; returns the area below the band."""
    rim = max(0.35, box.w * 0.006)
    corner = box.w * 0.03
    ground = lane_colour(band.lane) if band.lane else INK
    ink = INK if band.lane else PAPER
    sheets.fill(Box(box.x, box.y, box.w, height), ground, corner)
    sheets.fill(Box(box.x, box.y + height / 2, box.w, height / 2), ground)
    sheets.frame(box, INK, rim, corner)
    _words(sheets, Box(box.x, box.y, box.w, height), band, ink)
    hole = min(box.w * 0.017, height * 0.17)
    edge = min(box.w * 0.045, height * 0.5)
    for x in (box.x + edge, box.right - edge):
        for y in (box.y + edge, box.bottom - edge):
            sheets.hole((x, y), hole, rim)
    return Box(box.x, box.y + height, box.w, box.h - height)


def _words(sheets: Sheets, box: Box, band: Band, ink: str) -> None:
    side = min(box.w * 0.045, box.h * 0.5) * 2
    room = Box(box.x + side, box.y, box.w - 2 * side, box.h)
    kind = Type("bib-600", box.h * 0.56, ink)
    if not band.beside:
        sheets.centred(band.words, room, kind)
        return
    size = box.h * 0.52
    if band.lane:
        sheets.mark(band.lane, Box(room.x, box.y + (box.h - size) / 2, size, size), ink)
        room = Box(room.x + size * 1.3, room.y, room.w - size * 1.3, room.h)
    baseline = kind.baseline_in(box)
    sheets.say(band.words, (room.x, baseline), kind)
    left = room.w - sheets.width(band.words, kind) - size / 2
    small = sheets.fitting(band.beside, kind.of_size(kind.size * 0.72), left)
    sheets.say(band.beside, (room.right, baseline), small, "R")


def eighths(sheets: Sheets, count: int) -> list[tuple[int, Box]]:
    """Say which place on its sheet each of `count` small cards has; eight a sheet."""
    return [
        (n % 8, Box(n % 2 * _A7.w, n % 8 // 2 * _A7.h, _A7.w, _A7.h).inside(_CARD_EDGE))
        for n in range(count)
    ]


def cuts(sheets: Sheets, whole: Box) -> None:
    """Draw where to cut a sheet of eight."""
    for row in (1, 2, 3):
        sheets.line((0, row * _A7.h), (whole.w, row * _A7.h), HAIR, 0.2, dash=2)
    sheets.line((_A7.w, 0), (_A7.w, whole.h), HAIR, 0.2, dash=2)
