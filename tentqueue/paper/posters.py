"""The join poster and the tables' numbers: read from afar, in rain, by people who run."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.paper.bib import LANES, Band, card
from tentqueue.paper.looks import INK, SOFT, lane_colour
from tentqueue.paper.sheet import A4, Box, Sheets, Type

LANE_WORDS = {"warmup": "Warm-up before", "recovery": "Recovery after", "nextday": "Next day"}


@dataclass(frozen=True)
class Poster:
    """What a poster says: the event, where its code leads, and the same address to type."""

    event: str
    link: str
    address: str
    lanes: tuple[str, ...]


def poster(sheets: Sheets, said: Poster, size: tuple[float, float]) -> None:
    """Draw a join poster that fills a sheet of `size`."""
    whole = sheets.new(size)
    unit = size[0] / 210  # Everything grows with the sheet: A3 is A4 seen from nearer.
    box = whole.inside(11 * unit)
    below = card(sheets, box, Band(said.event), 24 * unit)
    room = Box(below.x + 14 * unit, below.y, below.w - 28 * unit, below.h)
    title = sheets.fitting("Massage tent", Type("bib-800", 44 * unit), room.w)
    sheets.say("Massage tent", (room.middle, room.y + 39 * unit), title, "C")
    side = 148 * unit
    code = Box(room.middle - side / 2, room.y + 58 * unit, side, side)
    sheets.code(said.link, code)
    # After the code: its quiet zone reaches up to the chips.
    _lanes(sheets, said.lanes, Box(room.x, room.y + 49 * unit, room.w, 11 * unit))
    sheets.link(code, said.link)
    how = Type("bib-600", 11 * unit)
    sheets.say(
        "Scan to join the line. No app, no account.",
        (room.middle, code.bottom + 0.5 * unit),
        how,
        "C",
    )
    _address(sheets, said.address, Box(room.x, code.bottom + 5 * unit, room.w, 20 * unit))
    last = Type("words-400", 6.4 * unit, SOFT)
    sheets.say(
        "No phone? Come to the desk with your bib.",
        (room.middle, below.bottom - 7.5 * unit),
        last,
        "C",
    )


def _lanes(sheets: Sheets, lanes: tuple[str, ...], box: Box) -> None:
    """A row of chips, in the lanes' colours and marks."""
    kind = Type("bib-600", box.h * 0.62)
    gap, pad, mark = box.h * 0.32, box.h * 0.38, box.h * 0.58
    wide = [sheets.width(LANE_WORDS[lane], kind) + mark * 1.35 + 2 * pad for lane in lanes]
    x = box.middle - (sum(wide) + gap * (len(lanes) - 1)) / 2
    for lane, width in zip(lanes, wide, strict=True):
        sheets.fill(Box(x, box.y, width, box.h), lane_colour(lane), box.h * 0.2)
        sheets.mark(lane, Box(x + pad, box.y + (box.h - mark) / 2, mark, mark), INK)
        sheets.say(LANE_WORDS[lane], (x + pad + mark * 1.35, kind.baseline_in(box)), kind)
        x += width + gap


def _address(sheets: Sheets, address: str, box: Box) -> None:
    """The address, on two lines where one would be too small to read from some steps away."""
    kind = Type("bib-800", box.h * 0.72)
    if sheets.width(address, kind) <= box.w * 1.3:
        sheets.centred(address, box, kind)
        return
    host, slash, path = address.partition("/")
    half = Box(box.x, box.y, box.w, box.h / 2)
    small = kind.of_size(box.h * 0.52)
    sheets.centred(host, half, small)
    sheets.centred(slash + path, Box(half.x, half.bottom, half.w, half.h), small)


def table_number(sheets: Sheets, event: str, table: int, lanes: tuple[str, ...]) -> None:
    """Draw a table's number on a sheet laid across."""
    whole = sheets.new((A4[1], A4[0]))
    below = card(sheets, whole.inside(10), Band("Table", event), 30)
    kind = sheets.fitting(str(table), Type("bib-800", 190), below.w * 0.8)
    baseline = kind.baseline_in(below) - (6 if lanes else 0)
    sheets.say(str(table), (below.middle, baseline), kind, "C")
    if lanes:
        words = " · ".join(LANES[lane] for lane in lanes)
        sheets.say(words, (below.middle, below.bottom - 6), Type("bib-600", 9), "C")
